package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/engine"
	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/shop"
)

// historyLimit is the number of events at which the server suggests to continue as new. None
// of the lives below is that long, except the one that is meant to be; in production it is
// some thousands.
const historyLimit = 350

// TestHistoriesAreRecorded records one history of each workflow type, of each phase of a
// service, and of what is done with a running server. `make record-histories` keeps them;
// otherwise they show that recording works.
func TestHistoriesAreRecorded(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, stack.Options{
		Config: quick + selling("hold: 5m", "http://127.0.0.1:9/"), PanelConfig: loose, PanelFlags: []string{"--servers", "11", "--install-time", "8s"},
		TemporalFlags: []string{"--dynamic-config-value", fmt.Sprintf("limit.historyCount.suggestContinueAsNew=%d", historyLimit)},
	})
	r := newRecorder(w)
	building := w.order(simulator.Order{ClientID: 70, IPv4: 1})
	whole := w.order(simulator.Order{ClientID: 71, IPv4: 2, IPv6: 1})
	expired, ending := w.order(simulator.Order{ClientID: 72}), w.order(simulator.Order{ClientID: 73})
	stopped := w.order(simulator.Order{ClientID: 74, OS: "ISPsystem__No-such-OS"})
	long, used := w.order(simulator.Order{ClientID: 75}), w.order(simulator.Order{ClientID: 78, IPv4: 1})

	r.recordPending(building)
	r.recordAttention(stopped)
	r.recordActiveAndReleased(whole)
	r.recordBlocked(expired)
	r.recordRunning(used)
	r.recordReleasing(ending)
	r.recordContinued(long)
	r.recordAdopted(76)
	r.recordReconciler(building)
	r.recordQuarantine(stopped)
	r.recordCart()
	r.recordWaiting()
	for kind, id := range map[string]string{
		api.TypeInventory: fleet.InventoryWorkflowID(stack.Panel), engine.TypeBrakes: fleet.BrakesWorkflowID(stack.Panel),
		api.TypeInstallation: api.InstallationWorkflowID, api.TypeAccount: api.AccountWorkflowID(stack.Panel, 71),
	} {
		r.record(kind, r.runsOf(id)[0])
	}
	r.keep()
}

// recordCart records a cart that is not paid; its shop is not reached.
func (r *recorder) recordCart() {
	r.t.Helper()
	s := &store{world: r.world}
	cart := s.open("ada", 1)
	require.Equal(r.t, shop.StateOpen, cart.State, "%+v", cart)
	require.Equal(r.t, http.StatusOK, s.ask(http.MethodDelete, "/v1/carts/"+cart.ID, "", "", nil))
	require.True(r.t, r.eventually(func() bool { return s.cart(cart.ID).State == shop.StateCancelled }))
	r.record(shop.TypeCart, r.runsOf(shop.WorkflowID(cart.ID))[0])
}

// recordPending records a service whose install runs.
func (r *recorder) recordPending(id int) {
	r.t.Helper()
	status := r.await(id, "installing", func(s api.Status) bool { return s.Install != nil && !s.Install.AcceptedAt.IsZero() })
	// It would end within seconds.
	require.NoError(r.t, r.AskPanel(r.ctx, http.MethodPost, "/_sim/servers/"+status.Server.ID, map[string]any{"install_in_progress": true}, nil))
	r.recordPhase(id, api.PhasePending)
}

// recordAttention records a service that waits for a person, who then gives it another server.
func (r *recorder) recordAttention(id int) {
	r.t.Helper()
	r.recordPhase(id, api.PhaseAttention)
	r.quarantined = r.status(id).Server.ID
	r.starter("retry", fmt.Sprint(id), "--replace", "--set", "os_template=ISPsystem__Debian-12-x86_64", "--wait", "20s")
}

// recordActiveAndReleased records one service twice: active, and at its end, after all that can
// happen to it.
func (r *recorder) recordActiveAndReleased(id int) {
	r.t.Helper()
	r.recordPhase(id, api.PhaseActive)
	r.send(id, api.SignalHold)
	r.bill(id, "overdue")
	r.await(id, "held", func(s api.Status) bool { return s.Attention != nil && s.Attention.Code == api.CodeHeld })
	r.starter("unhold", fmt.Sprint(id), "--wait", "20s")
	r.blocked(id, true)
	r.bill(id, "paid")
	r.blocked(id, false)
	r.send(id, api.SignalSuspend)
	r.blocked(id, true)
	r.send(id, api.SignalUnsuspend)
	r.blocked(id, false)
	r.send(id, api.SignalTerminate)
	r.recordPhase(id, api.PhaseReleased)
}

