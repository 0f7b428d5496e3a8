package server

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

// lives asks the lifecycles of services what they hold.
type lives struct {
	temporal client.Client
}

// livesTimeout bounds one question: a save waits for its answer.
const livesTimeout = 5 * time.Second

// Holds implements engine.Lives. A service without a life, and one whose life ended before it began, holds nothing. Of one that
// runs and cannot be asked nobody knows: its worker lacks a build or a key.
func (l *lives) Holds(ctx context.Context, serviceID int, panel, serverID string) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, livesTimeout)
	defer cancel()
	var status api.Status
	value, err := l.temporal.QueryWorkflow(limited, api.ServiceWorkflowID(serviceID), "", api.QueryStatus)
	if err == nil {
		err = value.Get(&status)
	}
	var silent *serviceerror.QueryFailed
	switch {
	case gone(err):
		return false, nil
	case errors.As(err, &silent):
		there, lost := l.temporal.DescribeWorkflow(limited, api.ServiceWorkflowID(serviceID), "")
		if lost == nil && there.Status != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
			return false, nil
		}
		return false, edge.Retryable(edge.ErrUnexpected, "service %d runs and does not tell whether it holds server %s: %s", serviceID, serverID, err)
	case err != nil:
		return false, edge.Retryable(edge.ErrUnexpected, "service %d does not tell whether it holds server %s: %s", serviceID, serverID, err)
	}
	return status.Phase != api.PhaseReleased && status.Panel == panel && status.Server != nil && status.Server.ID == serverID, nil
}
