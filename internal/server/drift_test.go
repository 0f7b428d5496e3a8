package server

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	panelsim "metalease/dcim/simulator"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// host is the world with somebody who looks at drift and repairs it.
type host struct {
	*world
	*control.Control
	billed *whmcs.Client
}

func newHost(t *testing.T, change ...func(*panelsim.Config)) *host {
	t.Helper()
	w := newWorld(t, config.ModeManage, change...)
	client, err := whmcs.New(whmcs.Config{URL: w.cfg.WHMCS.URL, Identifier: "identifier", Secret: "secret"})
	require.NoError(t, err)
	h := &host{w, control.New(w.Client, w.Namespace, w.cfg), client}
	w.work()
	return h
}

// order places an order and starts it.
func (h *host) order() (service int) {
	h.t.Helper()
	placed, err := h.billing.PlaceOrder(billingsim.Order{ClientID: 7, Unpaid: true})
	require.NoError(h.t, err)
	service = placed.Services[0].ServiceID
	started, err := h.Start(h.t.Context(), api.Order{
		ServiceID: service, ClientID: 7, PaidAt: time.Now(), Panel: "fra1", Package: "E3-16G",
		OSTemplate: "ISPsystem__Debian-12-x86_64", Domain: fmt.Sprintf("s%d.example.com", service),
	})
	require.NoError(h.t, err)
	require.True(h.t, started)
	return service
}

// reaches waits until the service is in a phase and step.
func (h *host) reaches(service int, phase api.Phase, step api.Step) api.Status {
	h.t.Helper()
	var last control.Status
	var failed error
	defer func() {
		if h.t.Failed() {
			h.t.Logf("service %d: %v %s", service, failed, statusview.Render(last, time.Now(), statusview.Style{Width: 200}))
		}
	}()
	h.eventually(func() bool {
		var err error
		last, err = h.Status(h.t.Context(), service)
		failed = err
		return err == nil && last.Phase == phase && (step == "" || last.Step == step)
	}, fmt.Sprintf("service %d becomes %s %s", service, phase, step))
	return last.Status
}

// set changes the status in WHMCS by hand: no module runs.
func (h *host) set(service int, status whmcs.Status) {
	h.t.Helper()
	require.NoError(h.t, h.billed.UpdateService(h.t.Context(), service, whmcs.ServiceUpdate{Status: &status}))
}

// serve takes a service to active.
func (h *host) serve() (service int, server string) {
	h.t.Helper()
	service = h.order()
	return service, h.reaches(service, api.PhaseActive, "").Server.ID
}

func (h *host) compare() []drift.Drift {
	h.t.Helper()
	report, err := h.CompareNow(h.t.Context(), "fra1", func(control.Comparison) {})
	require.NoError(h.t, err)
	return report.Drifts
}

// finds waits until a comparison finds exactly this: what has just changed is left out of
// the first one.
func (h *host) finds(id string, remedy drift.Remedy) drift.Drift {
	h.t.Helper()
	var drifts []drift.Drift
	h.eventually(func() bool { drifts = h.compare(); return len(drifts) > 0 }, "a comparison finds "+id)
	require.Len(h.t, drifts, 1, "%+v", drifts)
	require.Equal(h.t, id, drifts[0].ID, drifts[0].What)
	require.Equal(h.t, remedy, drifts[0].Remedy, drifts[0].What)
	return drifts[0]
}

// repairs does what `starter drift repair` does.
func (h *host) repairs(id string) {
	h.t.Helper()
	var panel string
	var d drift.Drift
	h.eventually(func() bool { // the list of reports is a moment behind
		view, err := h.Drift(h.t.Context(), "fra1")
		require.NoError(h.t, err)
		panel, d, err = control.FindDrift(id, view)
		return err == nil
	}, "the newest report has "+id)
	found, err := h.Recheck(h.t.Context(), panel, d, testTimeout)
	require.NoError(h.t, err)
	require.NotNil(h.t, found, "it still holds")
	result, err := h.Repair(h.t.Context(), panel, *found, testTimeout)
	require.NoError(h.t, err)
	require.True(h.t, result.Done, result.What)
}

func (h *host) server(id string) panelsim.Server {
	h.t.Helper()
	for _, s := range h.panel.State().Servers {
		if s.ID == id {
			return s
		}
	}
	h.t.Fatalf("there is no server %s", id)
	return panelsim.Server{}
}

