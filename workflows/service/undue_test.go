package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/workflows/api"
)

var (
	paidInWHMCS    = billing.Standing{Status: "Active", NextDue: date("2026-02-05").Time}
	overdueInWHMCS = billing.Standing{Status: "Active", NextDue: date("2025-12-31").Time, Overdue: true}
)

// TestABlockThatIsNotDueAnyMoreIsNotDone: a broken billing run, a pause, WHMCS corrected, resumed.
func TestABlockThatIsNotDueAnyMoreIsNotDone(t *testing.T) {
	w := newWorld(t)
	w.undue, w.standing = "the Next Due Date in WHMCS is 2026-02-05, which is not past", paidInWHMCS
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Source: api.SourceWHMCS})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
		require.Empty(t, s.Blocks, "the doubt has ended the expiry")
		require.Equal(t, api.OutcomeSuperseded, s.Events[0].Outcome)
		require.Zero(t, w.count("Block"))
	})
	w.live(order(), 3*hour)
	require.Empty(t, w.heard(), "a corrected billing run opens no ticket for each service")
}

// TestABlockThatWHMCSDoesNotWantWaitsForAPerson: it is overdue, and has an override.
func TestABlockThatWHMCSDoesNotWantWaitsForAPerson(t *testing.T) {
	w := newWorld(t)
	w.undue, w.standing = "WHMCS has a suspension override for the service", overdueInWHMCS
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, api.CodeNotDue, s.Attention.Code)
		require.Contains(t, s.Attention.Message, "override")
		w.undue = ""
	})
	w.at(3*hour, api.SignalRetry, nil)
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase, "retry asks once more")
		require.NotNil(t, s.GraceEndsAt)
	})
	w.live(order(), 5*hour)
}

// TestASuspensionDoesNotWaitForTheQuestionOfAnExpiry: WHMCS is down, and somebody is abusive.
func TestASuspensionDoesNotWaitForTheQuestionOfAnExpiry(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"Block": 10 * hour}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(2*hour, func(api.Status) { w.delays, w.undue = nil, "WHMCS says something else" })
	w.at(2*hour+time.Minute, api.SignalSuspend, "abuse")
	w.look(3*hour, func(s api.Status) { require.Equal(t, api.PhaseBlocked, s.Phase, "%v", s.Timeline) })
	w.live(order(), 4*hour)
}

// TestAReleaseIsGivenUpAtEachStepThatLosesNothing: the pause came after the cut-off.
func TestAReleaseIsGivenUpAtEachStepThatLosesNothing(t *testing.T) {
	for _, step := range []string{"PowerDown", "ClearAddresses"} {
		w := newWorld(t)
		w.standing = paidInWHMCS
		w.fail[step] = final(edge.ErrNotDue, "WHMCS shows the service as Active, not Suspended")
		w.expiring(0)
		w.look(3*hour, func(s api.Status) {
			require.Equal(t, api.PhaseActive, s.Phase, "%s: %v", step, s.Timeline)
			require.Nil(t, s.Attention)
			delete(w.fail, step)
		})
		end := w.live(order(), 5*hour)
		require.Equal(t, endOfTest, lastRelease(end))
		require.NotContains(t, w.heard(), api.CodeReleaseRefused)
	}
}

// TestAPaymentDuringAPauseBeforeTheFirstAddressIsNotLate: it was called so when it came.
func TestAPaymentDuringAPauseBeforeTheFirstAddressIsNotLate(t *testing.T) {
	w := newWorld(t)
	w.standing = paidInWHMCS
	w.when = map[string]func(){"ClearAddresses": func() { w.SignalWorkflow(api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")}) }}
	w.fail["ClearAddresses"] = final(edge.ErrNotDue, "WHMCS shows the service as Active, not Suspended")
	w.expiring(0)
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention, "it is not too late")
		delete(w.fail, "ClearAddresses")
		w.when = nil
	})
	w.live(order(), 5*hour)
}

// TestATerminateNeedsNoDebt: it came while a step for the expiry was asked about.
func TestATerminateNeedsNoDebt(t *testing.T) {
	w := newWorld(t)
	w.when = map[string]func(){"PowerDown": func() { w.SignalWorkflow(api.SignalTerminate, nil) }}
	w.fail["PowerDown"] = final(edge.ErrNotDue, "WHMCS shows the service as Terminated, not Suspended")
	w.RegisterDelayedCallback(func() { w.when = nil; delete(w.fail, "PowerDown") }, 2*hour+time.Second)
	w.delays = map[string]time.Duration{"PowerDown": 500 * time.Millisecond}
	w.expiring(0)
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Zero(t, w.count("Restore"), "%v", end.Timeline)
}

