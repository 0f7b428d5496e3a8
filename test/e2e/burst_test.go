package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/test/harness"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// More paid orders at once than there are servers, and the worker killed in the
// middle: each server goes to one service, and the rest wait in the order of
// payment with a known position.
func TestABurstOfOrders(t *testing.T) {
	t.Parallel()
	orders, matching := burstSize(t)
	// One of seven servers is of the package that everybody wants; newWorld names that one.
	fleet := fmt.Sprint(7 * matching)
	config := strings.NewReplacer("tick: 100ms", "tick: 1s", "repeat: 2s", "repeat: 30s", "heartbeat: 2s", "heartbeat: 10s").Replace(quick)
	w := newWorld(t, config, "--servers", fleet, "--packages", "A,B,C,D,E,F", "--install-time", "2s")
	began := time.Now()
	var placed simulator.Placed
	require.NoError(t, w.AskWHMCS(w.ctx, http.MethodPost, "/_sim/orders", simulator.Order{Package: "E3-16G", Services: orders}, &placed))
	require.Len(t, placed.Services, orders)
	t.Logf("placed after %s", time.Since(began).Round(time.Second))

	count := func(phase api.Phase) int { return len(w.list(phase)) }
	require.True(t, w.within(4*time.Minute, time.Second, func() bool { return count(api.PhaseActive) > matching/10 }))
	t.Logf("worker killed after %s", time.Since(began).Round(time.Second))
	w.restart()
	require.True(t, w.within(5*time.Minute, time.Second, func() bool {
		return count(api.PhaseActive) == matching && count(api.PhaseWaiting) == orders-matching
	}), "active %d, waiting %d", count(api.PhaseActive), count(api.PhaseWaiting))
	t.Logf("settled after %s", time.Since(began).Round(time.Second))

	// Whoever waits stands in the order of payment, which is that of the ids.
	waiting := w.list(api.PhaseWaiting)
	slices.Sort(waiting)
	require.Less(t, slices.Max(w.list(api.PhaseActive)), waiting[0], "who paid first was served")
	for i, id := range waiting {
		require.Equal(t, i+1, w.status(id).Position)
	}
	lists := w.requests("server")
	t.Logf("%d server lists for %d orders", lists, orders)
	require.Less(t, lists, 4*orders, "a few lists an order and one a tick, however many orders are in flight")

	w.bill(w.list(api.PhaseActive)[0], "terminate")
	w.awaitPhase(waiting[0], api.PhaseActive)
	require.Equal(t, orders-matching-1, count(api.PhaseWaiting))
}

// burstSize is small enough for every run; METALEASE_BURST=500/300 makes it large.
func burstSize(t *testing.T) (orders, matching int) {
	t.Helper()
	orders, matching = 50, 30
	if text := os.Getenv("METALEASE_BURST"); text != "" {
		_, err := fmt.Sscanf(text, "%d/%d", &orders, &matching)
		require.NoError(t, err)
		require.Greater(t, orders, matching)
	}
	return orders, matching
}

// list returns the services of a phase.
func (w *world) list(phase api.Phase) []int {
	w.t.Helper()
	var ids []int
	for token := ""; ; {
		code, answer := w.call(http.MethodGet, "/v1/services?page_size=500&phase="+string(phase)+"&page_token="+token, nil)
		require.Equal(w.t, http.StatusOK, code, string(answer))
		var page control.Page
		require.NoError(w.t, json.Unmarshal(answer, &page))
		for _, row := range page.Services {
			ids = append(ids, row.ServiceID)
		}
		if token = page.Next; token == "" {
			return ids
		}
	}
}

// requests is how often a function of the panel was called.
func (w *world) requests(function string) int {
	w.t.Helper()
	state := harness.Panel[struct {
		Functions map[string]struct {
			Requests int `json:"requests"`
		} `json:"functions"`
	}](w.t, w.Stack)
	require.NotEmpty(w.t, state.Functions)
	return state.Functions[function].Requests
}
