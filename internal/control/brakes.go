package control

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"metalease/activities/engine"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Pause stops everything that destroys on a panel until Resume: durable at once, also
// while no worker runs. Errors: ErrUnknownPanel.
func (c *Control) Pause(ctx context.Context, panelName, reason, by string) error {
	return c.brake(ctx, panelName, fleet.SignalPause, fleet.Pause{Reason: reason, By: by, Since: time.Now().UTC()})
}

// Resume ends a pause; what waited goes on within a minute. Errors: ErrUnknownPanel.
func (c *Control) Resume(ctx context.Context, panelName string) error {
	return c.brake(ctx, panelName, fleet.SignalResume, nil)
}

func (c *Control) brake(ctx context.Context, panelName, signal string, input any) error {
	if _, there := c.config.Panel(panelName); !there {
		return ErrUnknownPanel
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := c.temporal.SignalWithStartWorkflow(ctx, fleet.BrakesWorkflowID(panelName), signal, input, client.StartWorkflowOptions{
		TaskQueue: api.QueueWorkflows, StaticSummary: "the brakes of panel " + panelName,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, engine.TypeBrakes, engine.BrakesStart{Panel: panelName})
	return err
}

// Brakes tells whether a panel is paused and what the last hour destroyed. A panel whose
// brakes were never asked is not paused. Errors: ErrWorkerUnavailable.
func (c *Control) Brakes(ctx context.Context, panelName string) (fleet.BrakesView, error) {
	view := fleet.BrakesView{Panel: panelName}
	err := c.told(ctx, fleet.BrakesWorkflowID(panelName), fleet.QueryBrakes, &view)
	if errors.Is(err, ErrUnknownService) {
		return fleet.BrakesView{Panel: panelName}, nil
	}
	return view, err
}
