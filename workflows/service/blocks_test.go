package service

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/workflows/api"
)

const day = 24 * time.Hour

func date(text string) api.Moment {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return api.Moment{Time: t}
}

func TestAnExpiredServiceIsReleasedAfterItsGrace(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalExpire, api.Event{EventID: "e1", Due: date("2025-12-31")})
	w.at(2*day, api.SignalExpire, api.Event{EventID: "e2", Due: date("2025-12-31")})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.WithinDuration(t, w.Now().Add(71*hour), *s.GraceEndsAt, time.Minute)
		require.Equal(t, api.OutcomeApplied, s.Events[0].Outcome)
	})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	w.requireOrder("Block", "Follow Suspended", "ConfirmExpiry", "CutOff", "ReturnToStock", "Follow Terminated")
	began := w.releaseBegan(end)
	require.WithinDuration(t, time.Date(2026, 1, 4, 13, 0, 0, 0, time.UTC), began, 2*time.Minute, "a repeated expire never moves the grace end")
}

// releaseBegan returns when the release began, by the timeline.
func (w *world) releaseBegan(s api.Status) time.Time {
	for _, entry := range s.Timeline {
		if entry.What == "release begins: expired and not renewed" {
			return entry.At
		}
	}
	w.t.Fatalf("no release in %v", s.Timeline)
	return time.Time{}
}

func TestARenewalInsideGraceUnblocks(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalExpire, api.Event{EventID: "e1", Due: date("2025-12-31")})
	w.at(2*day, api.SignalRenew, api.Event{EventID: "r1", ExpiresAt: date("2026-01-31")})
	w.look(10*day, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.GraceEndsAt)
		require.Empty(t, s.Blocks)
	})
	w.live(order(), 11*day)
	w.requireOrder("Block", "Unblock", "Follow Active")
	require.Zero(t, w.count("ConfirmExpiry"))
}

func TestARenewalInTheSameMomentAsTheGraceEndWins(t *testing.T) {
	w := newWorld(t)
	var end time.Time
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(day)})
	w.look(2*hour, func(s api.Status) {
		end = *s.GraceEndsAt
		w.at(end.Sub(w.Now()), api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	})
	w.look(3*day, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), 4*day)
	require.Equal(t, 1, w.count("CutOff"), "only the end of the test releases")
}

func TestWHMCSHasTheLastWordBeforeARelease(t *testing.T) {
	w := newWorld(t)
	w.expiry = billing.ExpiryView{Why: "WHMCS has a suspension override for the service"}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(5*day, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, api.CodeReleaseRefused, s.Attention.Code)
	})
	w.RegisterDelayedCallback(func() { w.expiry.Release = true }, 6*day)
	w.at(6*day+hour, api.SignalRetry, nil)
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 2, w.count("ConfirmExpiry"))
}

func TestAPaymentDoesNotLiftASuspension(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalSuspend, "abuse")
	w.at(2*hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.at(3*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Len(t, s.Blocks, 1)
		require.Equal(t, "abuse", s.Blocks[0].Reason)
		require.Nil(t, s.GraceEndsAt)
	})
	w.at(5*hour, api.SignalUnsuspend, nil)
	w.look(6*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), 7*hour)
	require.Equal(t, 1, w.count("Block"))
	require.Equal(t, 1, w.count("Unblock"))
}

func TestAReasonThatArrivesDuringTheBuildBlocksBeforeTheOwnerChanges(t *testing.T) {
	w := newWorld(t)
	w.at(time.Minute, api.SignalSuspend, "abuse")
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, api.OutcomeApplied, s.Events[0].Outcome)
	})
	w.live(order(), 2*hour)
	w.requireOrder("AwaitInstall", "Block", "HandOver", "Activate", "Follow Suspended")
}

func TestAHeldServiceIsNeitherBlockedNorReleased(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalHold, "VIP")
	w.at(2*hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(10*day, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "VIP", s.Held)
		require.Equal(t, api.CodeHeld, s.Attention.Code)
	})
	w.at(11*day, api.SignalUnhold, nil)
	w.look(12*day, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Nil(t, s.Attention)
		require.WithinDuration(t, w.Now().Add(2*day), *s.GraceEndsAt, hour, "a full grace period after the block")
	})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
}

func TestARenewalDuringTheReleaseRestores(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(edge.ErrPanelCredentials, "refused")
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	w.at(5*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.at(6*hour, api.SignalRetry, nil)
	w.look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "5", s.Server.ID)
	})
	w.RegisterDelayedCallback(func() { delete(w.fail, "PowerDown") }, 8*hour)
	w.live(order(), 9*hour)
	w.requireOrder("CutOff", "PowerDown", "Restore", "Follow Active")
}

func TestARestoredServerStaysBlockedForAnotherReason(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(edge.ErrPanelCredentials, "refused")
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	w.at(hour+time.Minute, api.SignalSuspend, "abuse")
	w.at(5*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Len(t, s.Blocks, 1)
	})
	w.RegisterDelayedCallback(func() { delete(w.fail, "PowerDown") }, 8*hour)
	w.live(order(), 9*hour)
	require.Equal(t, 1, w.count("Restore"))
	require.Zero(t, w.count("Unblock"))
}

func TestACancelRequestDoesNotStopARelease(t *testing.T) {
	w := newWorld(t)
	w.RegisterDelayedCallback(w.CancelWorkflow, hour)
	end := w.live(order(), 2*hour)
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Nil(t, end.Attention)
}

