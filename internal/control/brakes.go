package control

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"metalease/activities/engine"
	"metalease/workflows/api"
	"metalease/workflows/brakes"
)

// Pause stops everything that destroys on a panel until Resume: durable at once, also
// while no worker runs. Errors: ErrUnknownPanel.
func (c *Control) Pause(ctx context.Context, panel, reason, by string) error {
	return c.brake(ctx, panel, api.SignalPause, api.Pause{Reason: reason, By: by, Since: time.Now().UTC()})
}

// Resume ends a pause; what waited goes on within a minute. Errors: ErrUnknownPanel.
func (c *Control) Resume(ctx context.Context, panel string) error {
	return c.brake(ctx, panel, api.SignalResume, nil)
}

func (c *Control) brake(ctx context.Context, panel, signal string, input any) error {
	if _, there := c.config.Panel(panel); !there {
		return ErrUnknownPanel
	}
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	_, err := c.temporal.SignalWithStartWorkflow(ctx, api.BrakesWorkflowID(panel), signal, input, client.StartWorkflowOptions{
		TaskQueue: api.QueueWorkflows, StaticSummary: "the brakes of panel " + panel,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, engine.TypeBrakes, brakes.State{Panel: panel})
	return err
}

// Brakes tells whether a panel is paused and what the last hour destroyed. A panel whose
// brakes were never asked is not paused. Errors: ErrWorkerUnavailable.
func (c *Control) Brakes(ctx context.Context, panel string) (api.BrakesView, error) {
	view := api.BrakesView{Panel: panel}
	err := c.query(ctx, api.BrakesWorkflowID(panel), api.QueryBrakes, &view)
	if errors.Is(err, ErrUnknownService) {
		return api.BrakesView{Panel: panel}, nil
	}
	return view, err
}
