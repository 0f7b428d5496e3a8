package control

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"metalease/workflows/api"
)

// Deed is one line of what was done for a service, as Temporal has kept it.
type Deed struct {
	At time.Time `json:"at"`
	// What is "signal suspend", "phase active" or the activity that worked on a vendor: "activity CutOff".
	What string `json:"what"`
	// Who sent a signal, or which worker did an activity.
	Who string `json:"who,omitempty"`
	// EventID and Why are those of a signal.
	EventID string `json:"event_id,omitempty"`
	Why     string `json:"why,omitempty"`
	// Before is the phase before.
	Before string `json:"before,omitempty"`
	// Outcome of an activity: done, failed, cancelled; or the words of its error.
	Outcome string `json:"outcome,omitempty"`
}

// auditRuns bounds how far back a service's runs are read.
const auditRuns = 200

// Audit tells who did what for a service and when, the oldest first, as far back as Temporal's retention reaches. It needs no worker.
// Error: ErrUnknownService.
func (c *Control) Audit(ctx context.Context, serviceID int) ([]Deed, error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	listed, err := c.temporal.ListWorkflow(limited, &workflowservice.ListWorkflowExecutionsRequest{
		Namespace: c.namespace, PageSize: auditRuns, Query: fmt.Sprintf("WorkflowId = '%s'", api.ServiceWorkflowID(serviceID)),
	})
	if err != nil {
		return nil, err
	}
	kept := 0
	var deeds []Deed
	for _, run := range slices.Backward(listed.GetExecutions()) { // the newest is listed first
		some, err := c.deeds(ctx, run.GetExecution().GetWorkflowId(), run.GetExecution().GetRunId())
		if isNotFound(err) {
			continue // it is listed a moment longer than it is kept
		}
		if err != nil {
			return nil, err
		}
		kept++
		deeds = append(deeds, some...)
	}
	if kept == 0 {
		return nil, ErrUnknownService
	}
	return deeds, nil
}

// deeds reads the history of one run.
func (c *Control) deeds(ctx context.Context, id, run string) ([]Deed, error) {
	var deeds []Deed
	phase := ""
	began := map[int64]int{} // of an activity that was asked for: where it stands in deeds
	events := c.temporal.GetWorkflowHistory(ctx, id, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return nil, err
		}
		at := e.GetEventTime().AsTime()
		switch {
		case e.GetWorkflowExecutionStartedEventAttributes() != nil:
			phase = phaseOf(e.GetWorkflowExecutionStartedEventAttributes().GetSearchAttributes().GetIndexedFields()[api.AttrPhase.GetName()])
			if e.GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId() == "" {
				deeds = append(deeds, Deed{At: at, What: "start", Who: e.GetWorkflowExecutionStartedEventAttributes().GetIdentity()})
			}
		case e.GetWorkflowExecutionSignaledEventAttributes() != nil:
			deeds = append(deeds, signalled(at, e.GetWorkflowExecutionSignaledEventAttributes()))
		case e.GetUpsertWorkflowSearchAttributesEventAttributes() != nil:
			now := phaseOf(e.GetUpsertWorkflowSearchAttributesEventAttributes().GetSearchAttributes().GetIndexedFields()[api.AttrPhase.GetName()])
			if now != "" && now != phase {
				deeds = append(deeds, Deed{At: at, What: "phase " + now, Before: phase})
				phase = now
			}
		case e.GetActivityTaskScheduledEventAttributes() != nil:
			if asked := e.GetActivityTaskScheduledEventAttributes(); onVendor(asked.GetTaskQueue().GetName()) {
				began[e.GetEventId()] = len(deeds)
				deeds = append(deeds, Deed{At: at, What: "activity " + asked.GetActivityType().GetName(), Outcome: "asked for"})
			}
		default:
			if i, ended := began[scheduledBy(e)]; ended {
				finish(&deeds[i], e)
			}
		}
	}
	return deeds, nil
}

// onVendor tells the queues whose activities work on a panel or WHMCS from those that only look.
func onVendor(queue string) bool {
	return queue == api.QueueWHMCS || strings.HasPrefix(queue, "panel-") && !strings.HasSuffix(queue, "-watch")
}

func phaseOf(payload *commonpb.Payload) string {
	var phase string
	if payload != nil {
		_ = converter.GetDefaultDataConverter().FromPayload(payload, &phase) // an attribute of another type is not ours
	}
	return phase
}

func signalled(at time.Time, s *historypb.WorkflowExecutionSignaledEventAttributes) Deed {
	deed := Deed{At: at, What: "signal " + s.GetSignalName(), Who: s.GetIdentity()}
	var text json.RawMessage
	if payloads := s.GetInput().GetPayloads(); len(payloads) == 0 || converter.GetDefaultDataConverter().FromPayload(payloads[0], &text) != nil {
		return deed
	}
	if json.Unmarshal(text, &deed.Why) == nil {
		return deed
	}
	var said struct {
		EventID string    `json:"event_id"`
		Reason  string    `json:"reason"`
		Source  string    `json:"source"`
		Actor   api.Actor `json:"actor"`
	}
	if json.Unmarshal(text, &said) != nil {
		return deed
	}
	deed.EventID, deed.Why = said.EventID, said.Reason
	if said.Actor != (api.Actor{}) {
		deed.Who = said.Actor.String()
	} else if said.Source != "" {
		deed.Who = said.Source
	}
	return deed
}

func scheduledBy(e *historypb.HistoryEvent) int64 {
	switch {
	case e.GetActivityTaskStartedEventAttributes() != nil:
		return e.GetActivityTaskStartedEventAttributes().GetScheduledEventId()
	case e.GetActivityTaskCompletedEventAttributes() != nil:
		return e.GetActivityTaskCompletedEventAttributes().GetScheduledEventId()
	case e.GetActivityTaskFailedEventAttributes() != nil:
		return e.GetActivityTaskFailedEventAttributes().GetScheduledEventId()
	case e.GetActivityTaskTimedOutEventAttributes() != nil:
		return e.GetActivityTaskTimedOutEventAttributes().GetScheduledEventId()
	case e.GetActivityTaskCanceledEventAttributes() != nil:
		return e.GetActivityTaskCanceledEventAttributes().GetScheduledEventId()
	}
	return -1
}

func finish(d *Deed, e *historypb.HistoryEvent) {
	switch {
	case e.GetActivityTaskStartedEventAttributes() != nil:
		d.Who, d.Outcome = e.GetActivityTaskStartedEventAttributes().GetIdentity(), "begun"
	case e.GetActivityTaskCompletedEventAttributes() != nil:
		d.Outcome = "done"
	case e.GetActivityTaskFailedEventAttributes() != nil:
		d.Outcome = e.GetActivityTaskFailedEventAttributes().GetFailure().GetMessage()
	case e.GetActivityTaskTimedOutEventAttributes() != nil:
		d.Outcome = "timed out"
	case e.GetActivityTaskCanceledEventAttributes() != nil:
		d.Outcome = "cancelled"
	}
}
