// Package control is what the gateway and the command line do with Temporal: start a
// service, ask about it, signal it, list services, look at the stock.
package control

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"metalease/internal/config"
	"metalease/workflows/api"
)

// What callers tell apart. Start has two more: [Invalid] and [Conflict].
var (
	ErrUnknownService    = errors.New("there is no such service")
	ErrUnknownPanel      = errors.New("there is no such panel in the configuration")
	ErrWorkerUnavailable = errors.New("no worker answers: is one running?")
	ErrClosed            = errors.New("the service has ended")
	ErrPageToken         = errors.New("the page token is not one that this list has given")
)

// Control talks to one Temporal namespace for one installation.
type Control struct {
	temporal  client.Client
	namespace string
	config    *config.Config

	// looks are the times at which inventories were asked to look at their panel.
	mu    sync.Mutex
	looks map[string]time.Time
}

// New returns a control; it contacts nobody. Start and Stock need the configuration,
// everything else works with an empty one.
func New(temporal client.Client, namespace string, cfg *config.Config) *Control {
	return &Control{temporal: temporal, namespace: namespace, config: cfg, looks: map[string]time.Time{}}
}

// Settings are the times of the configuration as a workflow carries them.
func Settings(t config.Timing) api.Settings {
	return api.Settings{
		PowerTimeout: api.Duration(t.PowerTimeout), FollowDelay: api.Duration(t.FollowDelay),
		Repeat: api.Duration(t.Repeat), RetryCap: api.Duration(t.RetryCap), Heartbeat: api.Duration(t.Heartbeat),
	}
}

// Ready tells whether Temporal answers.
func (c *Control) Ready(ctx context.Context) error {
	_, err := c.temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

const (
	// callPatience bounds a call to Temporal itself: a web request waits behind it.
	callPatience = 10 * time.Second
	// queryPatience bounds a query, which a worker must answer. A worker that has to replay a long life first needs far less.
	queryPatience = 3 * time.Second
)

// query asks a workflow. Errors: ErrUnknownService, ErrWorkerUnavailable.
func (c *Control) query(ctx context.Context, id, query string, answer any, args ...any) error {
	limited, cancel := context.WithTimeout(ctx, queryPatience)
	defer cancel()
	value, err := c.temporal.QueryWorkflow(limited, id, "", query, args...)
	switch {
	case err == nil:
		return value.Get(answer)
	case ctx.Err() != nil: // the caller's own end says nothing of workers
		return ctx.Err()
	case limited.Err() != nil, isWorkerMissing(err):
		return fmt.Errorf("%w (query %q of %s: %v)", ErrWorkerUnavailable, query, id, err)
	}
	return orUnknown(err)
}

// isWorkerMissing recognises the ways in which the engine says that nobody answers for a
// workflow. A failed query is a worker that cannot replay it: also nobody who can answer.
func isWorkerMissing(err error) bool {
	_, notReady := errors.AsType[*serviceerror.WorkflowNotReady](err)
	_, noPoller := errors.AsType[*serviceerror.FailedPrecondition](err)
	_, late := errors.AsType[*serviceerror.DeadlineExceeded](err)
	_, failed := errors.AsType[*serviceerror.QueryFailed](err)
	return notReady || noPoller || late || failed
}

func isNotFound(err error) bool {
	_, notFound := errors.AsType[*serviceerror.NotFound](err)
	return notFound
}

func orUnknown(err error) error {
	if isNotFound(err) {
		return ErrUnknownService
	}
	return err
}