// TestAHardTerminatedOrderIsReportedAndGivenBack: the half-built server of an ended claimer
// is reported within one cycle, and is neither sold nor given back until somebody says so.
func TestAHardTerminatedOrderIsReportedAndGivenBack(t *testing.T) {
	h := newHost(t, func(c *panelsim.Config) { c.InstallTime = time.Hour; c.Servers = 1 })
	service := h.order()
	status := h.reaches(service, api.PhasePending, api.StepInstall)
	h.eventually(func() bool { return h.server(status.Server.ID).Installing }, "the panel installs")
	require.Empty(t, h.compare(), "an order on its way is no drift")

	require.NoError(t, h.Client.TerminateWorkflow(t.Context(), api.ServiceWorkflowID(service), "", "by hand"))
	id := fmt.Sprintf("orphan-%d-%s", service, status.Server.ID)
	pending := h.finds(id, drift.RemedyRestart)
	require.Contains(t, pending.What, "(Pending in WHMCS), whose lifecycle has ended (terminated)")
	require.Equal(t, pending.Since, h.finds(id, drift.RemedyRestart).Since, "it is as old as its first sight")

	next := h.order()
	require.Equal(t, api.PhaseWaiting, h.reaches(next, api.PhaseWaiting, "").Phase, "it is not given to the next")
	require.Contains(t, h.server(status.Server.ID).Notes, fmt.Sprintf("service-%d installing", service))

	h.set(service, whmcs.StatusCancelled)
	h.finds(id, drift.RemedyGiveBack)
	h.repairs(id)
	h.reaches(next, api.PhasePending, api.StepInstall)
	require.Contains(t, h.server(status.Server.ID).Notes, fmt.Sprintf("service-%d ", next), "who waited has it now")
	require.Empty(t, h.panel.Violations())
}

// TestAHardTerminatedOrderGoesOn: the repair of an order that is still pending takes it up
// where it was, without a second install.
func TestAHardTerminatedOrderGoesOn(t *testing.T) {
	h := newHost(t, func(c *panelsim.Config) { c.InstallTime = 3 * time.Second })
	service := h.order()
	status := h.reaches(service, api.PhasePending, api.StepInstall)
	h.eventually(func() bool { return h.server(status.Server.ID).Installing }, "the panel installs")
	require.NoError(t, h.Client.TerminateWorkflow(t.Context(), api.ServiceWorkflowID(service), "", "by hand"))
	id := fmt.Sprintf("orphan-%d-%s", service, status.Server.ID)
	h.finds(id, drift.RemedyRestart)
	h.repairs(id)
	h.reaches(service, api.PhasePending, api.StepHandOver)
	require.Len(t, h.panel.State().Installs, 1)
	require.Empty(t, h.compare())
	require.Empty(t, h.panel.Violations())
}

// TestAComparisonAfterEndedRunsWereDeleted: neither the service's nor its own last run is missed.
func TestAComparisonAfterEndedRunsWereDeleted(t *testing.T) {
	h := newHost(t)
	service, _ := h.serve()
	h.set(service, whmcs.StatusTerminated)
	_, err := h.terminate(service)
	require.NoError(t, err)
	h.reaches(service, api.PhaseReleased, "")
	require.Empty(t, h.compare())
	require.Eventually(t, func() bool {
		h.forget()
		_, err := h.Client.DescribeWorkflow(t.Context(), api.ServiceWorkflowID(service), "")
		return gone(err)
	}, 2*testTimeout, 100*time.Millisecond, "the server deletes once its queues have got that far, which takes up to a minute")
	require.Empty(t, h.compare())
}

// TestStatusesThatSomebodyTypedIntoWHMCS: no module runs for them, so nobody told the
// lifecycle.
func TestStatusesThatSomebodyTypedIntoWHMCS(t *testing.T) {
	h := newHost(t)
	service, server := h.serve()
	require.Empty(t, h.compare())

	h.set(service, whmcs.StatusSuspended)
	open := fmt.Sprintf("open-%d-%s", service, server)
	h.finds(open, drift.RemedySuspend)
	h.repairs(open)
	h.reaches(service, api.PhaseBlocked, "")
	require.True(t, h.server(server).Disabled)
	require.Empty(t, h.compare())

	h.set(service, whmcs.StatusTerminated)
	ended := fmt.Sprintf("ended-%d-%s", service, server)
	h.finds(ended, drift.RemedyTerminate)
	h.repairs(ended)
	h.reaches(service, api.PhaseReleased, "")
	require.Empty(t, h.server(server).Owner)
	require.Empty(t, h.compare())
	require.Empty(t, h.panel.Violations())
}
