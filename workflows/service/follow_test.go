package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

// TestWhoPaysWhileWHMCSIsDownStaysServed: a comparison acts when WHMCS answers again, and must
// not act on what was wanted when it began.
func TestWhoPaysWhileWHMCSIsDownStaysServed(t *testing.T) {
	w := newBilled(t, "Active")
	w.delay = 10 * hour
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Source: api.SourceWHMCS})
	w.shows(hour, "Suspended")
	w.shows(5*hour, "Active")
	w.at(5*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31"), Source: api.SourceWHMCS})
	w.look(6*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.look(25*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase, "paid until 2026-01-31: %v", s.Timeline)
		require.Equal(t, "Active", w.status)
		w.delay = 0
	})
	w.live(order(), 30*hour)
}

// TestASuspensionForAbuseOutlivesAComparison: one that began before it wanted Active.
func TestASuspensionForAbuseOutlivesAComparison(t *testing.T) {
	w := newBilled(t, "Suspended")
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Source: api.SourceWHMCS})
	w.answers(10*hour, 10*hour)
	w.at(12*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31"), Source: api.SourceWHMCS})
	w.shows(12*hour, "Active")
	w.at(14*hour, api.SignalSuspend, api.Event{Reason: "abuse", Source: api.SourceWHMCS})
	w.shows(14*hour, "Suspended")
	w.look(15*hour, func(s api.Status) { require.Equal(t, api.PhaseBlocked, s.Phase) })
	w.answers(20*hour, 0)
	w.look(40*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase, "the abuser is back on the network: %v", s.Timeline)
		require.Equal(t, "Suspended", w.status)
	})
	w.live(order(), 50*hour)
}

// TestOurOwnCallOfTheModuleIsNoReason: the module answers our call by a signal.
func TestOurOwnCallOfTheModuleIsNoReason(t *testing.T) {
	w := newBilled(t, "Active")
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse", Source: "cli"})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, "Suspended", w.status)
		require.Len(t, s.Blocks, 1)
		require.Equal(t, "cli", s.Blocks[0].Source)
		require.Equal(t, api.OutcomeApplied, s.Events[1].Outcome)
		require.Contains(t, s.Events[1].Reason, "confirms")
	})
	w.at(3*hour, api.SignalUnsuspend, api.Event{Source: "cli"})
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "Active", w.status)
	})
	w.live(order(), 5*hour)
}

// TestAPaymentRightBehindAnExpiryUnblocks: our call for the expiry is under way when it comes.
func TestAPaymentRightBehindAnExpiryUnblocks(t *testing.T) {
	w := newBilled(t, "Active")
	w.delay = time.Minute
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Source: "gateway"})
	w.at(hour+30*time.Second, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31"), Source: "gateway"})
	w.at(hour+40*time.Second, api.SignalSuspend, api.Event{Reason: api.ReasonOverdue, Source: api.SourceWHMCS}) // the echo
	w.shows(hour+40*time.Second, "Suspended")
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase, "%v", s.Timeline)
		require.Empty(t, s.Blocks)
		require.Equal(t, "Active", w.status)
	})
	w.live(order(), 5*hour)
}

// TestNoLifeEndsBeforeWHMCSShowsIt: or WHMCS bills on for a server that somebody else has.
func TestNoLifeEndsBeforeWHMCSShowsIt(t *testing.T) {
	w := newBilled(t, "Active")
	w.fail["Follow Terminated"] = temporal.NewNonRetryableApplicationError("the module does not answer", edge.ErrWHMCSRefused, nil)
	w.at(hour, api.SignalTerminate, nil)
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseReleased, s.Phase)
		require.Equal(t, api.CodeWHMCSDisagrees, s.Attention.Code, "%v", s.Timeline)
		require.GreaterOrEqual(t, w.count("Follow Terminated"), 3)
		delete(w.fail, "Follow Terminated")
	})
	end := w.run(order())
	require.Equal(t, "Terminated", w.status)
	require.Nil(t, end.Attention)
}

func TestAPersonMayLeaveWHMCSAsItIs(t *testing.T) {
	w := newBilled(t, "Active")
	w.fail["Follow Terminated"] = temporal.NewNonRetryableApplicationError("the module does not answer", edge.ErrWHMCSRefused, nil)
	w.at(hour, api.SignalTerminate, nil)
	w.at(5*hour, api.SignalAccept, nil)
	w.look(6*hour, func(s api.Status) { t.Error("the life has not ended", s.Timeline) })
	w.run(order())
	require.Equal(t, "Active", w.status)
}

// TestTheSameReasonAgainIsAReasonAgain: our call for it ended well long before, and was lifted.
func TestTheSameReasonAgainIsAReasonAgain(t *testing.T) {
	w := newBilled(t, "Active")
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.at(hour+time.Minute, api.SignalUnsuspend, api.Event{})
	w.at(hour+2*time.Minute, api.SignalSuspend, api.Event{Reason: "abuse", Source: api.SourceWHMCS})
	w.shows(hour+2*time.Minute, "Suspended")
	w.look(hour+3*time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase, "%v", s.Events)
		require.Len(t, s.Blocks, 1)
	})
	w.live(order(), 3*hour)
}

// TestStaffsUnsuspendIsNoEchoOfACallThatWasNeverMade: WHMCS's API is down, so our call for the
// payment has reached nobody when it is given up.
func TestStaffsUnsuspendIsNoEchoOfACallThatWasNeverMade(t *testing.T) {
	w := newBilled(t, "Active")
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse", Source: api.SourceWHMCS})
	w.shows(hour, "Suspended")
	w.RegisterDelayedCallback(func() { w.down = 10 * hour }, 2*hour-time.Minute)
	w.at(2*hour, api.SignalUnsuspend, api.Event{Source: api.SourceWHMCS})
	w.at(2*hour+time.Minute, api.SignalSuspend, api.Event{Reason: "abuse again", Source: api.SourceWHMCS})
	w.at(2*hour+2*time.Minute, api.SignalUnsuspend, api.Event{EventID: "staff", Source: api.SourceWHMCS})
	w.look(2*hour+3*time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase, "%v", s.Events)
		w.down = 0
	})
	w.live(order(), 20*hour)
}

// TestACallThatNobodySawTheEndOfMayHaveItsEcho: the reply is lost, and the module's word comes later.
func TestACallThatNobodySawTheEndOfMayHaveItsEcho(t *testing.T) {
	w := newBilled(t, "Active")
	w.fail["Follow Suspended"] = final(edge.ErrWHMCSUnavailable, "the reply was lost")
	w.at(hour, api.SignalSuspend, api.Event{EventID: "s", Reason: "abuse", Source: "cli"})
	w.at(hour+30*time.Second, api.SignalSuspend, api.Event{EventID: "echo", Reason: "Suspended by staff", Source: api.SourceWHMCS})
	w.look(hour+time.Minute, func(s api.Status) {
		require.Contains(t, s.Events[len(s.Events)-1].Reason, "confirms", "%v", s.Events)
		delete(w.fail, "Follow Suspended")
	})
	w.look(2*hour, func(s api.Status) { require.Equal(t, "Suspended", w.status, "tried again soon: %v", s.Timeline) })
	w.live(order(), 5*hour)
}
