package server

import (
	"context"
	"errors"
	"time"

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

// Holds implements engine.Lives. A service without a life, and one whose life has never begun, holds nothing.
func (l *lives) Holds(ctx context.Context, serviceID int, panel, serverID string) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, livesTimeout)
	defer cancel()
	var status api.Status
	value, err := l.temporal.QueryWorkflow(limited, api.ServiceWorkflowID(serviceID), "", api.QueryStatus)
	if err == nil {
		err = value.Get(&status)
	}
	var gone *serviceerror.NotFound
	var silent *serviceerror.QueryFailed
	switch {
	case errors.As(err, &gone), errors.As(err, &silent):
		return false, nil
	case err != nil:
		return false, edge.Retryable(edge.ErrUnexpected, "service %d does not tell whether it holds server %s: %s", serviceID, serverID, err)
	}
	return status.Phase != api.PhaseReleased && status.Panel == panel && status.Server != nil && status.Server.ID == serverID, nil
}
