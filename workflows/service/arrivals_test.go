package service

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/tenant"
	"metalease/workflows/api"
)

// begins is when an activity ran first after a time; zero for never.
func (w *world) begins(name string, after time.Time) time.Time {
	for i, call := range w.calls {
		if call == name && !w.times[i].Before(after) {
			return w.times[i]
		}
	}
	return time.Time{}
}

// TestNothingWaitsForAnAction: each word about money, abuse or the end is done at once, whatever is being
// done with the server and however long it takes.
func TestNothingWaitsForAnAction(t *testing.T) {
	arrivals := []struct {
		signal string
		event  api.Event
		does   string
		phase  api.Phase
	}{
		{api.SignalSuspend, api.Event{Reason: "abuse"}, "Block", api.PhaseBlocked},
		{api.SignalExpire, api.Event{Due: date("2025-12-31")}, "Block", api.PhaseBlocked},
		{api.SignalRenew, api.Event{ExpiresAt: date("2026-01-31")}, "", api.PhaseActive},
		{api.SignalTerminate, api.Event{Reason: "end of test"}, "CutOff", api.PhaseReleased},
	}
	for _, wish := range wishes() {
		for _, a := range arrivals {
			t.Run(fmt.Sprint(wish.kind, " ", a.signal), func(t *testing.T) {
				w := newWorld(t)
				began := w.Now()
				w.ports = []tenant.Port{{Port: "12", State: "on"}}
				w.delays = map[string]time.Duration{"SwitchPower": hour, "SwitchNetwork": hour, "ChangeAddresses": hour}
				w.when = map[string]func(){"StartReinstall": func() { w.takes = hour }}
				arrives := hour + 10*time.Minute
				w.wants(hour, wish)
				a.event.EventID = "x1"
				w.at(arrives, a.signal, a.event)
				w.look(arrives+time.Minute, func(s api.Status) {
					require.Equal(t, a.phase, s.Phase, "%v", s.Timeline)
					if a.signal != api.SignalTerminate {
						require.Equal(t, api.OutcomeApplied, became(t, s, "x1").Outcome)
					}
					if wish.kind == api.SignalReinstall && a.phase != api.PhaseReleased {
						require.Empty(t, s.Action.Problem, "the install goes on")
						require.True(t, s.Install.FinishedAt.IsZero())
					}
				})
				w.look(3*hour, func(s api.Status) {
					switch {
					case a.phase == api.PhaseReleased:
					case wish.kind == api.SignalReinstall:
						require.Empty(t, s.Action.Problem)
						require.Equal(t, a.phase, s.Phase)
						require.False(t, s.Install.FinishedAt.IsZero())
						if a.phase == api.PhaseBlocked {
							require.Zero(t, w.count("Unblock"))
						}
					case a.phase == api.PhaseActive:
						require.Equal(t, api.OutcomeApplied, became(t, s, "e1").Outcome)
					case wish.kind == api.SignalAddresses:
						require.Equal(t, api.OutcomePending, became(t, s, "e1").Outcome, "it was paid for")
					default:
						e := became(t, s, "e1")
						require.Equal(t, api.OutcomeFailed, e.Outcome)
						require.Contains(t, e.Reason, "the server is blocked")
						require.Equal(t, e.Reason, s.Action.Problem)
					}
				})
				end := w.live(order(), 4*hour)
				require.NotEqual(t, api.OutcomePending, became(t, end, "e1").Outcome)
				require.LessOrEqual(t, w.count("StartReinstall"), 1)
				if a.does != "" {
					at := w.begins(a.does, began.Add(hour))
					require.WithinDuration(t, began.Add(arrives), at, time.Second, "%v", w.done())
				}
			})
		}
	}
}

// TestABlockComesBehindAPortThatIsBeingOpened: else it would be open behind the block.
func TestABlockComesBehindAPortThatIsBeingOpened(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"SwitchNetwork": hour}
	w.wants(hour, network("e1", "on"))
	blocked := false
	w.when = map[string]func(){"Block": func() { blocked = true }}
	w.at(hour+time.Minute, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.look(hour+2*time.Minute, func(s api.Status) {
		require.True(t, blocked)
		require.Equal(t, api.OutcomeFailed, became(t, s, "e1").Outcome)
	})
	w.live(order(), 2*hour)
}

// TestNothingBeginsWhileItIsBlocked: what was asked for before the block and had not begun.
func TestNothingBeginsWhileItIsBlocked(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"Block": 10 * time.Minute}
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	for i, wish := range wishes() {
		wish.event.EventID = fmt.Sprint("w", i)
		w.wants(hour+time.Minute, wish) // while it is being blocked
		wish.event.EventID = fmt.Sprint("x", i)
		w.wants(hour+30*time.Minute, wish) // and after
	}
	w.look(2*hour, func(s api.Status) {
		for i := range wishes() {
			for _, id := range []string{"w", "x"} {
				e := became(t, s, fmt.Sprint(id, i))
				require.Equal(t, api.OutcomeIgnored, e.Outcome)
				require.Equal(t, "the server is blocked: Suspended by staff", e.Reason)
			}
		}
	})
	w.live(order(), 3*hour)
	require.Zero(t, len(w.powered)+len(w.reinstalls)+len(w.changes)+w.count("SwitchNetwork"))
}
