package workflows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities"
)

func TestAPersonsRetryGoesOnOverAChangeByHand(t *testing.T) {
	w := newWorld(t)
	w.byHand = activities.ErrRenamedByHand
	w.look(hour, func(s Status) { require.Equal(t, "renamed_by_hand", s.Attention.Code) })
	w.at(2*hour, SignalRetry, Event{})
	w.look(3*hour, func(s Status) { require.Equal(t, PhaseActive, s.Phase) })
	w.live(order(), day)
	require.Equal(t, 1, w.count("HandOver"))
}

func TestAPaymentDoesNotLiftABlockThatWasSetByHand(t *testing.T) {
	w := newWorld(t)
	w.blockedByHand = true
	w.at(hour, SignalExpire, Event{Due: date("2025-12-31")})
	w.at(2*hour, SignalRenew, Event{ExpiresAt: date("2026-01-31")})
	w.look(3*hour, func(s Status) {
		require.Equal(t, PhaseBlocked, s.Phase)
		require.Len(t, s.Blocks, 1)
		require.Equal(t, "panel", s.Blocks[0].Source)
		require.Zero(t, w.count("Unblock"))
	})
	w.at(4*hour, SignalUnsuspend, Event{Source: SourceWHMCS})
	w.look(5*hour, func(Status) { require.Zero(t, w.count("Unblock"), "nor does WHMCS, which did not set it") })
	w.at(6*hour, SignalUnsuspend, Event{})
	w.look(7*hour, func(s Status) { require.Equal(t, PhaseActive, s.Phase) })
	w.live(order(), day)
	require.Equal(t, 1, w.count("Unblock"))
}
