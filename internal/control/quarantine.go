package control

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// ErrStillClearing is a return to stock that takes longer than its caller waits, or whose server
// rests. It goes on.
var ErrStillClearing = errors.New("the return to stock goes on")

// Quarantine lists the servers of a panel that were set aside. Errors: ErrUnknownPanel,
// ErrWorkerUnavailable, *[Refused].
func (c *Control) Quarantine(ctx context.Context, panelName string) ([]panel.Quarantined, error) {
	return askPanel[[]panel.Quarantined](ctx, c, panelName, "QuarantineList", nil, formsTimeout)
}

// ClearQuarantine returns a server in quarantine to stock and waits for that, but not while the
// server rests. Errors:
// ErrUnknownPanel, ErrStillClearing, *[Refused].
func (c *Control) ClearQuarantine(ctx context.Context, panelName, server, reason, by string, timeout time.Duration) error {
	if _, there := c.config.Panel(panelName); !there {
		return ErrUnknownPanel
	}
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	id := fleet.QuarantineWorkflowID(panelName, server)
	run, err := c.temporal.ExecuteWorkflow(limited, client.StartWorkflowOptions{
		ID: id, TaskQueue: api.QueueWorkflows,
		StaticSummary:            cutBytes("server "+server+" of panel "+panelName+" leaves quarantine: "+reason, summaryLimit),
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes:    temporal.NewSearchAttributes(api.AttrPanel.ValueSet(panelName)),
	}, api.TypeQuarantineClear, fleet.QuarantineClearInput{
		Panel: panelName, ServerID: server, Reason: reason, By: by, Settings: Settings(c.config.Timing),
	})
	if err != nil {
		return err
	}
	rests, err := c.awaitGiveBack(limited, run, nil)
	var refused *temporal.ApplicationError
	switch {
	case errors.As(err, &refused):
		return &Refused{refused.Type(), refused.Message()}
	case ctx.Err() != nil:
		return ctx.Err()
	case !rests.IsZero(), limited.Err() != nil:
		return c.stillGoing(ctx, ErrStillClearing, id, rests)
	}
	return err
}
