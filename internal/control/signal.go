package control

import (
	"context"
	"crypto/rand"
	"slices"
	"time"

	"metalease/workflows/api"
)

// Result is what became of a signal within the time that its sender waited.
type Result struct {
	EventID string      `json:"event_id"`
	Outcome api.Outcome `json:"outcome"`
	Reason  string      `json:"reason,omitempty"`
	// Reached is true when the effect is there, or when it was decided that there is none.
	Reached bool `json:"reached"`
	// Status is the last one seen; nil when nobody answered.
	Status *Status `json:"status,omitempty"`
}

const (
	firstPoll = 50 * time.Millisecond
	lastPoll  = 500 * time.Millisecond
)

// Signal sends an event, which is durable from then on, and watches for its effect.
// Errors: ErrUnknownService, ErrClosed; of terminate also *[StillHeld], and ErrWorkerUnavailable when nobody can ask the panel.
func (c *Control) Signal(ctx context.Context, serviceID int, name string, event api.Event, wait time.Duration) (Result, error) {
	if event.EventID == "" {
		event.EventID = rand.Text()
	}
	if event.At.IsZero() {
		event.At.Time = time.Now().UTC()
	}
	if event.Source == "" {
		event.Source = "gateway"
	}
	err := c.send(ctx, api.ServiceWorkflowID(serviceID), name, event)
	switch {
	case isNotFound(err):
		return c.unsent(ctx, serviceID, name, event.EventID)
	case err != nil:
		return Result{}, err
	}
	return c.watch(ctx, serviceID, event.EventID, wait), nil
}

func (c *Control) send(ctx context.Context, id, name string, input any) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return c.temporal.SignalWorkflow(limited, id, "", name, input)
}

// take reads what became of the event.
func (r *Result) take(events []api.EventRecord) {
	i := slices.IndexFunc(events, func(e api.EventRecord) bool { return e.EventID == r.EventID })
	if i < 0 {
		return
	}
	r.Outcome, r.Reason = events[i].Outcome, events[i].Reason
	r.Reached = r.Outcome != api.OutcomePending
}

// watch asks for the status until the event is decided or the wait is over. Without a
// worker it only waits: the signal is safe. Who waited in vain sees what is in the way.
func (c *Control) watch(ctx context.Context, serviceID int, eventID string, wait time.Duration) Result {
	result := Result{EventID: eventID, Outcome: api.OutcomePending}
	id := api.ServiceWorkflowID(serviceID)
	waiting, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	var last *api.Status
	for pause := firstPoll; waiting.Err() == nil; pause = min(pause*3/2, lastPoll) {
		var status api.Status
		if c.query(waiting, id, api.QueryStatus, &status) == nil {
			last = &status
			result.take(status.Events)
		}
		if result.Reached {
			break
		}
		sleep(waiting, pause)
	}
	if last == nil {
		return result
	}
	status := Status{Status: *last, WorkflowURL: c.link(serviceID)}.composed()
	if !result.Reached {
		if there, err := c.describe(ctx, id); err == nil {
			status = c.surrounded(ctx, *last, there)
		}
	}
	result.Status = &status
	return result
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
