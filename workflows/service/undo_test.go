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
	w.At(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	if paid > 0 {
		w.At(paid, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	}
}

// TestAPaymentDoesNotWaitBehindARelease: a pause or an outage holds a step up for hours.
func TestAPaymentDoesNotWaitBehindARelease(t *testing.T) {
	for _, step := range []string{"CutOff", "PowerDown"} {
		w := NewWorld(t)
		w.delays = map[string]time.Duration{step: 10 * hour}
		w.expiring(150 * time.Minute)
		w.Look(3*hour, func(s api.Status) {
			require.Equal(t, api.PhaseActive, s.Phase, step)
			require.Equal(t, 1, w.Count("Restore"))
			require.Nil(t, s.Attention)
			w.delays = nil
		})
		w.Live(Order(), 20*hour)
	}
}

// TestAPaymentDoesNotWaitBehindABlock: the block may have taken effect, so it is lifted.
func TestAPaymentDoesNotWaitBehindABlock(t *testing.T) {
	w := NewWorld(t)
	w.delays = map[string]time.Duration{"Block": 10 * hour}
	w.expiring(2 * hour)
	w.Look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, 1, w.Count("Unblock"))
		require.Nil(t, s.Attention)
		w.delays = nil
	})
	w.Live(Order(), 20*hour)
}

// TestABlockThatFailedHalfWayIsLiftedByAPayment: whether it took effect, nobody knows.
func TestABlockThatFailedHalfWayIsLiftedByAPayment(t *testing.T) {
	w := NewWorld(t)
	w.fail["Block"] = Final(edge.ErrPanelCredentials, "the password was changed")
	w.expiring(3 * hour)
	w.Look(2*hour, func(s api.Status) { require.Equal(t, "panel_credentials", s.Attention.Code) })
	w.Look(4*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, 1, w.Count("Unblock"))
	})
	w.Live(Order(), 5*hour)
}

// TestOurOwnBlockIsNotTakenForOneByHand: the first try blocked and failed afterwards.
func TestOurOwnBlockIsNotTakenForOneByHand(t *testing.T) {
	w := NewWorld(t)
	w.fail["Block"] = Final(edge.ErrPanelRefused, "the panel answered nonsense")
	w.At(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.Look(2*hour, func(api.Status) { w.fail["Block"], w.blockedByHand = nil, true })
	w.At(3*hour, api.SignalRetry, api.Event{})
	w.At(4*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.Look(5*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.Live(Order(), 6*hour)
}

func TestAnUndoingThatFailsWaitsForAPerson(t *testing.T) {
	w := NewWorld(t)
	w.fail["PowerDown"] = Final(edge.ErrOwnership, "no mark")
	w.fail["Restore"] = Final(edge.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.Look(7*hour, func(s api.Status) {
		require.Equal(t, 1, w.Count("Restore"), "it is not tried again and again")
		require.Equal(t, "ownership_lost", s.Attention.Code)
		delete(w.fail, "Restore")
	})
	w.At(8*hour, api.SignalRetry, api.Event{})
	w.Look(9*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		delete(w.fail, "PowerDown")
	})
	w.Live(Order(), 10*hour)
}

func TestAPaymentThatComesWithTheQuarantineIsTooLate(t *testing.T) {
	w := NewWorld(t)
	w.fail["PowerDown"] = Final(edge.ErrNotOff, "power error")
	w.expiring(0)
	w.when = map[string]func(){"Quarantine": func() { w.SignalWorkflow(api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")}) }}
	w.Look(5*hour, func(s api.Status) {
		require.Equal(t, api.PhaseReleased, s.Phase)
		require.Equal(t, api.CodePaidAfterRelease, s.Attention.Code)
	})
	w.At(8*hour, api.SignalAccept, api.Event{})
	w.run(Order())
	require.Zero(t, w.Count("Restore"))
}

func TestATerminateAfterTheCutOffIsNotUndoneByAPayment(t *testing.T) {
	w := NewWorld(t)
	w.fail["PowerDown"] = Final(edge.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.At(5*hour, api.SignalTerminate, api.Event{})
	w.Look(7*hour, func(api.Status) {
		require.Zero(t, w.Count("Restore"))
		delete(w.fail, "PowerDown")
	})
	w.At(8*hour, api.SignalRetry, api.Event{})
	w.Look(9*hour, func(s api.Status) { require.Equal(t, api.PhaseReleased, s.Phase) })
	w.At(10*hour, api.SignalAccept, api.Event{}) // the late payment was seen
	w.run(Order())
}

func TestAPaymentIsNoApproval(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(6 * hour)
	w.At(8*hour, api.SignalTerminate, api.Event{})
	w.Look(8*hour+30*time.Minute, func(s api.Status) {
		require.Equal(t, api.CodeLimit, s.Attention.Code)
		require.Zero(t, w.Count("CutOff"))
	})
	w.At(9*hour, api.SignalRetry, api.Event{})
	w.run(Order())
	require.Equal(t, 1, w.Count("CutOff"))
}

func TestASuspensionDuringAReleaseIsRememberedForItsUndoing(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(6 * hour)
	w.At(4*hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.Look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, "abuse", s.Blocks[0].Reason)
	})
	w.At(8*hour, api.SignalTerminate, api.Event{})
	w.At(9*hour, api.SignalRetry, api.Event{})
	w.run(Order())
}

func TestALatePaymentIsToldAtOnce(t *testing.T) {
	w := NewWorld(t)
	w.resale = panel.Resale{Hold: 2 * day}
	w.expiring(5 * hour)
	w.Look(day, func(s api.Status) { require.Equal(t, api.CodePaidAfterRelease, s.Attention.Code) })
	w.At(30*hour, api.SignalAccept, api.Event{})
	w.Look(31*hour, func(s api.Status) {
		require.Nil(t, s.Attention)
		require.Equal(t, api.PhaseReleasing, s.Phase)
	})
	end := w.run(Order())
	require.Equal(t, api.PhaseReleased, end.Phase)
}

func TestAPaymentInTheLastMomentIsTold(t *testing.T) {
	w := NewWorld(t)
	w.expiring(0)
	w.when = map[string]func(){"Follow Terminated": func() { w.SignalWorkflow(api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")}) }}
	w.Look(day, func(s api.Status) { require.Equal(t, api.CodePaidAfterRelease, s.Attention.Code) })
	w.At(2*day, api.SignalAccept, api.Event{})
	end := w.run(Order())
	require.Nil(t, end.Attention)
	require.Contains(t, w.heard(), api.CodePaidAfterRelease)
}

func TestAnExpiryDuringAnUndoingBeginsAWholeGracePeriod(t *testing.T) {
	w := NewWorld(t)
	w.fail["PowerDown"] = Final(edge.ErrOwnership, "no mark")
	w.expiring(6 * hour)
	w.when = map[string]func(){"Restore": func() {
		w.SignalWorkflow(api.SignalExpire, api.Event{Due: date("2026-02-01"), Grace: api.Duration(day)})
	}}
	w.Look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.WithinDuration(t, w.Now().Add(23*hour), *s.GraceEndsAt, time.Minute)
		delete(w.fail, "PowerDown")
	})
	w.Live(Order(), 8*hour)
	require.Equal(t, 2, w.Count("Block"))
}
