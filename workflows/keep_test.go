package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities"
)

func TestABuildThatWasKeptIsNotActive(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.fail["Activate"] = final(activities.ErrNotPending, "service 101 is Fraud in WHMCS")
	w.at(hour, SignalAccept, Event{})
	w.look(2*hour, func(s Status) {
		require.Equal(t, PhaseAttention, s.Phase)
		require.Equal(t, codeKept, s.Attention.Code)
		delete(w.fail, "Activate")
	})
	w.at(3*hour, SignalRetry, Event{})
	w.look(4*hour, func(s Status) {
		require.Equal(t, PhaseActive, s.Phase)
		require.True(t, s.Ready)
	})
	w.at(5*hour, SignalTerminate, Event{})
	w.at(6*hour, SignalRetry, Event{})
	w.run(order())
}

func TestAServiceThatWasKeptAfterItsGraceSaysSo(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"CutOff": true}
	w.expiring(0)
	w.at(3*hour, SignalAccept, Event{})
	w.look(4*hour, func(s Status) {
		require.Equal(t, PhaseBlocked, s.Phase)
		require.Equal(t, codeReleaseRefused, s.Attention.Code)
	})
	w.at(5*hour, SignalRenew, Event{ExpiresAt: date("2026-01-31")})
	w.look(6*hour, func(s Status) {
		require.Equal(t, PhaseActive, s.Phase)
		require.Nil(t, s.Attention)
	})
	w.at(7*hour, SignalTerminate, Event{})
	w.at(8*hour, SignalRetry, Event{})
	w.run(order())
}

func TestAnotherServerIsBlockedAnew(t *testing.T) {
	w := newWorld(t)
	w.byHand = activities.ErrRenamedByHand
	w.at(time.Minute, SignalSuspend, Event{Reason: "abuse"})
	w.look(30*time.Minute, func(Status) { w.byHand = "" })
	w.at(hour, SignalRetry, Event{Replace: true})
	w.look(3*hour, func(s Status) {
		require.Equal(t, PhaseBlocked, s.Phase)
		require.Equal(t, "6", s.Server.ID)
		require.Equal(t, 2, w.count("Block"))
	})
	w.live(order(), day)
}

func TestALateInstallIsWaitedForAfterARefusedAccept(t *testing.T) {
	w := newWorld(t)
	w.takes = 2 * hour
	w.at(hour, SignalAccept, Event{ServerID: "99"})
	w.look(3*hour, func(s Status) { require.Equal(t, PhaseActive, s.Phase) })
	w.live(order(), day)
}

// TestARestartedOrderGoesOnAfterAHalfDoneRelease: an earlier life left its server "releasing".
func TestARestartedOrderGoesOnAfterAHalfDoneRelease(t *testing.T) {
	w := newWorld(t)
	w.found = &activities.Found{Machine: &activities.Machine{ID: "9", Label: "A1-09", IP: "192.0.2.9"}, State: activities.StateReleasing}
	w.look(hour, func(s Status) {
		require.Equal(t, PhaseActive, s.Phase)
		require.Equal(t, "5", s.Server.ID)
	})
	w.live(order(), 2*hour)
	w.requireOrder("FindServer", "CutOff", "ReturnToStock", "FindServer", "HandOver", "Activate")
	require.Equal(t, 1, w.count("Follow Terminated"), "only the end of the test")
}

func TestTheSameReasonFromWHMCSAndAPerson(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	say := func(s *Input, signal, input string, after time.Duration) {
		require.True(t, s.receive(signal, []byte(input), "", now.Add(after)))
	}
	s := NewInput(order(), Settings{})
	s.Phase = PhaseActive
	say(&s, SignalSuspend, `{"reason":"abuse","source":"whmcs"}`, 0)
	say(&s, SignalSuspend, `{"reason":"abuse","source":"cli"}`, time.Minute)
	say(&s, SignalUnsuspend, `{"source":"whmcs"}`, time.Hour)
	require.Len(t, s.Suspensions, 1, "a person's word outlasts a payment")

	s = NewInput(order(), Settings{})
	s.Phase = PhaseActive
	say(&s, SignalSuspend, `{"reason":"abuse","source":"cli"}`, 0)
	say(&s, SignalSuspend, `{"reason":"abuse","source":"whmcs"}`, time.Minute)
	require.Len(t, s.Suspensions, 1, "WHMCS only confirms")
	require.Equal(t, "cli", s.Suspensions[0].Source)
}
