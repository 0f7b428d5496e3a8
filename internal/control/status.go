package control

import (
	"context"
	"strings"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"golang.org/x/sync/errgroup"

	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Status is a service's own status with what only the engine knows.
type Status struct {
	api.Status
	// Summary is one sentence for people: what goes on, and what is in the way.
	Summary string `json:"summary"`
	// Trouble are calls for this service that fail and are repeated.
	Trouble []Trouble `json:"trouble,omitempty"`
	// Pause is set while nothing is blocked or released on the service's panel.
	Pause *fleet.Pause `json:"panel_paused,omitempty"`
	// Closed is true when the lifecycle has ended: nobody looks after the service any more.
	Closed bool `json:"closed,omitempty"`
	// Ending is how a closed lifecycle ended: completed, failed, terminated, ...
	Ending string `json:"ending,omitempty"`
	// WorkflowURL is where the Temporal Web UI shows the workflow; empty without one.
	WorkflowURL string `json:"workflow_url,omitempty"`
}

// Status asks a service, running or ended; a worker only if something has happened since it was asked last.
// Errors: ErrUnknownService, ErrWorkerUnavailable.
func (c *Control) Status(ctx context.Context, serviceID int) (Status, error) {
	seen, err := c.look(ctx, api.ServiceWorkflowID(serviceID), api.QueryStatus)
	if err != nil {
		return Status{}, orUnknown(err)
	}
	if seen.unanswered != nil && c.stillborn(ctx, seen.there.GetWorkflowExecutionInfo()) {
		return Status{}, ErrUnknownService
	}
	var own api.Status
	if err := seen.read(&own); err != nil {
		return Status{}, err
	}
	return c.surrounded(ctx, own, seen.there), nil
}

// surrounded adds to a service's own status what the engine and the entities around it know.
// A service is not worse off for one that cannot be asked.
func (c *Control) surrounded(ctx context.Context, own api.Status, there *workflowservice.DescribeWorkflowExecutionResponse) Status {
	status := Status{Status: own, WorkflowURL: c.link(own.ServiceID)}
	if run := there.GetWorkflowExecutionInfo().GetStatus(); run != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		status.Closed, status.Ending = true, strings.ToLower(run.String())
		if status.Abandoned() { // or it ended between the answer and the description
			_ = c.told(ctx, api.ServiceWorkflowID(own.ServiceID), api.QueryStatus, &status.Status)
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
			_ = c.told(ctx, fleet.InventoryWorkflowID(own.Panel), fleet.QueryPosition, &status.Position, own.ServiceID)
			return nil
		})
	}
	_ = around.Wait() // none of them returns an error
	status.Trouble = append(status.Trouble, entityTrouble...)
	return status.composed()
}

// pause is the pause of a panel; nil also when nobody can tell.
func (c *Control) pause(ctx context.Context, panelName string) *fleet.Pause {
	brakes, err := c.Brakes(ctx, panelName)
	if err != nil {
		return nil
	}
	return brakes.Paused
}

// entityFor names the entity that works for a service right now: its trouble is the service's.
func entityFor(s api.Status) string {
	switch {
	case s.Phase != api.PhasePending && s.Phase != api.PhaseWaiting:
	case s.Step == api.StepAccount:
		return api.AccountWorkflowID(s.Panel, s.ClientID)
	case s.Step == api.StepClaim:
		return fleet.InventoryWorkflowID(s.Panel)
	}
	return ""
}

func (c *Control) describe(ctx context.Context, id string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	return c.describeRun(ctx, id, "")
}

// describeRun describes one run of a workflow, or the last one.
func (c *Control) describeRun(ctx context.Context, id, run string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	described, err := c.temporal.DescribeWorkflow(limited, id, run)
	if err != nil {
		return nil, err
	}
	return described.RawResponse, nil
}
