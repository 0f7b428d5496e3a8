package service

import (
	"metalease/workflows/api"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The panel's limits on blocks and releases (issue: a broken billing run must not wipe a fleet).

func TestABlockAboveTheLimitWaitsForAPerson(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"Block": true}
	w.At(hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.Look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, api.CodeLimit, s.Attention.Code)
		require.Zero(t, w.Count("Block"))
	})
	w.At(150*time.Minute, api.SignalAccept, api.Event{})
	w.Look(160*time.Minute, func(s api.Status) {
		require.Equal(t, api.CodeLimit, s.Attention.Code, "seen is not approved")
		require.Zero(t, w.Count("Block"))
	})
	w.At(3*hour, api.SignalRetry, api.Event{})
	w.Look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Nil(t, s.Attention)
	})
	// The approval was for that block only.
	w.At(5*hour, api.SignalUnsuspend, api.Event{})
	w.At(6*hour, api.SignalSuspend, api.Event{Reason: "abuse again"})
	w.Look(7*hour, func(s api.Status) { require.Equal(t, api.CodeLimit, s.Attention.Code) })
	w.Live(Order(), day)
	require.Equal(t, 1, w.Count("Unblock"), "unblocking is never limited")
}

func TestAPaymentTakesBackABlockThatWasLimited(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"Block": true}
	w.At(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.Look(2*hour, func(s api.Status) { require.Equal(t, api.CodeLimit, s.Attention.Code) })
	w.At(3*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.Look(4*hour, func(s api.Status) {
		require.Nil(t, s.Attention, "nothing is left to decide")
		require.Equal(t, api.PhaseActive, s.Phase)
	})
	w.Live(Order(), day)
	require.Zero(t, w.Count("Block"))
}

func TestAReleaseAboveTheLimitWaitsForAPerson(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.At(hour, api.SignalTerminate, api.Event{Reason: "billing run"})
	w.Look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseReleasing, s.Phase)
		require.Equal(t, api.CodeLimit, s.Attention.Code)
		require.Equal(t, []string{api.SignalRetry, api.SignalAccept}, s.Attention.Actions)
		require.Equal(t, api.OutcomePending, s.Events[0].Outcome, "the customer is not cut off")
	})
	w.At(3*hour, api.SignalRetry, api.Event{})
	end := w.run(Order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 1, w.Count("CutOff"))
}

func TestAPersonKeepsAServiceWhoseReleaseWasLimited(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.At(hour, api.SignalTerminate, api.Event{EventID: "t1", Reason: "billing run"})
	w.At(2*hour, api.SignalAccept, api.Event{})
	w.Look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
		require.Equal(t, api.OutcomeSuperseded, s.Events[0].Outcome)
	})
	w.At(4*hour, api.SignalTerminate, api.Event{EventID: "t2"})
	w.At(5*hour, api.SignalRetry, api.Event{})
	end := w.run(Order())
	require.Equal(t, api.PhaseReleased, end.Phase, "a later terminate is a new wish")
}

func TestARenewalInsideAReleaseForExpiryThatWasLimited(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.At(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	w.Look(5*hour, func(s api.Status) { require.Equal(t, api.CodeLimit, s.Attention.Code) })
	w.At(6*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.Look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
	})
	w.At(8*hour, api.SignalTerminate, api.Event{})
	w.At(9*hour, api.SignalRetry, api.Event{})
	w.run(Order())
	w.requireOrder("Block", "Restore", "CutOff")
}
