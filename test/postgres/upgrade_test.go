package postgres

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"metalease/internal/control"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// The way of docs/upgrade.md: a new build stands beside the old one and does nothing until it is made current. Then it takes new orders
// and goes on with every service, the old one has nothing left and is stopped. Back goes the same way.
func TestAnUpgrade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{
		lone: true, panelFlags: []string{"--install-time", "5s"},
		config: "worker: {versioning: true, build_id: 1.0.0}\n",
		// A service that continues as new after some signals, not after years.
		dynamic: "limit.historyCount.suggestContinueAsNew:\n  - value: 100\n",
	})
	c := w.dial()
	require.Contains(t, w.Worker.Log(), "temporal worker deployment set-current-version --deployment-name metalease --build-id 1.0.0")
	w.makeCurrent("1.0.0")
	old := w.order(simulator.Order{})
	w.awaitPhase(old, api.PhaseActive)
	w.requireBuild(c, old, "1.0.0")

	w.addWorker(func(config string) string { return strings.Replace(config, "build_id: 1.0.0", "build_id: 1.1.0", 1) })
	require.Contains(t, w.worker2.Log(), "takes no work until it is made current")
	meanwhile := w.order(simulator.Order{})
	w.await(meanwhile, "installing", func(s control.Status) bool { return s.Install != nil && !s.Install.AcceptedAt.IsZero() })
	w.requireBuild(c, meanwhile, "1.0.0")
	w.makeCurrent("1.1.0")
	fresh := w.order(simulator.Order{})
	w.Worker.Stop()
	for _, id := range []int{meanwhile, fresh} {
		w.requireDelivered(id, w.awaitPhase(id, api.PhaseActive))
		w.requireBuild(c, id, "1.1.0")
	}
	w.toggles(old)
	w.requireBuild(c, old, "1.1.0")

	// Once its history is long it continues as new, in the build that is current.
	began := w.run(c, old)
	for i := 0; w.run(c, old) == began; i++ {
		require.Less(t, i, 40, "it does not continue as new")
		w.toggles(old)
	}
	w.requireBuild(c, old, "1.1.0")

	// Back: the old build is started again and made current.
	require.NoError(t, w.StartWorker(w.ctx, w.Worker))
	w.makeCurrent("1.0.0")
	w.worker2.Stop()
	w.toggles(old)
	w.requireBuild(c, old, "1.0.0")
	w.requireDelivered(fresh, w.awaitPhase(fresh, api.PhaseActive))
}

// makeCurrent does what the log of the worker says, once the build is known.
func (w *world) makeCurrent(build string) {
	w.t.Helper()
	var out string
	require.True(w.t, w.eventually(func() bool {
		var err error
		out, err = w.TemporalCommand(w.ctx, "worker", "deployment", "set-current-version", "--deployment-name", "metalease", "--build-id", build, "--yes")
		return err == nil
	}), "%s: %s", build, out)
}

// requireBuild waits until a service's last task was done by a build.
func (w *world) requireBuild(c client.Client, id int, build string) {
	w.t.Helper()
	var last string
	require.True(w.t, w.eventually(func() bool {
		known, err := c.DescribeWorkflow(w.ctx, api.ServiceWorkflowID(id), "")
		require.NoError(w.t, err)
		last = known.RawResponse.GetWorkflowExecutionInfo().GetVersioningInfo().GetDeploymentVersion().GetBuildId()
		return last == build
	}), "service %d is with build %q, not %s", id, last, build)
}

// run is the newest run of a service.
func (w *world) run(c client.Client, id int) string {
	w.t.Helper()
	known, err := c.DescribeWorkflow(w.ctx, api.ServiceWorkflowID(id), "")
	require.NoError(w.t, err)
	return known.RawResponse.GetWorkflowExecutionInfo().GetExecution().GetRunId()
}

// toggles suspends a service and lifts that.
func (w *world) toggles(id int) {
	w.t.Helper()
	w.starter("suspend", fmt.Sprint(id), "--reason", "abuse", "--wait", "20s")
	w.awaitPhase(id, api.PhaseBlocked)
	w.starter("unsuspend", fmt.Sprint(id), "--wait", "20s")
	w.awaitPhase(id, api.PhaseActive)
}
