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
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.fail["Activate"] = final(edge.ErrNotPending, "service 101 is Fraud in WHMCS")
	w.at(hour, api.SignalAccept, api.Event{})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseAttention, s.Phase)
		require.Equal(t, api.CodeKept, s.Attention.Code)
		delete(w.fail, "Activate")
	})
	w.at(3*hour, api.SignalRetry, api.Event{})
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.True(t, s.Ready)
	})
	w.at(5*hour, api.SignalTerminate, api.Event{})
	w.at(6*hour, api.SignalRetry, api.Event{})
	w.run(order())
}

func TestAServiceThatWasKeptAfterItsGraceSaysSo(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(0)
	w.at(3*hour, api.SignalAccept, api.Event{})
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, api.CodeReleaseRefused, s.Attention.Code)
	})
	w.at(5*hour, api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")})
	w.look(6*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
	})
	w.at(7*hour, api.SignalTerminate, api.Event{})
	w.at(8*hour, api.SignalRetry, api.Event{})
	w.run(order())
}

func TestAnotherServerIsBlockedAnew(t *testing.T) {
	w := newWorld(t)
	w.byHand = edge.ErrRenamedByHand
	w.at(time.Minute, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.look(30*time.Minute, func(api.Status) { w.byHand = "" })
	w.at(hour, api.SignalRetry, api.Event{Replace: true})
	w.look(3*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, "6", s.Server.ID)
		require.Equal(t, 2, w.count("Block"))
	})
	w.live(order(), day)
}

func TestALateInstallIsWaitedForAfterARefusedAccept(t *testing.T) {
	w := newWorld(t)
	w.takes = 2 * hour
	w.at(hour, api.SignalAccept, api.Event{ServerID: "99"})
	w.look(3*hour, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), day)
}

// TestARestartedOrderGoesOnAfterAHalfDoneRelease: an earlier life left its server "releasing".
func TestARestartedOrderGoesOnAfterAHalfDoneRelease(t *testing.T) {
	w := newWorld(t)
	w.found = &panel.Found{Server: &panel.Server{ID: "9", Label: "A1-09", IP: "192.0.2.9"}, State: holding.StateReleasing}
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "5", s.Server.ID)
	})
	w.live(order(), 2*hour)
	w.requireOrder("FindServer", "CutOff", "ReturnToStock", "FindServer", "HandOver", "Activate")
	require.Equal(t, 1, w.count("Follow Terminated"), "only the end of the test")
}

func TestTheSameReasonFromWHMCSAndAPerson(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	say := func(s *State, signal, input string, after time.Duration) {
		require.True(t, s.receive(signal, []byte(input), "", now.Add(after)))
	}
	s := State{Order: order(), Server: &Server{}}
	s.Life.Phase = api.PhaseActive
	say(&s, api.SignalSuspend, `{"reason":"abuse","source":"whmcs"}`, 0)
	say(&s, api.SignalSuspend, `{"reason":"abuse","source":"cli"}`, time.Minute)
	say(&s, api.SignalUnsuspend, `{"source":"whmcs"}`, time.Hour)
	require.Len(t, s.Blocks.Suspensions, 1, "a person's word outlasts a payment")

	s = State{Order: order(), Server: &Server{}}
	s.Life.Phase = api.PhaseActive
	say(&s, api.SignalSuspend, `{"reason":"abuse","source":"cli"}`, 0)
	say(&s, api.SignalSuspend, `{"reason":"abuse","source":"whmcs"}`, time.Minute)
	require.Len(t, s.Blocks.Suspensions, 1, "WHMCS only confirms")
	require.Equal(t, "cli", s.Blocks.Suspensions[0].Source)
}
