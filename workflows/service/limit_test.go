package service

import (
	"testing"
	"time"

	"metalease/workflows/api"

	"github.com/stretchr/testify/require"
)

// The panel's limits on blocks and releases (issue: a broken billing run must not wipe a fleet).

func TestABlockAboveTheLimitWaitsForAPerson(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"Block": true}
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, api.CodeLimit, s.Attention.Code)
		require.Zero(t, w.count("Block"))
	})
	w.at(150*time.Minute, api.SignalAccept, api.Event{})
	w.look(160*time.Minute, func(s api.Status) {
		require.Equal(t, api.CodeLimit, s.Attention.Code, "seen is not approved")
		require.Zero(t, w.count("Block"))
	})
	w.at(3*hour, api.SignalRetry, api.Event{})
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Nil(t, s.Attention)
	})
	// The approval was for that block only.
	w.at(5*hour, api.SignalUnsuspend, api.Event{})
	w.at(6*hour, api.SignalSuspend, api.Event{Reason: "abuse again"})
	w.look(7*hour, func(s api.Status) { require.Equal(t, api.CodeLimit, s.Attention.Code) })
	w.live(order(), day)
	require.Equal(t, 1, w.count("Unblock"), "unblocking is never limited")
}

func TestAPaymentTakesBackABlockThatWasLimited(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"Block": true}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31")})
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.CodeLimit, s.Attention.Code) })
	w.at(3*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.look(4*hour, func(s api.Status) {
		require.Nil(t, s.Attention, "nothing is left to decide")
		require.Equal(t, api.PhaseActive, s.Phase)
	})
	w.live(order(), day)
	require.Zero(t, w.count("Block"))
}

func TestAReleaseAboveTheLimitWaitsForAPerson(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.at(hour, api.SignalTerminate, api.Event{Reason: "billing run"})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseReleasing, s.Phase)
		require.Equal(t, api.CodeLimit, s.Attention.Code)
		require.Equal(t, []string{api.SignalRetry, api.SignalAccept}, s.Attention.Actions)
		require.Equal(t, api.OutcomePending, s.Events[0].Outcome, "the customer is not cut off")
	})
	w.at(3*hour, api.SignalRetry, api.Event{})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 1, w.count("CutOff"))
}

func TestAPersonKeepsAServiceWhoseReleaseWasLimited(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.at(hour, api.SignalTerminate, api.Event{EventID: "t1", Reason: "billing run"})
	w.at(2*hour, api.SignalAccept, api.Event{})
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
		require.Equal(t, api.OutcomeSuperseded, s.Events[0].Outcome)
	})
	w.at(4*hour, api.SignalTerminate, api.Event{EventID: "t2"})
	w.at(5*hour, api.SignalRetry, api.Event{})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase, "a later terminate is a new wish")
}

func TestARenewalInsideAReleaseForExpiryThatWasLimited(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.at(hour, api.SignalExpire, api.Event{Due: date("2025-12-31"), Grace: api.Duration(hour)})
	w.look(5*hour, func(s api.Status) { require.Equal(t, api.CodeLimit, s.Attention.Code) })
	w.at(6*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.look(7*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
	})
	w.at(8*hour, api.SignalTerminate, api.Event{})
	w.at(9*hour, api.SignalRetry, api.Event{})
	w.run(order())
	w.requireOrder("Block", "Restore", "CutOff")
}
