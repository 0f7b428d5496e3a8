package e2e

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/stack"
	"metalease/test/harness"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// TestTheBrakes: a pause stops blocks and releases but no unblock, and the second release of
// an hour waits for a person.
func TestTheBrakes(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, stack.Options{Config: quick, PanelConfig: "max_releases_per_hour: 1"})
	var ids []int
	for client := range 3 {
		ids = append(ids, w.order(simulator.Order{ClientID: 70 + client}))
	}
	for _, id := range ids {
		w.awaitPhase(id, api.PhaseActive)
	}
	w.starter("suspend", fmt.Sprint(ids[0]), "--reason", "abuse", "--wait", "20s")
	w.blocked(ids[0], true)

	w.starter("pause", "--reason", "the billing run is broken")
	w.send(ids[1], api.SignalSuspend)
	w.send(ids[2], api.SignalTerminate)
	for _, id := range ids[1:] {
		w.awaitTrouble(id, "paused")
	}
	w.starter("unsuspend", fmt.Sprint(ids[0]), "--wait", "20s")
	w.blocked(ids[0], false)
	require.Contains(t, w.starter("status", fmt.Sprint(ids[1])), "the billing run is broken")
	require.Contains(t, w.starter("stock"), "the billing run is broken")
	require.Equal(t, 3, w.held(ids), "nothing was taken from anybody")

	w.starter("resume")
	w.blocked(ids[1], true)
	w.awaitPhase(ids[2], api.PhaseReleased)

	w.send(ids[0], api.SignalTerminate)
	limited := func(s api.Status) bool { return s.Attention != nil && s.Attention.Code == "limit_reached" }
	w.await(ids[0], "stopped by the limit", limited)
	require.Equal(t, "Active", w.whmcs().Service(ids[0]).Status)
	w.starter("retry", fmt.Sprint(ids[0]), "--wait", "20s")
	w.awaitPhase(ids[0], api.PhaseReleased)
}

func (w *world) send(id int, signal string) {
	w.t.Helper()
	w.temporal("workflow", "signal", "-w", fmt.Sprintf("service-%d", id), "--name", signal, "--input", `"end of test"`)
}

// awaitTrouble waits until a service shows a call that fails with these words.
func (w *world) awaitTrouble(id int, words string) {
	w.t.Helper()
	var seen []control.Trouble
	ok := w.eventually(func() bool {
		seen = w.fullStatus(id).Trouble
		for _, trouble := range seen {
			if containsAny(trouble.LastError, words) {
				return true
			}
		}
		return false
	})
	require.True(w.t, ok, "service %d: %v", id, seen)
}

// held counts the services whose server is still their customer's, and on the network or not.
func (w *world) held(ids []int) int {
	n := 0
	for _, server := range w.panel().Servers {
		for _, id := range ids {
			if containsAny(server.Notes, fmt.Sprintf("service-%d active", id)) {
				n++
			}
		}
	}
	return n
}

func (w *world) starter(args ...string) string {
	w.t.Helper()
	return harness.Starter(w.ctx, w.t, w.Stack, args...)
}

// TestObserveModeWritesNothing: orders are refused, and what is asked for is not done.
func TestObserveModeWritesNothing(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, stack.Options{Config: quick, PanelConfig: "mode: observe"})
	var placed simulator.Placed
	require.NoError(t, w.AskWHMCS(w.ctx, "POST", "/_sim/orders", simulator.Order{}, &placed))
	require.Contains(t, placed.Services[0].Error, "observed")
	before := w.panel()
	out := w.starter("stock", "--refresh")
	require.Contains(t, out, "30")
	require.Equal(t, before.Servers, w.panel().Servers)
	require.Empty(t, w.panel().Installs)
}
