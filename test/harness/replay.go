package harness

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows"
)

// firstTaskBegun is the number of events from which on a worker may have decided something: started, task scheduled, task started.
// A run that began as its test ended has fewer.
const firstTaskBegun = 3

// Replay replays the histories of a namespace, for the code must make the same decisions again, and returns all that they say, to be
// searched. read returns what a history says beside its plain text; nil: nothing.
func Replay(t testing.TB, c client.Client, read func(*historypb.History) string) string {
	t.Helper()
	ctx := context.Background() // that of the test may have ended
	page, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{PageSize: 200})
	require.NoError(t, err)
	require.NotEmpty(t, page.GetExecutions())
	var text strings.Builder
	replayer := Replayer(t)
	for _, run := range page.GetExecutions() {
		history := History(ctx, t, c, run.GetExecution())
		if read != nil {
			text.WriteString(read(history))
		}
		text.WriteString(history.String())
		if len(history.GetEvents()) < firstTaskBegun {
			continue // it has decided nothing yet, and the replayer refuses such a history
		}
		// A run that was reset knows it by its id, which stands in no event.
		itself := worker.ReplayWorkflowHistoryOptions{OriginalExecution: workflow.Execution{ID: run.GetExecution().GetWorkflowId(), RunID: run.GetExecution().GetRunId()}}
		if err := replayer.ReplayWorkflowHistoryWithOptions(Silent(), history, itself); err != nil {
			t.Errorf("%s does not replay: %s", run.GetExecution().GetWorkflowId(), err)
		}
	}
	return text.String()
}

// History is that of one run, up to now.
func History(ctx context.Context, t testing.TB, c client.Client, run *commonpb.WorkflowExecution) *historypb.History {
	t.Helper()
	var history historypb.History
	events := c.GetWorkflowHistory(ctx, run.GetWorkflowId(), run.GetRunId(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		history.Events = append(history.Events, event)
	}
	return &history
}

// Replayer knows what the workers know.
func Replayer(t testing.TB) worker.WorkflowReplayer {
	t.Helper()
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: workflows.Interceptors()})
	require.NoError(t, err)
	workflows.Register(replayer)
	return replayer
}

// Silent is a logger for what is told otherwise.
func Silent() sdklog.Logger { return sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }
