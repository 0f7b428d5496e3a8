package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// TestComingAndGoing: services that ISPsystem's module has built are adopted, live with us, and
// go back. The machines are not touched by either.
func TestComingAndGoing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	var ids []int
	for client := range 3 {
		ids = append(ids, w.bought(70+client))
	}
	w.table(ids...)
	unpaid := ids[2] // the old module has blocked it
	require.NoError(t, w.AskWHMCS(w.ctx, http.MethodPost, fmt.Sprintf("/_sim/services/%d", unpaid),
		map[string]any{"status": "Suspended", "suspension_reason": "Overdue on Payment"}, nil))
	require.NoError(t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/servers/"+w.servers[2], map[string]any{"disabled": true}, nil))
	before, changes := w.machines(ids), w.changes()

	out := w.starter("adopt", "--product", "1", "--dry-run")
	require.Contains(t, out, "would be active")
	require.Contains(t, out, "would be blocked")
	require.Equal(t, before, w.machines(ids), "a dry run writes nothing")

	out = w.starter("adopt", "--service", fmt.Sprint(ids[0]))
	require.Contains(t, out, "active")
	out = w.starter("adopt", "--product", "1")
	require.Contains(t, out, "already adopted")
	for _, id := range ids[:2] {
		require.True(t, w.awaitPhase(id, api.PhaseActive).Ready)
	}
	status := w.awaitPhase(unpaid, api.PhaseBlocked)
	require.Nil(t, status.Attention)
	require.NotNil(t, status.GraceEndsAt, "its grace period has begun")
	after := w.machines(ids)
	for i, server := range after {
		require.Contains(t, server.Notes, fmt.Sprintf("service-%d active", ids[i]))
		server.Notes = before[i].Notes
		require.Equal(t, before[i], server, "nothing but the mark")
	}
	require.Len(t, w.panel().Installs, len(ids), "the installs of the old module")
	require.Equal(t, changes, w.changes(), "no call that could have touched a machine")

	w.bill(ids[1], "overdue")
	w.blocked(ids[1], true)
	w.bill(ids[1], "paid")
	w.blocked(ids[1], false)

	out = w.starter("detach", "--all", "--product", "1")
	require.Contains(t, out, "detached")
	require.Equal(t, before, w.machines(ids), "as it was")
	for i, want := range []string{"Active", "Active", "Suspended"} {
		require.Equal(t, want, w.whmcs().Service(ids[i]).Status)
	}
	require.Contains(t, w.starter("detach", "--all", "--product", "1"), "looks after none")
}

// bought is a service as the old module leaves it: active, owned by the client's account, without
// a mark, and no workflow.
func (w *world) bought(client int) int {
	w.t.Helper()
	id := w.order(simulator.Order{ClientID: client})
	status := w.awaitPhase(id, api.PhaseActive)
	w.starter("detach", fmt.Sprint(id), "--wait", "20s")
	require.NotEmpty(w.t, status.Server.ID)
	w.servers = append(w.servers, status.Server.ID)
	return id
}

// table fills the old module's table.
func (w *world) table(ids ...int) {
	w.t.Helper()
	var rows []simulator.IspsystemRow
	for i, id := range ids {
		rows = append(rows, simulator.IspsystemRow{ServiceID: id, ServerID: w.servers[i], Label: "A1"})
	}
	require.NoError(w.t, w.AskWHMCS(w.ctx, http.MethodPost, "/_sim/ispsystem", rows, nil))
}

// machines are the servers of the services, in their order.
func (w *world) machines(ids []int) []server {
	w.t.Helper()
	var found []server
	for i := range ids {
		for _, s := range w.panel().Servers {
			if s.ID == w.servers[i] {
				found = append(found, s)
			}
		}
	}
	return found
}

// changes counts the calls that change a machine or its addresses; a mark is none of them.
func (w *world) changes() map[string]int {
	w.t.Helper()
	counts := map[string]int{}
	for _, function := range []string{"server.enable", "server.disable", "server.poweron", "server.poweroff", "server.reboot",
		"server.operations", "iplist.edit", "iplist.delete", "user.edit"} {
		counts[function] = w.requests(function)
	}
	return counts
}
