package service

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

func TestAPersonsRetryGoesOnOverAChangeByHand(t *testing.T) {
	w := NewWorld(t)
	w.byHand = edge.ErrRenamedByHand
	w.Look(hour, func(s api.Status) { require.Equal(t, "renamed_by_hand", s.Attention.Code) })
	w.At(2*hour, api.SignalRetry, api.Event{})
	w.Look(3*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.Live(Order(), day)
	require.Equal(t, 1, w.Count("HandOver"))
}

func TestAPaymentDoesNotLiftABlockThatWasSetByHand(t *testing.T) {
	w := NewWorld(t)
	w.blockedByHand = true
	w.At(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.At(2*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.Look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Len(t, s.Blocks, 1)
		require.Equal(t, "panel", s.Blocks[0].Source)
		require.Zero(t, w.Count("Unblock"))
	})
	w.At(4*hour, api.SignalUnsuspend, api.Event{Source: SourceWHMCS})
	w.Look(5*hour, func(api.Status) { require.Zero(t, w.Count("Unblock"), "nor does WHMCS, which did not set it") })
	w.At(6*hour, api.SignalUnsuspend, api.Event{})
	w.Look(7*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.Live(Order(), day)
	require.Equal(t, 1, w.Count("Unblock"))
}