// TestAnUnblockThatIsHeldUpDoesNotPutAnAbuserOnline: an outage, a payment, a suspension.
func TestAnUnblockThatIsHeldUpDoesNotPutAnAbuserOnline(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"Unblock": 10 * hour}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.at(2*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.at(3*hour, api.SignalSuspend, "abuse")
	w.look(3*hour+time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, 2, w.count("Block"), "what the unblock has done, nobody knows: %v", s.Timeline)
		require.Equal(t, api.OutcomeApplied, s.Events[2].Outcome)
		w.delays = nil
	})
	w.live(order(), 4*hour)
}

// TestAnUndoingThatIsHeldUpDoesNotPutAnAbuserOnline: the same with a release that was paid in time.
func TestAnUndoingThatIsHeldUpDoesNotPutAnAbuserOnline(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"PowerDown": 2 * hour, "Restore": 2 * hour}
	w.expiring(150 * time.Minute)
	w.at(3*hour, api.SignalSuspend, "abuse")
	w.RegisterDelayedCallback(func() { w.delays = nil }, 3*hour-time.Second)
	w.look(3*hour+time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase, "%v", s.Timeline)
		require.Equal(t, []bool{true}, w.restored)
	})
	w.live(order(), 4*hour)
}

// TestADoubtedPaymentDoesNotHideADoubtedExpiry: one answer of WHMCS settles both.
func TestADoubtedPaymentDoesNotHideADoubtedExpiry(t *testing.T) {
	for _, c := range []struct {
		standing      billing.Standing
		phase         api.Phase
		expire, renew api.Outcome
	}{
		{overdueInWHMCS, api.PhaseBlocked, api.OutcomeApplied, api.OutcomeSuperseded},
		{paidInWHMCS, api.PhaseActive, api.OutcomeSuperseded, api.OutcomeApplied},
	} {
		w := newWorld(t)
		w.standing = c.standing
		w.delays = map[string]time.Duration{"Standing": hour}
		w.at(hour, api.SignalRenew, api.Event{EventID: "new", ExpiresAt: date("2027-01-01")})
		w.at(2*hour, api.SignalExpire, api.Event{EventID: "e", Due: date("2025-12-31")})
		w.at(2*hour+time.Minute, api.SignalRenew, api.Event{EventID: "r", ExpiresAt: date("2026-06-01"), At: api.Moment{Time: w.Now()}})
		w.look(6*hour, func(s api.Status) {
			require.Equal(t, c.phase, s.Phase, "%v", s.Timeline)
			require.Equal(t, c.expire, s.Events[1].Outcome, "%v", s.Events)
			require.Equal(t, c.renew, s.Events[2].Outcome, "%v", s.Events)
		})
		w.live(order(), 7*hour)
	}
}

// TestAPersonSuspendsWhatIsNotDue: the block for the expiry waits for a person, and somebody is abusive.
func TestAPersonSuspendsWhatIsNotDue(t *testing.T) {
	w := newWorld(t)
	w.undue, w.standing = "WHMCS has a suspension override for the service", overdueInWHMCS
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.CodeNotDue, s.Attention.Code) })
	w.at(3*hour, api.SignalSuspend, "abuse")
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase, "%v", s.Timeline)
		require.Equal(t, 1, w.count("Block"))
	})
	w.live(order(), 5*hour)
}

// TestAServerThatIsNotPoweredOffIsAskedForBeforeItIsSetAside: somebody paid while it did not power off.
func TestAServerThatIsNotPoweredOffIsAskedForBeforeItIsSetAside(t *testing.T) {
	w := newWorld(t)
	w.standing = paidInWHMCS
	w.fail["PowerDown"] = final(edge.ErrNotOff, "it does not power off")
	w.fail["Quarantine due"] = final(edge.ErrNotDue, "WHMCS shows the service as Active, not Suspended")
	w.expiring(0)
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase, "%v", s.Timeline)
		require.Nil(t, s.Attention)
		require.Zero(t, w.count("Quarantine"))
		delete(w.fail, "PowerDown")
	})
	w.live(order(), 5*hour)
}
