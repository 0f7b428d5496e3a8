package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"

	"metalease/internal/stack"
	"metalease/test/harness"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// TestWhatACleanOrderTakesOfTemporal counts what one order of a new client leaves in the histories: its own, its account's and that
// of the allocator. docs/performance.md has these numbers; one that changes there changes here, with its reason.
func TestWhatACleanOrderTakesOfTemporal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.NewReplacer("repeat: 2s", "repeat: 10m").Replace(quick))
	w.awaitPhase(w.order(simulator.Order{ClientID: 7}), api.PhaseActive) // what is begun once for a panel
	before := w.counted(allocator)
	id := w.order(simulator.Order{ClientID: 8})
	w.awaitPhase(id, api.PhaseActive)

	own := w.counted(api.ServiceWorkflowID(id))
	require.Equal(t, map[string]int{"Look": 1, "MakeReady": 1, "StartInstall": 1, "AwaitInstall": 1, "HandOver": 1, "Activate": 1}, own.activities)
	require.Equal(t, map[string]int{
		"WorkflowExecutionStarted": 1, "UpsertWorkflowSearchAttributes": 2, "WorkflowPropertiesModified": 1, // pending, active; the memo
		"ActivityTaskScheduled": 6, "ActivityTaskStarted": 6, "ActivityTaskCompleted": 6,
		"SignalExternalWorkflowExecutionInitiated": 1, "ExternalWorkflowExecutionSignaled": 1, // asks for a server
		"WorkflowExecutionSignaled": 2,                     // the account, the server
		"TimerStarted":              2, "TimerCanceled": 2, // until it asks again, and the end of the time for the install
	}, own.events)
	require.LessOrEqual(t, own.total, 60, "with workflow tasks")

	account := w.counted(api.AccountWorkflowID(stack.Panel, 8))
	require.Equal(t, map[string]int{"LookUpAccount": 1, "CreateAccount": 1}, account.activities)
	require.LessOrEqual(t, account.total, 22)
	after := w.counted(allocator)
	require.Equal(t, before.activities["Claim"]+1, after.activities["Claim"])
	require.Equal(t, before.activities["Survey"], after.activities["Survey"], "what the first order saw serves the second")
	require.LessOrEqual(t, after.total-before.total, 21)
}

// counts are those of one history.
type counts struct {
	// activities and events are counted by type; events without workflow tasks.
	activities, events map[string]int
	total              int
}

func (w *world) counted(workflow string) counts {
	w.t.Helper()
	c := counts{activities: map[string]int{}, events: map[string]int{}}
	for _, event := range harness.History(w.ctx, w.t, w.dial(), &commonpb.WorkflowExecution{WorkflowId: workflow}).GetEvents() {
		c.total++
		if kind := event.GetEventType().String(); !strings.HasPrefix(kind, "WorkflowTask") {
			c.events[kind]++
		}
		if scheduled := event.GetActivityTaskScheduledEventAttributes(); scheduled != nil {
			c.activities[scheduled.GetActivityType().GetName()]++
		}
	}
	return c
}
