package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/timestamppb"

	"metalease/activities/drift"
	"metalease/workflows/api/fleet"
)

// ErrNotStarted is a schedule that was asked for a comparison and starts none.
var ErrNotStarted = errors.New("the schedule starts no comparison")

// CompareNow has a panel compared at once and waits for the report; tell hears what goes
// on meanwhile. Errors: ErrUnknownPanel, ErrNoSchedule, ErrNotStarted, ErrWorkerUnavailable, *[Refused].
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
	began := time.Now()
	for due := began; ; sleep(ctx, lastPoll) {
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
		waits, err := c.waits(ctx, before, began, tell)
		switch {
		case err != nil:
			return nil, err
		case waits:
			due = time.Now()
		case time.Since(due) > c.startPatience:
			return nil, fmt.Errorf("%w: see `temporal schedule describe --schedule-id %s`", ErrNotStarted, fleet.ReconcileScheduleID(panelName))
		}
	}
}

// startTimeout is how long a schedule may take to start what it was asked for, once nothing is before it.
const startTimeout = time.Minute

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
		if isNotFound(err) {
			return nil, fmt.Errorf("the comparison %s was deleted before its report was read", run.WorkflowID)
		}
		if err != nil {
			return nil, err
		}
		if there.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
			return c.report(ctx, run.WorkflowID, run.FirstExecutionRunID)
		}
		if err := idle(there, began); err != nil {
			return nil, err
		}
		tell(c.comparison(ctx, there))
	}
}

// waits tells whether the newest run that was there before still runs: ours waits behind it, and tell hears of it. Error:
// ErrWorkerUnavailable when nobody works on it. One that was deleted since is not waited for.
func (c *Control) waits(ctx context.Context, before []client.ScheduleWorkflowExecution, began time.Time, tell func(Comparison)) (bool, error) {
	if len(before) == 0 {
		return false, nil
	}
	last := before[len(before)-1]
	there, err := c.describeRun(ctx, last.WorkflowID, last.FirstExecutionRunID)
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	runs := there.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
	if runs {
		tell(c.comparison(ctx, there))
	}
	return runs, idle(there, began)
}

// workerTimeout is how long a worker may take to begin.
const workerTimeout = 10 * time.Second

// idle is ErrWorkerUnavailable when nobody has begun what a run waits for, or nobody can do it, for as long as we looked. One worker
// that was killed is no reason: its task is given out a second time.
func idle(of *workflowservice.DescribeWorkflowExecutionResponse, since time.Time) error {
	info, task := of.GetWorkflowExecutionInfo(), of.GetPendingWorkflowTask()
	if time.Since(since) < workerTimeout || info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return nil
	}
	fault := fmt.Errorf("%w (the comparison %s)", ErrWorkerUnavailable, info.GetExecution().GetWorkflowId())
	switch {
	case task.GetAttempt() > 2: // a worker takes it and gives no answer: it lacks a key, or another build is needed
		return fmt.Errorf("%w: its task was given out %d times and not done; the log of the worker says why", fault, task.GetAttempt())
	case task != nil && task.GetStartedTime() == nil && long(task.GetScheduledTime()), slices.ContainsFunc(of.GetPendingActivities(), func(p *workflowpb.PendingActivityInfo) bool {
		return p.GetLastStartedTime() == nil && long(p.GetScheduledTime())
	}):
		return fault
	}
	return nil
}

// long tells whether something has waited for longer than a worker may take.
func long(scheduled *timestamppb.Timestamp) bool {
	return time.Since(scheduled.AsTime()) > workerTimeout
}
