package control

import (
	"context"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"golang.org/x/sync/errgroup"

	"metalease/workflows/api"
)

// Status is a service's own status with what only the engine knows.
type Status struct {
	api.Status
	// Summary is one sentence for people: what goes on, and what is in the way.
	Summary string `json:"summary"`
	// Trouble are calls for this service that fail and are repeated.
	Trouble []Trouble `json:"trouble,omitempty"`
	// Pause is set while nothing is blocked or released on the service's panel.
	Pause *api.Pause `json:"panel_paused,omitempty"`
	// Closed is true when the lifecycle has ended: nobody looks after the service any more.
	Closed bool `json:"closed,omitempty"`
	// Ending is how a closed lifecycle ended: completed, failed, terminated, ...
	Ending string `json:"ending,omitempty"`
	// WorkflowURL is where the Temporal Web UI shows the workflow; empty without one.
	WorkflowURL string `json:"workflow_url,omitempty"`
}

// Trouble is a call that fails and is repeated.
type Trouble struct {
	Activity string `json:"activity"`
	// Where says who does not answer: "panel fra1", "WHMCS".
	Where   string `json:"where"`
	Attempt int32  `json:"attempt"`
	// Since is when the first attempt was due.
	Since     time.Time `json:"since,omitzero"`
	LastError string    `json:"last_error"`
	// NextAttempt is zero while an attempt runs.
	NextAttempt time.Time `json:"next_attempt_at,omitzero"`
}

// Status asks a service, running or ended. Errors: ErrUnknownService, ErrWorkerUnavailable.
func (c *Control) Status(ctx context.Context, serviceID int) (Status, error) {
	id := api.ServiceWorkflowID(serviceID)
	var there *workflowservice.DescribeWorkflowExecutionResponse
	var own api.Status
	var unknown, unanswered error
	var both errgroup.Group
	both.Go(func() error { there, unknown = c.describe(ctx, id); return nil })
	both.Go(func() error { unanswered = c.query(ctx, id, api.QueryStatus, &own); return nil })
	_ = both.Wait() // each error counts by itself: only the description tells whether a service is unknown
	switch {
	case unknown != nil:
		return Status{}, orUnknown(unknown)
	case unanswered != nil:
		return Status{}, unanswered
	}
	return c.surrounded(ctx, own, there), nil
}

// surrounded adds to a service's own status what the engine and the entities around it know.
// A service is not worse off for one that cannot be asked.
func (c *Control) surrounded(ctx context.Context, own api.Status, there *workflowservice.DescribeWorkflowExecutionResponse) Status {
	status := Status{Status: own, WorkflowURL: c.link(own.ServiceID)}
	if run := there.GetWorkflowExecutionInfo().GetStatus(); run != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		status.Closed, status.Ending = true, strings.ToLower(run.String())
		if status.Abandoned() { // or it ended between the answer and the description
			_ = c.query(ctx, api.ServiceWorkflowID(own.ServiceID), api.QueryStatus, &status.Status)
		}
		return status.composed()
	}
	var entityTrouble []Trouble
	var around errgroup.Group
	around.Go(func() error { status.Trouble = c.trouble(ctx, there); return nil })
	around.Go(func() error { status.Pause = c.pause(ctx, own.Panel); return nil })
	if entity := entityFor(own); entity != "" {
		around.Go(func() error { entityTrouble = c.troubleOf(ctx, entity); return nil })
	}
	if own.Phase == api.PhaseWaiting {
		around.Go(func() error {
			// What the service was told may be old; an allocator that does not answer changes nothing.
			_ = c.query(ctx, api.InventoryWorkflowID(own.Panel), api.QueryPosition, &status.Position, own.ServiceID)
			return nil
		})
	}
	_ = around.Wait() // none of them returns an error
	status.Trouble = append(status.Trouble, entityTrouble...)
	return status.composed()
}

