package postgres

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// Whatever process is killed in the middle of an install, the order goes on, those that come meanwhile are taken, and all have one
// server, one install and one mail.
func TestEachProcessMayBeKilled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{panelFlags: []string{"--install-time", "3s"}})
	require.NoError(t, w.Schema(w.ctx)) // both jobs may run again
	require.NoError(t, w.Prepare(w.ctx))
	for _, victim := range []struct {
		name  string
		kill  func()
		again func()
	}{
		{"a worker and a gateway", func() { w.Worker.Kill(); w.Gateway.Kill() }, func() {
			require.NoError(t, w.AwaitWorker(w.ctx))
			require.NoError(t, w.AwaitGateway(w.ctx))
		}},
		{"the other worker and gateway", func() { w.worker2.Kill(); w.gateway2.Kill() }, func() {
			require.NoError(t, w.StartWorker(w.ctx, w.worker2))
			require.NoError(t, w.StartGateway(w.ctx, w.gateway2, w.gateway2Address))
		}},
		{"a Temporal server", w.Servers[0].Kill, func() { require.NoError(t, w.Servers[0].Serve(w.ctx)) }},
		{"the other Temporal server", w.Servers[1].Kill, func() { require.NoError(t, w.Servers[1].Serve(w.ctx)) }},
		{"PostgreSQL, killed", func() { w.DB.Kill(); w.openDatabase() }, func() {}},
		{"PostgreSQL, restarted", func() { w.shutDatabase(); w.openDatabase() }, func() {}},
	} {
		t.Run(victim.name, func(t *testing.T) {
			w := w.in(t)
			installs := len(w.panel().Installs)
			before := w.order(simulator.Order{IPv4: 1})
			w.await(before, "installing", func(s control.Status) bool {
				return s.Step == api.StepInstall && s.Install != nil && !s.Install.AcceptedAt.IsZero()
			})
			victim.kill()
			meanwhile := w.order(simulator.Order{IPv4: 1})
			w.requireDelivered(before, w.awaitPhase(before, api.PhaseActive))
			w.requireDelivered(meanwhile, w.awaitPhase(meanwhile, api.PhaseActive))
			require.Len(t, w.panel().Installs, installs+2)
			victim.again()

			w.bill(before, "terminate")
			w.awaitPhase(before, api.PhaseReleased)
			require.Empty(t, w.marked(before))
		})
	}
	t.Run("a worker that is cut off from the panel", w.cutsOffAWorker)
	t.Run("a copied call at the other gateway", w.copiesACall)
}

// in is the same world for a part of its test.
func (w *world) in(t *testing.T) *world {
	part := *w
	part.t = t
	return &part
}

// A worker that does not reach the panel takes work that it cannot do. The other one does it.
func (w *world) cutsOffAWorker(t *testing.T) {
	w = w.in(t)
	w.wire.Cut(true)
	var ids []int
	for range 4 {
		ids = append(ids, w.order(simulator.Order{IPv4: 1}))
	}
	for _, id := range ids {
		w.requireDelivered(id, w.awaitPhase(id, api.PhaseActive))
	}
	require.Contains(t, w.worker2.Log(), "PanelUnavailable", "it was asked too")
	w.wire.Cut(false)
	w.Worker.Kill()
	w.requireDelivered(w.ordered(t))
	require.NoError(t, w.AwaitWorker(w.ctx))
}

// ordered is an order that has become active.
func (w *world) ordered(t *testing.T) (int, control.Status) {
	t.Helper()
	id := w.order(simulator.Order{IPv4: 1})
	return id, w.awaitPhase(id, api.PhaseActive)
}
