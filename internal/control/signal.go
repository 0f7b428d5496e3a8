package control

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"go.temporal.io/api/serviceerror"

	"metalease/workflows"
)

// Result is what became of a signal within the time that its sender waited.
type Result struct {
	EventID string            `json:"event_id"`
	Outcome workflows.Outcome `json:"outcome"`
	Reason  string            `json:"reason,omitempty"`
	// Reached is true when the effect is there, or when it was decided that there is none.
	Reached bool    `json:"reached"`
	Status  *Status `json:"status,omitempty"`
}

const (
	firstPoll = 50 * time.Millisecond
	lastPoll  = 500 * time.Millisecond
)

// Signal sends an event, which is durable from then on, and watches for its
// effect. Errors: ErrUnknownService, ErrClosed.
func (c *Control) Signal(ctx context.Context, serviceID int, name string, event workflows.Event, wait time.Duration) (Result, error) {
	if event.EventID == "" {
		event.EventID = rand.Text()
	}
	if event.At.IsZero() {
		event.At.Time = time.Now().UTC()
	}
	id := workflows.ServiceWorkflowID(serviceID)
	if err := c.temporal.SignalWorkflow(ctx, id, "", name, event); err != nil {
		return c.unsent(ctx, serviceID, name, err)
	}
	return c.watch(ctx, serviceID, event.EventID, wait), nil
}

// unsent tells a service that has ended from one that never was.
func (c *Control) unsent(ctx context.Context, serviceID int, name string, err error) (Result, error) {
	var notFound *serviceerror.NotFound
	if !errors.As(err, &notFound) {
		return Result{}, err
	}
	if _, err := c.temporal.DescribeWorkflowExecution(ctx, workflows.ServiceWorkflowID(serviceID), ""); err != nil {
		return Result{}, known(err)
	}
	if name == workflows.SignalTerminate {
		return Result{Outcome: workflows.OutcomeApplied, Reason: "the service has ended", Reached: true}, nil
	}
	return Result{}, ErrClosed
}

// watch asks for the status until the event is decided or the wait is over.
// Without a worker it only waits: the signal is safe.
func (c *Control) watch(ctx context.Context, serviceID int, eventID string, wait time.Duration) Result {
	result := Result{EventID: eventID, Outcome: workflows.OutcomePending}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for pause := firstPoll; ; pause = min(pause*3/2, lastPoll) {
		if status, err := c.Status(ctx, serviceID); err == nil {
			result.Status = &status
			i := slices.IndexFunc(status.Events, func(e workflows.EventRecord) bool { return e.EventID == eventID })
			if i >= 0 {
				result.Outcome, result.Reason = status.Events[i].Outcome, status.Events[i].Reason
			}
			if i >= 0 && result.Outcome != workflows.OutcomePending {
				result.Reached = true
				return result
			}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return result
		}
	}
}
