package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
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

func (c *Control) failed(ctx context.Context, info *workflowpb.WorkflowExecutionInfo) *Comparison {
	failed := &Comparison{Since: info.GetStartTime().AsTime(), Ending: strings.ToLower(info.GetStatus().String())}
	if _, err := c.report(ctx, info.GetExecution().GetWorkflowId(), info.GetExecution().GetRunId()); err != nil {
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

func (c *Control) report(ctx context.Context, id, run string) (*drift.Report, error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var report drift.Report
	err := c.temporal.GetWorkflow(limited, id, run).Get(limited, &report)
	var failed *temporal.ApplicationError
	if errors.As(err, &failed) {
		return nil, &Refused{failed.Type(), failed.Message()}
	}
	return &report, err
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

// CompareNow has a panel compared at once and waits for the report; tell hears what goes
// on meanwhile. Errors: ErrUnknownPanel, ErrNoSchedule, ErrWorkerUnavailable, *[Refused].
func (c *Control) CompareNow(ctx context.Context, panelName string, tell func(Comparison)) (*drift.Report, error) {
	if _, there := c.config.Panel(panelName); !there {
		return nil, ErrUnknownPanel
	}
	schedule := c.temporal.ScheduleClient().GetHandle(ctx, fleet.ReconcileScheduleID(panelName))
	before, err := c.started(ctx, schedule)
	if err != nil {
		return nil, err
	}
	// Behind one that runs: that one may have looked before what is asked about happened.
	trigger := client.ScheduleTriggerOptions{Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE}
	if err := schedule.Trigger(ctx, trigger); err != nil {
		return nil, err
	}
	for began := time.Now(); ; sleep(ctx, lastPoll) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		now, err := c.started(ctx, schedule)
		if err != nil {
			return nil, err
		}
		ours := slices.DeleteFunc(now, func(run client.ScheduleWorkflowExecution) bool { return slices.Contains(before, run) })
		if len(ours) > 0 {
			return c.await(ctx, ours[0], tell)
		}
		if err := c.moves(ctx, before, began); err != nil {
			return nil, err
		}
	}
}

// started lists the runs that a schedule has started, the oldest first.
func (c *Control) started(ctx context.Context, schedule client.ScheduleHandle) ([]client.ScheduleWorkflowExecution, error) {
	there, err := c.describeSchedule(ctx, schedule)
	if isNotFound(err) {
		return nil, ErrNoSchedule
	}
	if err != nil {
		return nil, err
	}
	var runs []client.ScheduleWorkflowExecution
	for _, action := range there.Info.RecentActions {
		if action.StartWorkflowResult != nil {
			runs = append(runs, *action.StartWorkflowResult)
		}
	}
	return runs, nil
}

// describeSchedule asks more than once: the engine answers from a workflow of its own, and
// for the first schedule of a namespace that takes longer than it waits for itself.
func (c *Control) describeSchedule(ctx context.Context, schedule client.ScheduleHandle) (there *client.ScheduleDescription, err error) {
	for range scheduleTries {
		limited, cancel := context.WithTimeout(ctx, callTimeout)
		there, err = schedule.Describe(limited)
		cancel()
		_, late := errors.AsType[*serviceerror.DeadlineExceeded](err)
		_, busy := errors.AsType[*serviceerror.Unavailable](err)
		if !late && !busy || ctx.Err() != nil {
			break
		}
	}
	return there, err
}

const scheduleTries = 3

// await follows a run to its end.
func (c *Control) await(ctx context.Context, run client.ScheduleWorkflowExecution, tell func(Comparison)) (*drift.Report, error) {
	for began := time.Now(); ; sleep(ctx, lastPoll) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		there, err := c.describeRun(ctx, run.WorkflowID, run.FirstExecutionRunID)
		if err != nil {
			return nil, err
		}
		if there.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
			return c.report(ctx, run.WorkflowID, run.FirstExecutionRunID)
		}
		if isIdle(there, began) {
			return nil, fmt.Errorf("%w (the comparison %s)", ErrWorkerUnavailable, run.WorkflowID)
		}
		tell(c.comparison(ctx, there))
	}
}

// moves tells whether the run that ours waits behind is being worked on.
func (c *Control) moves(ctx context.Context, before []client.ScheduleWorkflowExecution, began time.Time) error {
	if len(before) == 0 {
		return nil
	}
	last := before[len(before)-1]
	there, err := c.describeRun(ctx, last.WorkflowID, last.FirstExecutionRunID)
	if err == nil && isIdle(there, began) {
		return fmt.Errorf("%w (the comparison %s)", ErrWorkerUnavailable, last.WorkflowID)
	}
	return nil
}

// workerTimeout is how long a worker may take to begin.
const workerTimeout = 10 * time.Second

// isIdle tells that nobody has begun what a run waits for, for as long as we looked.
func isIdle(of *workflowservice.DescribeWorkflowExecutionResponse, since time.Time) bool {
	if time.Since(since) < workerTimeout || of.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return false
	}
	if task := of.GetPendingWorkflowTask(); task != nil && task.GetStartedTime() == nil {
		return true
	}
	return slices.ContainsFunc(of.GetPendingActivities(), func(p *workflowpb.PendingActivityInfo) bool {
		return p.GetLastStartedTime() == nil
	})
}
