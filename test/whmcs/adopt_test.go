package whmcs_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

// A service goes back to ISPsystem's module, which finds its server in the table that we kept
// current, and comes again: adopted from that table through our own page of WHMCS.
func goneAndBack(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "server")
	server := w.requireDelivered(t, id)
	w.starter(t, "detach", fmt.Sprint(id), "--reason", "back to the old module", "--wait", "20s")
	require.Equal(t, server.ID, w.state(t).oldModule(id))
	require.NotContains(t, w.panel(t).byID(server.ID).Notes, "metalease:")

	require.Contains(t, w.starter(t, "adopt", "--service", fmt.Sprint(id), "--dry-run"), "would be active")
	require.NotContains(t, w.panel(t).byID(server.ID).Notes, "metalease:")
	w.starter(t, "adopt", "--service", fmt.Sprint(id))
	status := w.awaitPhase(t, id, api.PhaseActive)
	require.Equal(t, server.ID, status.Server.ID)

	w.overdue(t, id)
	w.awaitShown(t, id, "Suspended")
	w.requireBlocked(t, server.ID, true)
	w.edit(t, id, record{"nextduedate": today()})
	w.renew(t, id)
	w.awaitShown(t, id, "Active")
	w.insist(t, id, "terminate", nil)
	w.awaitShown(t, id, "Terminated")
	w.requireFree(t, id, server.ID)
	require.Empty(t, w.state(t).oldModule(id))
	require.Equal(t, 1, w.of(t, id).mailsOf(id), "no second welcome")
}

// starter runs the command line.
func (w *world) starter(t *testing.T, args ...string) string {
	t.Helper()
	out, err := w.Starter(t.Context(), args...)
	require.NoError(t, err, out)
	return out
}
