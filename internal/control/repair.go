package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/drift"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// FindDrift looks a finding up in the reports. Errors: ErrUnknownDrift.
func FindDrift(id string, views ...DriftView) (panelName string, found drift.Drift, err error) {
	for _, view := range views {
		if view.Report == nil {
			continue
		}
		if i := slices.IndexFunc(view.Report.Drifts, func(d drift.Drift) bool { return d.ID == id }); i >= 0 {
			return view.Panel, view.Report.Drifts[i], nil
		}
	}
	return "", drift.Drift{}, ErrUnknownDrift
}

// Recheck looks at a finding once more; nil when it does not hold any more. Errors: as of
// every question to a panel.
func (c *Control) Recheck(ctx context.Context, panelName string, d drift.Drift, timeout time.Duration) (*drift.Drift, error) {
	return inquire[*drift.Drift](ctx, c, panelName, "Recheck", d, timeout)
}

// ErrStillRepairing is a repair that takes longer than its caller waits, or whose server rests. It goes on.
var ErrStillRepairing = errors.New("the repair goes on")

// Repair repairs one finding and waits for that, but not while a server rests. Errors: ErrStillRepairing, *[Refused].
func (c *Control) Repair(ctx context.Context, panelName string, d drift.Drift, timeout time.Duration) (fleet.RepairResult, error) {
	switch d.Remedy {
	case drift.RemedyRestart:
		return c.restart(ctx, d)
	case drift.RemedyStart:
		return c.startUnbuilt(ctx, d)
	default: // a workflow does it
	}
	var result fleet.RepairResult
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	id := fleet.RepairWorkflowID(panelName, d.ID)
	run, err := c.temporal.ExecuteWorkflow(limited, client.StartWorkflowOptions{
		ID: id, TaskQueue: api.QueueWorkflows, StaticSummary: d.Repair,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes:    temporal.NewSearchAttributes(api.AttrPanel.ValueSet(panelName)),
	}, fleet.TypeRepair, fleet.RepairInput{Panel: panelName, Drift: d, Settings: Settings(c.config.Timing)})
	if err != nil {
		return result, err
	}
	rests, err := c.awaitGiveBack(limited, run, &result)
	var refused *temporal.ApplicationError
	switch {
	case errors.As(err, &refused):
		return result, &Refused{refused.Type(), refused.Message()}
	case ctx.Err() != nil:
		return result, ctx.Err()
	case !rests.IsZero(), limited.Err() != nil:
		return result, c.stillGoing(ctx, ErrStillRepairing, id, rests)
	}
	return result, err
}

// repairTrouble tells what a repair waits for.
func (c *Control) repairTrouble(ctx context.Context, id string) string {
	for _, t := range c.troubleOf(ctx, id) {
		return fmt.Sprintf("; %s: %s", t.Where, t.LastError)
	}
	return ""
}