// recordBlocked records a service in its grace period.
func (r *recorder) recordBlocked(id int) {
	r.t.Helper()
	r.awaitPhase(id, api.PhaseActive)
	r.bill(id, "overdue")
	r.blocked(id, true)
	r.recordPhase(id, api.PhaseBlocked)
}

// recordReleasing records a service whose server does not power off, and during which a person
// pulls the brakes and lets them go.
func (r *recorder) recordReleasing(id int) {
	r.t.Helper()
	status := r.awaitPhase(id, api.PhaseActive)
	require.NoError(r.t, r.AskPanel(r.ctx, http.MethodPost, "/_sim/faults",
		map[string]any{"function": "server.poweroff", "server": status.Server.ID, "effect": "http500"}, nil))
	r.starter("pause", "--reason", "a word of a person")
	r.starter("resume")
	r.send(id, api.SignalTerminate)
	r.awaitPhase(id, api.PhaseReleasing)
	require.True(r.t, r.eventually(func() bool { return len(r.fullStatus(id).Trouble) > 0 }), "its server powers off")
	r.recordPhase(id, api.PhaseReleasing)
	require.NoError(r.t, r.AskPanel(r.ctx, http.MethodDelete, "/_sim/faults", nil, nil))
}

// recordContinued records a run that continues as new, and the one after it.
func (r *recorder) recordContinued(id int) {
	r.t.Helper()
	r.awaitPhase(id, api.PhaseActive)
	workflow := api.ServiceWorkflowID(id)
	require.True(r.t, r.eventually(func() bool {
		for range 20 { // each is an event, and ignored
			require.NoError(r.t, r.client.SignalWorkflow(r.ctx, workflow, "", "a-word-that-nobody-knows", nil))
		}
		return len(r.runsOf(workflow)) > 1
	}), "it does not continue as new")
	r.send(id, api.SignalSuspend)
	r.blocked(id, true)
	runs := r.runsOf(workflow)
	r.record(api.TypeServiceLifecycle+"-continuing", runs[0])
	r.record(api.TypeServiceLifecycle+"-continued", runs[1])
}

// recordAdopted records a service that came from the module of the panel's vendor.
func (r *recorder) recordAdopted(client int) {
	r.t.Helper()
	id := r.bought(client)
	r.table(id)
	r.starter("adopt", "--service", fmt.Sprint(id))
	r.awaitPhase(id, api.PhaseActive)
	r.send(id, api.SignalSuspend)
	r.blocked(id, true)
	runs := r.runsOf(api.ServiceWorkflowID(id))
	require.Len(r.t, runs, 2, "one before it was detached, one since its adoption")
	r.record(api.TypeServiceLifecycle+"-adopted", runs[1])
}

// recordReconciler records a comparison that finds a half-built server, and its repair.
func (r *recorder) recordReconciler(id int) {
	r.t.Helper()
	server := r.status(id).Server.ID
	r.temporal("workflow", "terminate", "-w", api.ServiceWorkflowID(id), "--reason", "by hand")
	orphan := fmt.Sprintf("orphan-%d-%s", id, server)
	require.Contains(r.t, r.starter("drift", "--now"), orphan)
	r.bill(id, "cancel")
	require.Contains(r.t, r.starter("drift", "repair", orphan, "--now", "--yes"), "is free")
	r.recordEnded(fleet.TypeReconcile)
	r.recordEnded(fleet.TypeRepair)
}

// recordQuarantine records how the server that was replaced goes back into stock, and the
// question which servers are in quarantine.
func (r *recorder) recordQuarantine(id int) {
	r.t.Helper()
	r.awaitPhase(id, api.PhaseActive)
	require.Contains(r.t, r.starter("quarantine", "list"), r.quarantined)
	r.starter("quarantine", "clear", "--panel", stack.Panel, r.quarantined, "--reason", "its disk was replaced")
	r.recordEnded(api.TypeQuarantineClear)
	r.recordEnded(api.TypeInquiry)
}

// recordWaiting records a service for which there is no server.
func (r *recorder) recordWaiting() {
	r.t.Helper()
	for _, server := range r.panel().Servers {
		if server.Owner == "" {
			require.NoError(r.t, r.AskPanel(r.ctx, http.MethodPost, "/_sim/servers/"+server.ID, map[string]any{"disabled": true}, nil))
		}
	}
	id := r.order(simulator.Order{ClientID: 77})
	r.await(id, "the first of those who wait", func(s api.Status) bool { return s.Phase == api.PhaseWaiting && s.Position == 1 })
	r.recordPhase(id, api.PhaseWaiting)
}
