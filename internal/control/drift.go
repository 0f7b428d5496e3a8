package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/drift"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// ErrUnknownDrift is a finding that the newest report of its panel does not have.
var ErrUnknownDrift = errors.New("the newest report has no such finding")

// ErrNoSchedule is a panel that no worker has ever looked after.
var ErrNoSchedule = errors.New("the panel is not compared: a worker that has it in its configuration starts that")

// DriftView is what is known of the drift of a panel.
type DriftView struct {
	Panel string `json:"panel"`
	// Report is the newest one; nil when there was none yet.
	Report *drift.Report `json:"report"`
	// Running is the comparison that runs now.
	Running *Comparison `json:"running,omitempty"`
	// Failed is a comparison that ended without a report after the one above.
	Failed *Comparison `json:"failed,omitempty"`
}

// Comparison is a run of the reconciler.
type Comparison struct {
	Since time.Time `json:"since"`
	// Ending is how it ended, when it has: failed, terminated, ... Why are the words of the error.
	Ending string `json:"ending,omitempty"`
	Why    string `json:"why,omitempty"`
	// Progress is what it does now, Trouble what fails and is repeated.
	Progress drift.CompareProgress `json:"progress,omitzero"`
	Trouble  []Trouble             `json:"trouble,omitempty"`
}

// recentRuns reach back over a bad day; an older report is asked for by itself.
const recentRuns = 10

// Drift returns the newest report of a panel. Errors: ErrUnknownPanel.
func (c *Control) Drift(ctx context.Context, panelName string) (DriftView, error) {
	view := DriftView{Panel: panelName}
	if _, there := c.config.Panel(panelName); !there {
		return view, ErrUnknownPanel
	}
	query := fmt.Sprintf("WorkflowType = '%s' AND %s = '%s'", fleet.TypeReconcile, api.AttrPanel.GetName(), quoted.Replace(panelName))
	runs, err := c.runs(ctx, query, recentRuns)
	if err != nil {
		return view, err
	}
	completed := func(info *workflowpb.WorkflowExecutionInfo) bool {
		return info.GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED
	}
	if !slices.ContainsFunc(runs, completed) {
		older, err := c.runs(ctx, query+" AND ExecutionStatus = 'Completed'", 1)
		if err != nil {
			return view, err
		}
		runs = append(runs, older...)
	}
	for _, info := range runs {
		switch info.GetStatus() {
		case enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED:
			view.Report, err = c.report(ctx, info.GetExecution().GetWorkflowId(), info.GetExecution().GetRunId())
			if isNotFound(err) {
				continue // it is listed a moment longer than it is kept
			}
			return view, err
		case enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING:
			if there, err := c.describeRun(ctx, info.GetExecution().GetWorkflowId(), info.GetExecution().GetRunId()); err == nil {
				running := c.comparison(ctx, there)
				view.Running = &running
			}
		default:
			if view.Failed == nil {
				view.Failed = c.failed(ctx, info)
			}
		}
	}
	return view, nil
}

// failed tells of a run that ended without a report; nil when it is kept no longer.
func (c *Control) failed(ctx context.Context, info *workflowpb.WorkflowExecutionInfo) *Comparison {
	failed := &Comparison{Since: info.GetStartTime().AsTime(), Ending: strings.ToLower(info.GetStatus().String())}
	_, err := c.report(ctx, info.GetExecution().GetWorkflowId(), info.GetExecution().GetRunId())
	switch {
	case isNotFound(err):
		return nil
	case err != nil:
		failed.Why = cutBytes(err.Error(), errorLimit)
	}
	return failed
}

// runs lists runs of the reconciler, newest first.
func (c *Control) runs(ctx context.Context, query string, size int32) ([]*workflowpb.WorkflowExecutionInfo, error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := c.temporal.ListWorkflow(limited, &workflowservice.ListWorkflowExecutionsRequest{
		Namespace: c.namespace, PageSize: size, Query: query,
	})
	return answer.GetExecutions(), err
}

// report reads the result of a run. A run that is kept no longer is isNotFound.
func (c *Control) report(ctx context.Context, id, run string) (*drift.Report, error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var report drift.Report
	err := c.temporal.GetWorkflow(limited, id, run).Get(limited, &report)
	var failed *temporal.ApplicationError
	if errors.As(err, &failed) {
		return nil, &Refused{failed.Type(), failed.Message()}
	}
	if err != nil {
		return nil, err
	}
	return &report, nil
}

// comparison reads what a run is doing.
func (c *Control) comparison(ctx context.Context, of *workflowservice.DescribeWorkflowExecutionResponse) Comparison {
	now := Comparison{Since: of.GetWorkflowExecutionInfo().GetStartTime().AsTime(), Trouble: c.trouble(ctx, of)}
	for _, pending := range of.GetPendingActivities() {
		// Heartbeats without details come in between: then nothing is said.
		_ = converter.GetDefaultDataConverter().FromPayloads(pending.GetHeartbeatDetails(), &now.Progress)
	}
	return now
}
