// Package control is what the gateway, the command line and the reconciler do with Temporal.
// It decides nothing: workflows do, and panels are read by workers, through a workflow
// that carries the question.
//
// Services: start.go and order.go start them, status.go, trouble.go and summary.go tell about
// one, told.go without waking a worker for nothing, list.go about many, signal.go sends what happens to them, adopt.go takes over. signon.go,
// facts.go and usage.go are about servers that customers have.
// Panels: panel.go, stock.go, plan.go and quarantine.go; brakes.go pauses them.
// Both: find.go tells whose a server is or was, drift.go, comparenow.go and repair.go compare and repair,
// lifecycles.go is what the reconciler reads.
package control

import (
	"context"
	"errors"
	"sync"
	"time"

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
	// patience bounds a query, which a worker must answer: queryTimeout.
	patience time.Duration
	// clickPatience bounds a sign-on: signOnTimeout.
	clickPatience time.Duration
	// startPatience bounds the wait for a schedule: startTimeout.
	startPatience time.Duration

	// refreshed are the times at which inventories were told to read their panel.
	mu        sync.Mutex
	refreshed map[string]time.Time

	// facts are those of the last minutes.
	facts factsMemory
	// answers are those that workers gave last.
	answers answers
}

// New returns a control; it contacts nobody. Start and Stock need the configuration,
// everything else works with an empty one.
func New(temporal client.Client, namespace string, cfg *config.Config) *Control {
	return &Control{temporal: temporal, namespace: namespace, config: cfg, patience: queryTimeout, clickPatience: signOnTimeout, startPatience: startTimeout, refreshed: map[string]time.Time{}}
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
	// callTimeout bounds a call to Temporal itself: a web request waits behind it.
	callTimeout = 10 * time.Second
	// queryTimeout bounds a query, which a worker must answer, its repeat included. A worker that has to replay a long life first
	// needs far less; a query that meets a task which no worker takes needs the sticky timeout of the workers, one second
	// (docs/temporal.md 2).
	queryTimeout = 3 * time.Second
)
