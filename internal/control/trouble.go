package control

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Trouble is a call that fails and is repeated, or one that waits for what a vendor accepted and
// does not do.
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

// Words say who does not answer, once: most errors begin with it.
func (t Trouble) Words() string {
	if strings.HasPrefix(t.LastError, t.Where) {
		return t.LastError
	}
	return t.Where + ": " + cmp.Or(t.LastError, "no answer")
}

// troubleOf is the trouble of a workflow that can be described.
func (c *Control) troubleOf(ctx context.Context, id string) []Trouble {
	there, err := c.describe(ctx, id)
	if err != nil {
		return nil
	}
	return c.trouble(ctx, there)
}

// errorLimit keeps a page of HTML in an error from filling a screen; in bytes.
const errorLimit = 500

// trouble lists the pending activities of a workflow that have failed before, or say that they wait.
func (c *Control) trouble(ctx context.Context, of *workflowservice.DescribeWorkflowExecutionResponse) []Trouble {
	var list []Trouble
	var since map[string]time.Time
	for _, pending := range of.GetPendingActivities() {
		if pending.GetAttempt() <= 1 && pending.GetLastFailure() == nil && waiting(pending) == "" {
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
		Attempt: pending.GetAttempt(), Since: since, LastError: cutBytes(cmp.Or(waiting(pending), pending.GetLastFailure().GetMessage()), errorLimit),
	}
	if next := pending.GetNextAttemptScheduleTime(); next != nil && pending.GetState() == enumspb.PENDING_ACTIVITY_STATE_SCHEDULED {
		t.NextAttempt = next.AsTime()
	}
	return t
}

// waiting is what an activity says of its wait (edge.Waiting); empty for most.
func waiting(pending *workflowpb.PendingActivityInfo) string {
	var kept map[string]json.RawMessage
	var text string
	if converter.GetDefaultDataConverter().FromPayloads(pending.GetHeartbeatDetails(), &kept) != nil || json.Unmarshal(kept[edge.Waiting], &text) != nil {
		return "" // nothing, or something else
	}
	return text
}

// whereIs names the backend behind a task queue.
func whereIs(queue string) string {
	panelName, ok := strings.CutPrefix(queue, fleet.PanelQueue(""))
	switch {
	case ok:
		for _, suffix := range []string{fleet.UrgentQueue(""), fleet.UnblockQueue(""), fleet.WatchQueue("")} {
			panelName = strings.TrimSuffix(panelName, strings.TrimPrefix(suffix, fleet.PanelQueue("")))
		}
		return "panel " + panelName
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
	limited, cancel := context.WithTimeout(ctx, callTimeout)
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
