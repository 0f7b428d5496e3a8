package server

import (
	"testing"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
	"metalease/internal/control"
	"metalease/workflows/api"
)

// terminate says that the service is to end, as WHMCS does.
func (h *host) terminate(service int) (control.Result, error) {
	h.t.Helper()
	return h.Signal(h.t.Context(), service, api.SignalTerminate, api.Event{Reason: "terminated in WHMCS"}, testTimeout)
}

// TestTerminateOfAServiceThatNobodyLooksAfter: success in WHMCS means that the customer has lost the server.
func TestTerminateOfAServiceThatNobodyLooksAfter(t *testing.T) {
	h := newHost(t, func(c *panelsim.Config) { c.Servers = 1 })
	service, server := h.serve()
	owner := h.server(server).Owner
	require.NoError(t, h.Client.TerminateWorkflow(t.Context(), api.ServiceWorkflowID(service), "", "by force"))

	refused := func(why string) {
		t.Helper()
		var held *control.StillHeld
		_, err := h.terminate(service)
		require.ErrorAs(t, err, &held)
		require.Equal(t, server, held.Server)
		require.Contains(t, held.Why, why)
		require.ErrorContains(t, err, "starter drift --panel fra1 --now")
		require.ErrorContains(t, err, "has ended (terminated) in phase active")
	}
	refused("carries its mark and belongs to " + owner)
	h.administer(server, map[string]any{"notes": "mine now"})
	refused("belongs to " + owner)

	require.NoError(t, h.panel.Fault(panelsim.Rule{Effect: panelsim.HTTP500}))
	_, err := h.terminate(service)
	require.ErrorAs(t, err, new(*control.Refused), "a panel that is down says nothing about the server")
	h.panel.ClearFaults()

	h.administer(server, map[string]any{"owner": "", "notes": "", "hostname": "free.ds"})
	result, err := h.terminate(service)
	require.NoError(t, err)
	require.True(t, result.Reached)
	require.Contains(t, result.Reason, "there is nothing to release")

	next, _ := h.serve() // it has that server now
	result, err = h.terminate(service)
	require.NoError(t, err)
	require.Contains(t, result.Reason, "there is nothing to release")
	require.Equal(t, api.PhaseActive, h.reaches(next, api.PhaseActive, "").Phase)
}
