package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// The allocator is ended by force twice and reset once in the middle of a burst: nobody is
// forgotten, no server is given twice, and who paid first is served first.
func TestALostAllocator(t *testing.T) {
	t.Parallel()
	const orders, matching = 20, 14
	w := newWorld(t, quick, "--servers", fmt.Sprint(matching))
	// Each claim takes long enough to be interrupted.
	require.NoError(t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/faults",
		map[string]any{"function": "server.edit", "effect": "slow", "delay": "300ms"}, nil))
	var placed simulator.Placed
	require.NoError(t, w.AskWHMCS(w.ctx, http.MethodPost, "/_sim/orders", simulator.Order{Services: orders}, &placed))
	var ids []int // in the order of payment
	for _, service := range placed.Services {
		require.Empty(t, service.Error)
		ids = append(ids, service.ServiceID)
	}
	require.True(t, slices.IsSorted(ids))

	w.loseAllocator("the first servers are marked", func() bool { return w.marked() > 0 })
	w.loseAllocator("half of the servers are marked", func() bool { return w.marked() > matching/2 })
	require.True(t, w.eventually(w.allocatorRuns))
	w.temporal("workflow", "reset", "-w", allocator, "--type", "LastWorkflowTask", "--reason", "test")
	require.NoError(t, w.AskPanel(w.ctx, http.MethodDelete, "/_sim/faults", nil, nil))

	served, waiting := ids[:matching], ids[matching:]
	w.awaitQueue(served, waiting)
	w.requireOneServerEach(served)

	w.bill(served[0], "terminate")
	w.awaitPhase(waiting[0], api.PhaseActive)
	w.awaitQueue(ids[1:matching+1], waiting[1:])
}

// allocator is the workflow that claims for every order.
var allocator = fleet.InventoryWorkflowID(stack.Panel)

// loseAllocator ends the allocator by force when something has happened.
func (w *world) loseAllocator(when string, happened func() bool) {
	w.t.Helper()
	require.True(w.t, w.eventually(func() bool { return happened() && w.allocatorRuns() }), "%s", when)
	w.temporal("workflow", "terminate", "-w", allocator, "--reason", "test")
}

func (w *world) allocatorRuns() bool {
	w.t.Helper()
	out, err := w.TemporalCommand(w.ctx, "workflow", "list", "--query", fmt.Sprintf("WorkflowId = %q AND ExecutionStatus = 'Running'", allocator), "--output", "json")
	require.NoError(w.t, err, out)
	var rows []json.RawMessage
	require.NoError(w.t, json.Unmarshal([]byte(out), &rows))
	return len(rows) > 0
}

// marked counts the servers that a service has.
func (w *world) marked() int {
	n := 0
	for _, server := range w.panel().Servers {
		if strings.Contains(server.Notes, "/service-") {
			n++
		}
	}
	return n
}

// awaitQueue waits until those are served, and these wait in their order, by their own word
// and by that of the allocator.
func (w *world) awaitQueue(served, waiting []int) {
	w.t.Helper()
	var active, queue []int
	settled := w.eventually(func() bool {
		active, queue = w.list(api.PhaseActive), w.list(api.PhaseWaiting)
		slices.Sort(active)
		slices.Sort(queue)
		return len(active) == len(served) && len(queue) == len(waiting)
	})
	require.True(w.t, settled, "active %v, waiting %v", active, queue)
	require.Equal(w.t, served, active, "who paid first is served first")
	require.Equal(w.t, waiting, queue)
	for i, id := range waiting {
		require.True(w.t, w.eventually(func() bool { return w.position(id) == i+1 }), "the allocator has service %d at %d, not at %d", id, w.position(id), i+1)
		w.await(id, fmt.Sprintf("at position %d", i+1), func(s api.Status) bool { return s.Position == i+1 })
	}
}

