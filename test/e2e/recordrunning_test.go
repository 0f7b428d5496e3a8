package e2e

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// recordRunning records a service with whose server all was done that can be, and then one whose server
// is being reinstalled.
func (r *recorder) recordRunning(id int) {
	r.t.Helper()
	status := r.awaitPhase(id, api.PhaseActive)
	count := func(n int) api.Event { return api.Event{IPv4: &n, Actor: admin} }
	r.does(id, api.SignalPower, powered(running.PowerReboot, jane))
	r.does(id, api.SignalNetwork, api.Event{State: "off", Actor: admin})
	r.does(id, api.SignalNetwork, api.Event{State: "on", Actor: admin})
	r.does(id, api.SignalAddresses, count(2))
	r.does(id, api.SignalAddresses, count(1))
	r.await(id, "in need of a person", func(s api.Status) bool { return s.Attention != nil })
	r.starter("accept", fmt.Sprint(id), "--wait", "20s")
	r.await(id, "done", func(s api.Status) bool { return s.Attention == nil && len(s.Server.ExtraIPs) == 1 })
	r.door(id, running.SignOnPanel, jane)
	r.recordRun("acted", id)
	r.does(id, api.SignalReinstall, r.reinstalled(id))
	r.holdInstall(status.Server.ID)
	r.refuses(id, api.SignalPower, powered(running.PowerOff, jane), "is under way")
	r.recordRun("reinstalling", id)
	require.False(r.t, installed(r.status(id)), "service %d went on while it was recorded", id)
	r.endInstall(status.Server.ID)
}

// recordRun records the only run of a service under a name.
func (r *recorder) recordRun(name string, id int) {
	r.t.Helper()
	runs := r.runsOf(api.ServiceWorkflowID(id))
	require.Len(r.t, runs, 1, "what is recorded begins with the order: raise historyLimit")
	r.record(api.TypeServiceLifecycle+"-"+name, runs[0])
}
