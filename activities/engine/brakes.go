package engine

import (
	"context"
	"errors"
	"metalease/activities/edge"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// The brakes of a panel are one workflow that counts what destroys, so that a broken
// billing run cannot wipe a fleet, and that a person can pull. Its names stand here
// because activities ask it.
const (
	TypeBrakes   = "Brakes"
	UpdatePermit = "permit"
)

// BrakesWorkflowID is the id of the brakes of a panel.
func BrakesWorkflowID(panel string) string { return "brakes-" + panel }

// Destruction is what a permit is asked for.
type Destruction string

// What destroys. Unblocking is not among it: it is never paused or limited.
const (
	DestroyBlock   Destruction = "block"
	DestroyRelease Destruction = "release"
	// DestroyStep is a further step of a release that was permitted: a pause stops it, no limit does.
	DestroyStep Destruction = "step"
)

// Permit asks for one destructive act. The same service asks once an hour, however often it repeats.
type Permit struct {
	Kind      Destruction `json:"kind"`
	ServiceID int         `json:"service_id"`
	// Limit is how many services an hour may be blocked or released.
	Limit int `json:"limit"`
	// Approved is true when a person has said that this one may be done.
	Approved bool `json:"approved,omitempty"`
}

// BrakesStart is the argument with which brakes start; see workflows.BrakesInput.
type BrakesStart struct {
	Panel string `json:"panel"`
}

// Brakes permits what destroys, or says why not. Errors: PanelPaused, tried again until
// somebody resumes; LimitReached, a person's business.
type Brakes interface {
	Permit(ctx context.Context, panel string, p Permit) error
}

// BrakeLine asks the brakes through Temporal, by an update: what is refused leaves no
// trace in any history.
type BrakeLine struct {
	Client client.Client
	// TaskQueue of workflows.
	TaskQueue string
}

// permitTimeout bounds one question; without an answer nothing is destroyed.
const permitTimeout = 20 * time.Second

// Permit implements Brakes.
func (b *BrakeLine) Permit(ctx context.Context, panel string, p Permit) error {
	ctx, cancel := context.WithTimeout(ctx, permitTimeout)
	defer cancel()
	for {
		err := b.ask(ctx, panel, p)
		var refused *temporal.ApplicationError
		switch {
		case err == nil:
			return nil
		case !errors.As(err, &refused):
			return edge.Retryable(edge.ErrBrakesUnavailable, "the brakes of panel %s do not answer, so nothing is destroyed: %s", panel, err)
		case refused.Type() == edge.ErrBrakesTurning && ctx.Err() == nil:
			continue // the refusal has had them read what had arrived
		case refused.Type() == edge.ErrLimit:
			return edge.NonRetryable(edge.ErrLimit, "%s", refused.Message())
		case refused.Type() == edge.ErrPaused:
			return edge.Expected(edge.ErrPaused, "%s", refused.Message())
		}
		return edge.Retryable(edge.ErrBrakesUnavailable, "the brakes of panel %s refuse, so nothing is destroyed: %s", panel, refused.Message())
	}
}

func (b *BrakeLine) ask(ctx context.Context, panel string, p Permit) error {
	start := b.Client.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: BrakesWorkflowID(panel), TaskQueue: b.TaskQueue, StaticSummary: "the brakes of panel " + panel,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, TypeBrakes, BrakesStart{panel})
	asked, err := b.Client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions:          client.UpdateWorkflowOptions{UpdateName: UpdatePermit, Args: []any{p}, WaitForStage: client.WorkflowUpdateStageCompleted},
	})
	if err != nil {
		return err
	}
	return asked.Get(ctx, nil)
}
