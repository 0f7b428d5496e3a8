package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
)

// expiring lets the service expire after an hour, with a grace of one more, and is paid after
// that time from the start.
func (w *world) expiring(paid time.Duration) {
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	if paid > 0 {
		w.at(paid, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	}
}

// TestAPaymentDoesNotWaitBehindARelease: a pause or an outage holds a step up for hours.
func TestAPaymentDoesNotWaitBehindARelease(t *testing.T) {
	for _, step := range []string{"CutOff", "PowerDown"} {
		w := newWorld(t)
		w.delays = map[string]time.Duration{step: 10 * hour}
		w.expiring(150 * time.Minute)
		w.look(3*hour, func(s api.Status) {
			require.Equal(t, api.PhaseActive, s.Phase, step)
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
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, 1, w.count("Unblock"))
		require.Nil(t, s.Attention)
		w.delays = nil
	})
	w.live(order(), 20*hour)
}

// TestABlockThatFailedHalfWayIsLiftedByAPayment: whether it took effect, nobody knows.
func TestABlockThatFailedHalfWayIsLiftedByAPayment(t *testing.T) {
	w := newWorld(t)
	w.fail["Block"] = final(edge.ErrPanelCredentials, "the password was changed")
	w.expiring(3 * hour)
	w.look(2*hour, func(s api.Status) { require.Equal(t, "panel_credentials", s.Attention.Code) })
	w.look(4*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, 1, w.count("Unblock"))
	})
	w.live(order(), 5*hour)
}

// TestOurOwnBlockIsNotTakenForOneByHand: the first try blocked and failed afterwards.
func TestOurOwnBlockIsNotTakenForOneByHand(t *testing.T) {
	w := newWorld(t)
	w.fail["Block"] = final(edge.ErrPanelRefused, "the panel answered nonsense")
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(2*hour, func(api.Status) { w.fail["Block"], w.blockedByHand = nil, true })
	w.at(3*hour, api.SignalRetry, api.Event{})
	w.at(4*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.look(5*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), 6*hour)
}

func TestAnUndoingThatFailsWaitsForAPerson(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(edge.ErrOwnership, "no mark")
	w.fail["Restore"] = final(edge.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.look(7*hour, func(s api.Status) {
		require.Equal(t, 1, w.count("Restore"), "it is not tried again and again")
		require.Equal(t, "ownership_lost", s.Attention.Code)
		delete(w.fail, "Restore")
	})
	w.at(8*hour, api.SignalRetry, api.Event{})
	w.look(9*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		delete(w.fail, "PowerDown")
	})
	w.live(order(), 10*hour)
}

func TestAPaymentThatComesWithTheQuarantineIsTooLate(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(edge.ErrNotOff, "power error")
	w.expiring(0)
	w.when = map[string]func(){"Quarantine": func() { w.SignalWorkflow(api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")}) }}
	w.look(5*hour, func(s api.Status) {
		require.Equal(t, api.PhaseReleased, s.Phase)
		require.Equal(t, api.CodePaidAfterRelease, s.Attention.Code)
	})
	w.at(8*hour, api.SignalAccept, api.Event{})
	w.run(order())
	require.Zero(t, w.count("Restore"))
}

func TestATerminateAfterTheCutOffIsNotUndoneByAPayment(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(edge.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.at(5*hour, api.SignalTerminate, api.Event{})
	w.look(7*hour, func(api.Status) {
		require.Zero(t, w.count("Restore"))
		delete(w.fail, "PowerDown")
	})
	w.at(8*hour, api.SignalRetry, api.Event{})
	w.look(9*hour, func(s api.Status) { require.Equal(t, api.PhaseReleased, s.Phase) })
	w.at(10*hour, api.SignalAccept, api.Event{}) // the late payment was seen
	w.run(order())
}

func TestAPaymentIsNoApproval(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(6 * hour)
	w.at(8*hour, api.SignalTerminate, api.Event{})
	w.look(8*hour+30*time.Minute, func(s api.Status) {
		require.Equal(t, api.CodeLimit, s.Attention.Code)
		require.Zero(t, w.count("CutOff"))
	})
	w.at(9*hour, api.SignalRetry, api.Event{})
	w.run(order())
	require.Equal(t, 1, w.count("CutOff"))
}

func TestASuspensionDuringAReleaseIsRememberedForItsUndoing(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(6 * hour)
	w.at(4*hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, "abuse", s.Blocks[0].Reason)
	})
	w.at(8*hour, api.SignalTerminate, api.Event{})
	w.at(9*hour, api.SignalRetry, api.Event{})
	w.run(order())
}

func TestALatePaymentIsToldAtOnce(t *testing.T) {
	w := newWorld(t)
	w.resale = panel.Resale{Hold: 2 * day}
	w.expiring(5 * hour)
	w.look(day, func(s api.Status) { require.Equal(t, api.CodePaidAfterRelease, s.Attention.Code) })
	w.at(30*hour, api.SignalAccept, api.Event{})
	w.look(31*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, api.PhaseReleasing, s.Phase)
	})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
}

func TestAPaymentInTheLastMomentIsTold(t *testing.T) {
	w := newWorld(t)
	w.expiring(0)
	w.when = map[string]func(){"Follow Terminated": func() { w.SignalWorkflow(api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")}) }}
	w.look(day, func(s api.Status) { require.Equal(t, api.CodePaidAfterRelease, s.Attention.Code) })
	w.at(2*day, api.SignalAccept, api.Event{})
	end := w.run(order())
	require.Nil(t, end.Attention)
	require.Contains(t, w.heard(), api.CodePaidAfterRelease)
}

func TestAnExpiryDuringAnUndoingBeginsAWholeGracePeriod(t *testing.T) {
	w := newWorld(t)
	w.fail["PowerDown"] = final(edge.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.when = map[string]func(){"Restore": func() {
		w.SignalWorkflow(api.SignalExpire, api.Event{Due: date("2026-02-01"), Grace: api.Duration(day)})
	}}
	w.look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.WithinDuration(t, w.Now().Add(23*hour), *s.GraceEndsAt, time.Minute)
		delete(w.fail, "PowerDown")
	})
	w.live(order(), 8*hour)
	require.Equal(t, 2, w.count("Block"))
}