// pause is the pause of a panel; nil also when nobody can tell.
func (c *Control) pause(ctx context.Context, panel string) *api.Pause {
	brakes, err := c.Brakes(ctx, panel)
	if err != nil {
		return nil
	}
	return brakes.Paused
}

// troubleOf is the trouble of a workflow that can be described.
func (c *Control) troubleOf(ctx context.Context, id string) []Trouble {
	there, err := c.describe(ctx, id)
	if err != nil {
		return nil
	}
	return c.trouble(ctx, there)
}

// entityFor names the entity that works for a service right now: its trouble is the service's.
func entityFor(s api.Status) string {
	switch {
	case s.Phase != api.PhasePending && s.Phase != api.PhaseWaiting:
	case s.Step == api.StepAccount:
		return api.AccountWorkflowID(s.Panel, s.ClientID)
	case s.Step == api.StepClaim:
		return api.InventoryWorkflowID(s.Panel)
	}
	return ""
}

func (c *Control) describe(ctx context.Context, id string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	limited, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	return c.temporal.DescribeWorkflowExecution(limited, id, "")
}

// errorLimit keeps a page of HTML in an error from filling a screen; in bytes.
const errorLimit = 500

// trouble lists the pending activities of a workflow that have failed before.
func (c *Control) trouble(ctx context.Context, of *workflowservice.DescribeWorkflowExecutionResponse) []Trouble {
	var list []Trouble
	var since map[string]time.Time
	for _, pending := range of.GetPendingActivities() {
		if pending.GetAttempt() <= 1 && pending.GetLastFailure() == nil {
			continue
		}
		if since == nil {
			since = c.scheduled(ctx, of.GetWorkflowExecutionInfo().GetExecution())
		}
		list = append(list, pendingTrouble(pending, since[pending.GetActivityId()]))
	}
	return list
}

func pendingTrouble(pending *workflowpb.PendingActivityInfo, since time.Time) Trouble {
	t := Trouble{
		Activity: pending.GetActivityType().GetName(), Where: whereIs(pending.GetActivityOptions().GetTaskQueue().GetName()),
		Attempt: pending.GetAttempt(), Since: since, LastError: cutBytes(pending.GetLastFailure().GetMessage(), errorLimit),
	}
	if next := pending.GetNextAttemptScheduleTime(); next != nil && pending.GetState() == enumspb.PENDING_ACTIVITY_STATE_SCHEDULED {
		t.NextAttempt = next.AsTime()
	}
	return t
}

// whereIs names the backend behind a task queue.
func whereIs(queue string) string {
	panel, ok := strings.CutPrefix(queue, api.PanelQueue(""))
	switch {
	case ok:
		for _, suffix := range []string{api.UrgentQueue(""), api.WatchQueue("")} {
			panel = strings.TrimSuffix(panel, strings.TrimPrefix(suffix, api.PanelQueue("")))
		}
		return "panel " + panel
	case queue == api.QueueWHMCS:
		return "WHMCS"
	}
	return "Temporal"
}

// recentEvents reach back far enough: a service that is in trouble adds no events.
const recentEvents = 100

// scheduled tells when the newest activities of a run were scheduled, by activity id. The
// description of a run knows only the last attempt.
func (c *Control) scheduled(ctx context.Context, run *commonpb.WorkflowExecution) map[string]time.Time {
	limited, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	times := map[string]time.Time{}
	history, err := c.temporal.WorkflowService().GetWorkflowExecutionHistoryReverse(limited, &workflowservice.GetWorkflowExecutionHistoryReverseRequest{
		Namespace: c.namespace, Execution: run, MaximumPageSize: recentEvents,
	})
	if err != nil {
		return times // the trouble is told without its age
	}
	for _, event := range history.GetHistory().GetEvents() {
		if activity := event.GetActivityTaskScheduledEventAttributes(); activity != nil {
			times[activity.GetActivityId()] = event.GetEventTime().AsTime()
		}
	}
	return times
}
