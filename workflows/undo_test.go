package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities"
)

// expiring lets the service expire after an hour, with a grace of one more, and is paid after
// that time from the start.
func (w *world) expiring(paid time.Duration) {
	w.at(hour, SignalExpire, Event{Due: date("2025-12-31"), Grace: Duration(hour)})
	if paid > 0 {
		w.at(paid, SignalRenew, Event{ExpiresAt: date("2026-01-31")})
	}
}

// TestAPaymentDoesNotWaitBehindARelease: a pause or an outage holds a step up for hours.
func TestAPaymentDoesNotWaitBehindARelease(t *testing.T) {
	for _, step := range []string{"CutOff", "PowerDown"} {
		w := newWorld(t)
		w.delays = map[string]time.Duration{step: 10 * hour}
		w.expiring(150 * time.Minute)
		w.look(3*hour, func(s Status) {
			require.Equal(t, PhaseActive, s.Phase, step)
			require.Equal(t, 1, w.count("Restore"))
			require.Nil(t, s.Attention)
			w.delays = nil
		})
		w.live(order(), 20*hour)
	}
}

// TestAPaymentDoesNotWaitBehindABlock: the block may have taken effect, so it is lifted.
func TestAPaymentDoesNotWaitBehindABlock(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"Block": 10 * hour}
	w.expiring(2 * hour)
	w.look(3*hour, func(s Status) {
		require.Equal(t, PhaseActive, s.Phase)
		require.Equal(t, 1, w.count("Unblock"))
		require.Nil(t, s.Attention)
		w.delays = nil
	})
	w.live(order(), 20*hour)
}

// TestABlockThatFailedHalfWayIsLiftedByAPayment: whether it took effect, nobody knows.
func TestABlockThatFailedHalfWayIsLiftedByAPayment(t *testing.T) {
	w := newWorld(t)
	w.fail["Block"] = final(activities.ErrPanelCredentials, "the password was changed")
	w.expiring(3 * hour)
	w.look(2*hour, func(s Status) { require.Equal(t, "panel_credentials", s.Attention.Code) })
	w.look(4*hour, func(s Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, 1, w.count("Unblock"))
	})
	w.live(order(), 5*hour)
}

// TestOurOwnBlockIsNotTakenForOneByHand: the first try blocked and failed afterwards.
func TestOurOwnBlockIsNotTakenForOneByHand(t *testing.T) {
	w := newWorld(t)
	w.fail["Block"] = final(activities.ErrPanelRefused, "the panel answered nonsense")
	w.at(hour, SignalExpire, Event{Due: date("2025-12-31")})
	w.look(2*hour, func(Status) { w.fail["Block"], w.blockedByHand = nil, true })
	w.at(3*hour, SignalRetry, Event{})
	w.at(4*hour, SignalRenew, Event{ExpiresAt: date("2026-01-31")})
	w.look(5*hour, func(s Status) { require.Equal(t, PhaseActive, s.Phase) })
	w.live(order(), 6*hour)
}

func TestAnUndoingThatFailsWaitsForAPerson(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(activities.ErrOwnership, "no mark")
	w.fail["Restore"] = final(activities.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.look(7*hour, func(s Status) {
		require.Equal(t, 1, w.count("Restore"), "it is not tried again and again")
		require.Equal(t, "ownership_lost", s.Attention.Code)
		delete(w.fail, "Restore")
	})
	w.at(8*hour, SignalRetry, Event{})
	w.look(9*hour, func(s Status) {
		require.Equal(t, PhaseActive, s.Phase)
		delete(w.fail, "PowerDown")
	})
	w.live(order(), 10*hour)
}

func TestAPaymentThatComesWithTheQuarantineIsTooLate(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(activities.ErrNotOff, "power error")
	w.expiring(0)
	w.when = map[string]func(){"Quarantine": func() { w.SignalWorkflow(SignalRenew, Event{ExpiresAt: date("2026-01-31")}) }}
	w.look(5*hour, func(s Status) {
		require.Equal(t, PhaseReleased, s.Phase)
		require.Equal(t, codePaidAfterRelease, s.Attention.Code)
	})
	w.at(8*hour, SignalAccept, Event{})
	w.run(order())
	require.Zero(t, w.count("Restore"))
}

func TestATerminateAfterTheCutOffIsNotUndoneByAPayment(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(activities.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.at(5*hour, SignalTerminate, Event{})
	w.look(7*hour, func(Status) {
		require.Zero(t, w.count("Restore"))
		delete(w.fail, "PowerDown")
	})
	w.at(8*hour, SignalRetry, Event{})
	w.look(9*hour, func(s Status) { require.Equal(t, PhaseReleased, s.Phase) })
	w.at(10*hour, SignalAccept, Event{}) // the late payment was seen
	w.run(order())
}

func TestAPaymentIsNoApproval(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(6 * hour)
	w.at(8*hour, SignalTerminate, Event{})
	w.look(8*hour+30*time.Minute, func(s Status) {
		require.Equal(t, codeLimit, s.Attention.Code)
		require.Zero(t, w.count("CutOff"))
	})
	w.at(9*hour, SignalRetry, Event{})
	w.run(order())
	require.Equal(t, 1, w.count("CutOff"))
}

func TestASuspensionDuringAReleaseIsRememberedForItsUndoing(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(6 * hour)
	w.at(4*hour, SignalSuspend, Event{Reason: "abuse"})
	w.look(7*hour, func(s Status) {
		require.Equal(t, PhaseBlocked, s.Phase)
		require.Equal(t, "abuse", s.Blocks[0].Reason)
	})
	w.at(8*hour, SignalTerminate, Event{})
	w.at(9*hour, SignalRetry, Event{})
	w.run(order())
}

func TestALatePaymentIsToldAtOnce(t *testing.T) {
	w := newWorld(t)
	w.resale = activities.Resale{Hold: 2 * day}
	w.expiring(5 * hour)
	w.look(day, func(s Status) { require.Equal(t, codePaidAfterRelease, s.Attention.Code) })
	w.at(30*hour, SignalAccept, Event{})
	w.look(31*hour, func(s Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, PhaseReleasing, s.Phase)
	})
	end := w.run(order())
	require.Equal(t, PhaseReleased, end.Phase)
}

func TestAPaymentInTheLastMomentIsTold(t *testing.T) {
	w := newWorld(t)
	w.expiring(0)
	w.when = map[string]func(){"Follow Terminated": func() { w.SignalWorkflow(SignalRenew, Event{ExpiresAt: date("2026-01-31")}) }}
	w.look(day, func(s Status) { require.Equal(t, codePaidAfterRelease, s.Attention.Code) })
	w.at(2*day, SignalAccept, Event{})
	end := w.run(order())
	require.Nil(t, end.Attention)
	require.Contains(t, w.heard(), codePaidAfterRelease)
}

func TestAnExpiryDuringAnUndoingBeginsAWholeGracePeriod(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(activities.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.when = map[string]func(){"Restore": func() {
		w.SignalWorkflow(SignalExpire, Event{Due: date("2026-02-01"), Grace: Duration(day)})
	}}
	w.look(7*hour, func(s Status) {
		require.Equal(t, PhaseBlocked, s.Phase)
		require.WithinDuration(t, w.Now().Add(23*hour), *s.GraceEndsAt, time.Minute)
		delete(w.fail, "PowerDown")
	})
	w.live(order(), 8*hour)
	require.Equal(t, 2, w.count("Block"))
}
