package control

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
)

// stillborn tells whether a run failed before it did anything, such as one that was started by hand with an input that is no
// order. Nothing was ever looked after: the service is as unknown as before, and its order may start. A life that went on from
// another run is none of these.
func (c *Control) stillborn(ctx context.Context, info *workflowpb.WorkflowExecutionInfo) bool {
	if info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_FAILED {
		return false
	}
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	history := c.temporal.GetWorkflowHistory(limited, info.GetExecution().GetWorkflowId(), info.GetExecution().GetRunId(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for first := true; history.HasNext(); first = false {
		event, err := history.Next()
		if err != nil {
			return false
		}
		if first && event.GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId() != "" {
			return false
		}
		switch event.GetEventType() {
		case enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, enumspb.EVENT_TYPE_TIMER_STARTED, enumspb.EVENT_TYPE_MARKER_RECORDED,
			enumspb.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED, enumspb.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED:
			return false
		default: // no trace of work
		}
	}
	return true
}
