package service

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

func TestAPersonsRetryGoesOnOverAChangeByHand(t *testing.T) {
	w := newWorld(t)
	w.byHand = edge.ErrRenamedByHand
	w.look(hour, func(s api.Status) { require.Equal(t, "renamed_by_hand", s.Attention.Code) })
	w.at(2*hour, api.SignalRetry, api.Event{})
	w.look(3*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), day)
	require.Equal(t, 1, w.count("HandOver"))
}

func TestAPaymentDoesNotLiftABlockThatWasSetByHand(t *testing.T) {
	w := newWorld(t)
	w.blockedByHand = true
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.at(2*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Len(t, s.Blocks, 1)
		require.Equal(t, "panel", s.Blocks[0].Source)
		require.Zero(t, w.count("Unblock"))
	})
	w.at(4*hour, api.SignalUnsuspend, api.Event{Source: api.SourceWHMCS})
	w.look(5*hour, func(api.Status) { require.Zero(t, w.count("Unblock"), "nor does WHMCS, which did not set it") })
	w.at(6*hour, api.SignalUnsuspend, api.Event{})
	w.look(7*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), day)
	require.Equal(t, 1, w.count("Unblock"))
}
