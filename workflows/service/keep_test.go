package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
)

func TestABuildThatWasKeptIsNotActive(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.fail["Activate"] = Final(edge.ErrNotPending, "service 101 is Fraud in WHMCS")
	w.At(hour, api.SignalAccept, api.Event{})
	w.Look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseAttention, s.Phase)
		require.Equal(t, api.CodeKept, s.Attention.Code)
		delete(w.fail, "Activate")
	})
	w.At(3*hour, api.SignalRetry, api.Event{})
	w.Look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.True(t, s.Ready)
	})
	w.At(5*hour, api.SignalTerminate, api.Event{})
	w.At(6*hour, api.SignalRetry, api.Event{})
	w.run(Order())
}

func TestAServiceThatWasKeptAfterItsGraceSaysSo(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(0)
	w.At(3*hour, api.SignalAccept, api.Event{})
	w.Look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, api.CodeReleaseRefused, s.Attention.Code)
	})
	w.At(5*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.Look(6*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
	})
	w.At(7*hour, api.SignalTerminate, api.Event{})
	w.At(8*hour, api.SignalRetry, api.Event{})
	w.run(Order())
}

func TestAnotherServerIsBlockedAnew(t *testing.T) {
	w := NewWorld(t)
	w.byHand = edge.ErrRenamedByHand
	w.At(time.Minute, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.Look(30*time.Minute, func(api.Status) { w.byHand = "" })
	w.At(hour, api.SignalRetry, api.Event{Replace: true})
	w.Look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, "6", s.Server.ID)
		require.Equal(t, 2, w.Count("Block"))
	})
	w.Live(Order(), day)
}

func TestALateInstallIsWaitedForAfterARefusedAccept(t *testing.T) {
	w := NewWorld(t)
	w.takes = 2 * hour
	w.At(hour, api.SignalAccept, api.Event{ServerID: "99"})
	w.Look(3*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.Live(Order(), day)
}

// TestARestartedOrderGoesOnAfterAHalfDoneRelease: an earlier life left its server "releasing".
func TestARestartedOrderGoesOnAfterAHalfDoneRelease(t *testing.T) {
	w := NewWorld(t)
	w.found = &panel.Found{Server: &panel.Server{ID: "9", Label: "A1-09", IP: "192.0.2.9"}, State: holding.StateReleasing}
	w.Look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "5", s.Server.ID)
	})
	w.Live(Order(), 2*hour)
	w.requireOrder("FindServer", "CutOff", "ReturnToStock", "FindServer", "HandOver", "Activate")
	require.Equal(t, 1, w.Count("Follow Terminated"), "only the end of the test")
}

func TestTheSameReasonFromWHMCSAndAPerson(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	say := func(s *State, signal, input string, after time.Duration) {
		require.True(t, s.receive(signal, []byte(input), "", now.Add(after)))
	}
	s := State{Order: Order()}
	s.Phase = api.PhaseActive
	say(&s, api.SignalSuspend, `{"reason":"abuse","source":"whmcs"}`, 0)
	say(&s, api.SignalSuspend, `{"reason":"abuse","source":"cli"}`, time.Minute)
	say(&s, api.SignalUnsuspend, `{"source":"whmcs"}`, time.Hour)
	require.Len(t, s.Suspensions, 1, "a person's word outlasts a payment")

	s = State{Order: Order()}
	s.Phase = api.PhaseActive
	say(&s, api.SignalSuspend, `{"reason":"abuse","source":"cli"}`, 0)
	say(&s, api.SignalSuspend, `{"reason":"abuse","source":"whmcs"}`, time.Minute)
	require.Len(t, s.Suspensions, 1, "WHMCS only confirms")
	require.Equal(t, "cli", s.Suspensions[0].Source)
}
