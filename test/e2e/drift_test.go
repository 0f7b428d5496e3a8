package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// TestDriftIsSeenAndRepairedOnTheCommandLine: an order whose lifecycle somebody has ended by
// force leaves a half-built server; it is reported, and given back when that is asked for.
func TestDriftIsSeenAndRepairedOnTheCommandLine(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--servers", "1", "--install-time", "10m")
	require.Contains(t, w.starter("drift", "--now"), "no drift")
	id := w.order(simulator.Order{IPv4: 2})
	w.await(id, "installs", func(s api.Status) bool { return s.Install != nil })
	require.Contains(t, w.starter("drift", "--now"), "no drift", "an order on its way")

	w.temporal("workflow", "terminate", "-w", api.ServiceWorkflowID(id), "--reason", "by hand")
	orphan := fmt.Sprintf("orphan-%d-1", id)
	out := w.starter("drift", "--now")
	require.Contains(t, out, orphan)
	require.Contains(t, out, fmt.Sprintf("repair: start the order of service %d again", id))

	w.bill(id, "cancel")
	require.Contains(t, w.starter("drift", "repair", orphan, "--now", "--yes"), "server 1 is free")
	server := w.panel().Servers[0]
	require.Empty(t, server.Owner)
	require.Empty(t, server.Notes)
	require.Equal(t, "free.ds", server.Hostname)
	require.Len(t, server.Addresses, 1)
	require.Contains(t, w.starter("drift", "--now"), "no drift")
}

// TestDriftOfAPanelThatIsOnlyObserved: it is told, and nothing is done about it.
func TestDriftOfAPanelThatIsOnlyObserved(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, stack.Options{Config: quick, PanelConfig: "mode: observe"})
	require.NoError(t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/servers/3", map[string]any{"owner": stack.PanelUser}, nil))
	before := w.panel()
	require.Contains(t, w.starter("drift", "--now"), "unmarked-3")
	require.Equal(t, before.Servers, w.panel().Servers)
}