func TestARenewalAfterTheFirstDeletedAddressNeedsAPerson(t *testing.T) {
	w := newWorld(t)
	w.fail["ClearAddresses"] = final(edge.ErrPanelCredentials, "refused")
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	w.at(5*hour, api.SignalRenew, api.Event{EventID: "late", ExpiresAt: date("2026-01-31")})
	w.RegisterDelayedCallback(func() { delete(w.fail, "ClearAddresses") }, 6*hour)
	w.at(6*hour+time.Minute, api.SignalRetry, nil)
	w.look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseReleased, s.Phase)
		require.Equal(t, api.CodePaidAfterRelease, s.Attention.Code)
	})
	w.at(8*hour, api.SignalAccept, nil)
	end := w.run(order())
	require.Nil(t, end.Attention)
}

func TestAServerThatDoesNotPowerOffGoesToQuarantine(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(edge.ErrNotOff, "power error on server 5")
	w.at(hour, api.SignalTerminate, nil)
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.CodeQuarantined, s.Attention.Code) })
	w.at(3*hour, api.SignalTerminate, nil) // WHMCS's own call has seen nothing
	w.look(4*hour, func(s api.Status) { require.Equal(t, api.CodeQuarantined, s.Attention.Code) })
	w.at(5*hour, api.SignalAccept, nil)
	w.run(order())
	require.Equal(t, 1, w.count("Quarantine"))
	require.Zero(t, w.count("ClearAddresses"))
	require.Zero(t, w.count("ReturnToStock"))
}

func TestSignalsComeTwiceLateAndUndecodable(t *testing.T) {
	w := newWorld(t)
	w.at(hour, api.SignalSuspend, api.Event{EventID: "s1", Reason: "abuse", At: api.Moment{Time: time.Date(2026, 1, 1, 13, 0, 0, 0, time.UTC)}})
	w.at(hour+time.Minute, api.SignalSuspend, api.Event{EventID: "s1", Reason: "abuse"})
	w.at(hour+2*time.Minute, api.SignalUnsuspend, api.Event{EventID: "u0", At: api.Moment{Time: time.Date(2026, 1, 1, 12, 30, 0, 0, time.UTC)}})
	w.at(hour+3*time.Minute, api.SignalTerminate, 42)
	w.at(hour+4*time.Minute, api.SignalRenew, map[string]any{"expires_at": "tomorrow"})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase, "an undecodable input changes nothing")
		require.Len(t, s.Events, 4)
		require.Equal(t, api.OutcomeSuperseded, s.Events[1].Outcome)
		require.Equal(t, api.OutcomeIgnored, s.Events[2].Outcome)
		require.Contains(t, s.Events[3].Reason, `"tomorrow" is no time`)
	})
	w.live(order(), 3*hour)
}

// Three years of monthly renewals, each a little late, with the run continued as
// new whenever the server suggests it.
func TestThreeYearsOfRenewals(t *testing.T) {
	in := Input{Start: api.NewStart(order(), api.Settings{})}
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	blocks, unblocks, runs := 0, 0, 0
	for month := 0; month < 36; runs++ {
		w := newWorld(t)
		w.SetStartTime(now)
		w.at(day, api.SignalUnhold, api.Event{EventID: fmt.Sprintf("u%d", month)})
		// Each run lives for a few months until the server suggests to continue as new.
		for i := range 5 {
			due := api.Moment{Time: time.Date(2026, time.Month(2+month+i), 1, 0, 0, 0, 0, time.UTC)}
			offset := due.Sub(now)
			w.at(offset+hour, api.SignalExpire, api.Event{EventID: fmt.Sprintf("e%d", month+i), Due: due})
			w.at(offset+2*day, api.SignalRenew, api.Event{EventID: fmt.Sprintf("r%d", month+i), ExpiresAt: api.Moment{Time: due.AddDate(0, 1, 0)}})
			final := i == 4
			w.look(offset+3*day, func(s api.Status) {
				require.Equal(t, api.PhaseActive, s.Phase)
				require.LessOrEqual(t, len(s.Events), keepEvents)
				require.LessOrEqual(t, len(s.Timeline), keepTimeline)
				w.SetContinueAsNewSuggested(final)
			})
		}
		w.at(time.Date(2026, time.Month(6+month), 3, 0, 0, 0, 0, time.UTC).Sub(now)+hour, api.SignalHold, api.Event{Reason: "audit"})
		w.ExecuteWorkflow(api.TypeServiceLifecycle, in)
		require.True(t, w.IsWorkflowCompleted())
		var again *workflow.ContinueAsNewError
		require.ErrorAs(t, w.GetWorkflowError(), &again)
		in = Input{}
		require.NoError(t, decode(again, &in))
		blocks += w.count("Block")
		unblocks += w.count("Unblock")
		require.Zero(t, w.count("CutOff"))
		require.LessOrEqual(t, w.count("StartInstall"), 1)
		now = w.Now()
		month += 5
	}
	require.Equal(t, 40, blocks)
	require.Equal(t, 40, unblocks)
	require.Equal(t, 8, runs)
	require.Equal(t, "5", in.State.Server.ID)
	require.Equal(t, "audit", in.State.Blocks.Hold, "what people decided survives")
}
