package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// calm is quick for a crowd: fifty services that look every tenth of a second would only
// keep each other waiting.
var calm = strings.NewReplacer("tick: 100ms", "tick: 1s", "heartbeat: 2s", "heartbeat: 5s").Replace(quick)

// Fifty first orders of a new client at once, each with a username of its own in WHMCS, end
// in one panel account, and each service carries the name of that one.
func TestACrowdOfFirstOrdersEndsInOneAccount(t *testing.T) {
	t.Parallel()
	const crowd = 50
	w := newWorld(t, calm, "--servers", fmt.Sprint(crowd), "--install-time", "1s")
	require.Empty(t, w.customers(), "nobody has an account yet")
	var placed simulator.Placed
	require.NoError(t, w.AskWHMCS(w.ctx, http.MethodPost, "/_sim/orders", simulator.Order{Services: crowd}, &placed))
	require.Len(t, placed.Services, crowd)
	wished := map[string]bool{}
	for _, service := range placed.Services {
		require.Empty(t, service.Error)
		wished[fmt.Sprintf("u%d", service.ServiceID)] = true
	}
	require.True(t, w.within(2*time.Minute, time.Second, func() bool { return len(w.list(api.PhaseActive)) == crowd }),
		"%d are active", len(w.list(api.PhaseActive)))

	accounts := w.customers()
	require.Len(t, accounts, 1)
	name := accounts[0]
	require.Contains(t, wished, name, "it has the name that one of the orders came with")
	servers := map[string]bool{}
	for _, service := range placed.Services {
		status := w.awaitPhase(service.ServiceID, api.PhaseActive)
		require.Equal(t, name, status.Account)
		require.Equal(t, name, w.whmcs().Service(service.ServiceID).Username)
		w.requireDelivered(service.ServiceID, status)
		servers[status.Server.ID] = true
	}
	require.Len(t, servers, crowd, "each has a server of its own")
	for _, server := range w.panel().Servers {
		require.Equal(t, name, server.OwnerName, "server %s", server.ID)
	}
}

// customers are the names of the panel's accounts of customers.
func (w *world) customers() []string {
	w.t.Helper()
	var names []string
	for _, user := range w.panel().Users {
		if user.Level == 16 {
			names = append(names, user.Name)
		}
	}
	return names
}
