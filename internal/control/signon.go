package control

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/internal/signon"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// NotNow is what a running server is not asked to do now, with the reason.
type NotNow struct{ Reason string }

// Error is the reason.
func (n *NotNow) Error() string { return n.Reason }

// ErrAnswered is a way in that was made for an earlier call with the same event id. Its answer was sealed to that
// call's key, which is gone.
var ErrAnswered = errors.New("a way in was made for this event_id before, and only that call could read it")

// signOnTimeout bounds a sign-on: somebody has clicked and waits. It is a little below what callers wait, which is 20 s.
const signOnTimeout = 18 * time.Second

// SignOn makes a way into the panel or to the console. Nothing of it is kept: the answer travels sealed to a key that
// lives as long as this call. Errors: *[NotNow], *[Refused] of a panel, ErrAnswered, ErrUnknownService, ErrClosed,
// ErrWorkerUnavailable.
func (c *Control) SignOn(ctx context.Context, serviceID int, ask running.SignOn) (signon.Door, error) {
	key, err := signon.NewKey()
	if err != nil {
		return signon.Door{}, err
	}
	ask.Key = key.Public()
	limited, cancel := context.WithTimeout(ctx, c.clickPatience)
	defer cancel()
	var sealed running.Sealed
	handle, err := c.temporal.UpdateWorkflow(limited, client.UpdateWorkflowOptions{
		UpdateID: running.UpdateSignOn + "-" + ask.EventID, WorkflowID: api.ServiceWorkflowID(serviceID),
		UpdateName: running.UpdateSignOn, Args: []any{ask}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = handle.Get(limited, &sealed)
	}
	if err != nil {
		return signon.Door{}, c.signOnFault(ctx, limited, serviceID, err)
	}
	door, err := key.Open(sealed.Text)
	if err != nil {
		return signon.Door{}, ErrAnswered
	}
	return door, nil
}

// panelFaults are the types of errors by which a panel, and not the service, stands in the way.
var panelFaults = []string{
	edge.ErrPanelUnavailable, edge.ErrPanelCredentials, edge.ErrPanelRefused, edge.ErrPanelUnsupported, edge.ErrUnexpected,
}

func (c *Control) signOnFault(ctx, limited context.Context, serviceID int, err error) error {
	refused, said := errors.AsType[*temporal.ApplicationError](err)
	_, late := errors.AsType[*temporal.TimeoutError](err)
	_, unserved := errors.AsType[*client.WorkflowUpdateServiceTimeoutOrCanceledError](err)
	_, unready := errors.AsType[*serviceerror.WorkflowNotReady](err)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case isNotFound(err):
		if _, lost := c.describe(ctx, api.ServiceWorkflowID(serviceID)); lost != nil {
			return orUnknown(lost)
		}
		return ErrClosed
	case said && slices.Contains(panelFaults, refused.Type()):
		return &Refused{refused.Type(), refused.Message()}
	case said:
		return &NotNow{refused.Message()}
	case late, unserved, unready, limited.Err() != nil:
		return fmt.Errorf("%w (a sign-on of service %d)", ErrWorkerUnavailable, serviceID)
	}
	return err
}
