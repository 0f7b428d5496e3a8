package postgres

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// What a gateway remembers of signatures the other one does not know. A copy of a call that comes to it is the same event once more.
func (w *world) copiesACall(t *testing.T) {
	w = w.in(t)
	id, _ := w.ordered(t)
	send := func(gateway, path string, body any, signed time.Time) (int, string) {
		t.Helper()
		code, answer, err := stack.SignedCall(w.ctx, http.MethodPost, gateway+path, body, signed)
		require.NoError(t, err)
		return code, string(answer)
	}
	first, second := w.GatewayURL(""), w.gateway2Address
	services := fmt.Sprintf("/v1/services/%d/", id)
	at := time.Now()
	copied := func(path string, body any) (code int, answer string) {
		t.Helper()
		at = at.Add(time.Second)
		code, answer = send(first, path, body, at)
		require.Equal(t, http.StatusOK, code, answer)
		code, answer = send(first, path, body, at)
		require.Equal(t, http.StatusUnauthorized, code, answer)
		return send(second, path, body, at)
	}
	suspend, lifted := services+"suspend?wait=20s", services+"unsuspend?wait=20s"
	code, answer := copied(suspend, api.Event{Reason: "abuse"})
	require.Equal(t, http.StatusOK, code, answer)
	suspended := at
	code, answer = copied(lifted, api.Event{})
	require.Equal(t, http.StatusOK, code, answer)
	// The second gateway has seen neither copy; now it is asked to suspend once more what was lifted.
	w.gateway2.Kill()
	require.NoError(t, w.StartGateway(w.ctx, w.gateway2, w.gateway2Address))
	code, answer = send(second, suspend, api.Event{Reason: "abuse"}, suspended)
	require.Less(t, code, 300, answer)
	require.Equal(t, api.PhaseActive, w.status(id).Phase)

	code, answer = copied(services+"power?wait=20s", api.Event{Action: "reboot", Actor: api.Actor{Kind: api.ActorStaff, Name: "sam"}})
	require.Equal(t, http.StatusOK, code, answer)
	code, answer = copied(services+"sso", map[string]any{"target": "panel", "actor": map[string]string{"kind": "staff", "name": "sam"}})
	require.Equal(t, http.StatusConflict, code, "only the call that asked can read the way in")
	require.NotContains(t, answer, "fields")

	kinds := map[string]int{}
	for _, event := range w.status(id).Events {
		kinds[event.Kind]++
	}
	require.Equal(t, map[string]int{api.SignalSuspend: 1, api.SignalUnsuspend: 1, "power": 1}, kinds, "each was one event")
}

// Both workers together ask the panel no more than one may.
func TestTheRateHoldsForAllWorkers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{polite: true, panelConfig: "rate: 8, concurrency: 4"})
	divided := func() bool {
		for _, log := range []string{w.Worker.Log(), w.worker2.Log()} {
			if !strings.Contains(log, "limits are divided") {
				return false
			}
		}
		return true
	}
	require.True(t, w.eventually(divided), "both know of each other")
	for range 12 {
		w.order(simulator.Order{IPv4: 2})
	}
	const window = 15 * time.Second
	from, began := w.requests(), time.Now()
	require.Eventually(t, func() bool { return time.Since(began) >= window }, patience, 100*time.Millisecond)
	rate := float64(w.requests()-from) / time.Since(began).Seconds()
	require.Less(t, rate, 9.5, "requests a second; each worker alone would ask 8, both 16")
	require.Greater(t, rate, 1.0, "they have enough to ask, on a busy machine too")
}

// requests are all that the panel was asked.
func (w *world) requests() int {
	w.t.Helper()
	sum := 0
	for _, count := range w.panel().Functions {
		sum += count.Requests
	}
	return sum
}