// position is what the allocator says.
func (w *world) position(id int) int {
	w.t.Helper()
	out := w.temporal("workflow", "query", "-w", allocator, "--type", fleet.QueryPosition, "--input", fmt.Sprint(id), "--output", "json")
	var answer struct {
		QueryResult []int `json:"queryResult"`
	}
	require.NoError(w.t, json.Unmarshal([]byte(out), &answer), out)
	require.Len(w.t, answer.QueryResult, 1, out)
	return answer.QueryResult[0]
}

func (w *world) requireOneServerEach(ids []int) {
	w.t.Helper()
	holders := map[string]int{}
	for _, id := range ids {
		status := w.status(id)
		require.NotNil(w.t, status.Server)
		require.Zero(w.t, holders[status.Server.ID], "server %s", status.Server.ID)
		holders[status.Server.ID] = id
		w.requireDelivered(id, status)
	}
}

// A lifecycle that was ended by force in the middle of its build leaves a server that nobody
// is given: the next order waits, and the drift report tells of it.
func TestAHalfBuiltServerIsNotGivenToTheNext(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--servers", "1")
	require.NoError(t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/faults",
		map[string]any{"function": "server.poweron", "effect": "error", "type": "value", "object": "power"}, nil))
	lost := w.order(simulator.Order{IPv4: 1})
	require.True(t, w.eventually(func() bool { return len(w.panel().Servers[0].Addresses) == 2 }), "the build has not begun")
	w.temporal("workflow", "terminate", "-w", api.ServiceWorkflowID(lost), "--reason", "test")
	require.NoError(t, w.AskPanel(w.ctx, http.MethodDelete, "/_sim/faults", nil, nil))

	next := w.order(simulator.Order{})
	w.awaitPhase(next, api.PhaseWaiting)
	require.Equal(t, 1, w.position(next))
	w.starter("stock", "--refresh") // the allocator looks once more
	require.Contains(t, w.panel().Servers[0].Notes, fmt.Sprintf("service-%d ", lost))
	orphan := fmt.Sprintf("orphan-%d-1", lost)
	require.Contains(t, w.starter("drift", "--now"), orphan)
	require.Equal(t, api.PhaseWaiting, w.status(next).Phase)

	w.bill(lost, "cancel")
	require.Contains(t, w.starter("drift", "repair", orphan, "--now", "--yes"), "server 1 is free")
	w.requireDelivered(next, w.awaitPhase(next, api.PhaseActive))
}

// A lifecycle that was ended by force and started again gets the server that it has, even when
// it asks while the allocator looks at the panel for somebody else.
func TestAnOrderThatIsStartedAgainKeepsItsServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--servers", "3")
	require.NoError(t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/faults",
		map[string]any{"function": "server.poweron", "effect": "error", "type": "value", "object": "power"}, nil))
	id := w.order(simulator.Order{})
	require.True(t, w.eventually(func() bool { return w.marked() == 1 }), "nothing is claimed")
	require.True(t, w.eventually(func() bool { return w.status(id).Server != nil }), "nothing is granted")
	w.temporal("workflow", "terminate", "-w", api.ServiceWorkflowID(id), "--reason", "test")
	require.NoError(t, w.AskPanel(w.ctx, http.MethodDelete, "/_sim/faults", nil, nil))

	require.NoError(t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/faults", map[string]any{"function": "server", "effect": "slow", "delay": "3s", "count": 2}, nil))
	other := w.order(simulator.Order{})
	w.await(other, "asking", func(s api.Status) bool { return s.Step == api.StepClaim })
	body := w.whmcs().Service(id).Order
	body["restart"] = true
	code, answer := w.call(http.MethodPost, "/v1/services", body)
	require.Less(t, code, 300, string(answer))

	for _, service := range []int{id, other} {
		w.requireDelivered(service, w.awaitPhase(service, api.PhaseActive))
	}
	require.Equal(t, "1", w.status(id).Server.ID)
	require.Equal(t, 2, w.marked(), "each has one server, and one is free")
}
