package panel

import (
	"context"
	"errors"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"time"

	"go.temporal.io/sdk/temporal"
)

// Health is what a worker finds when it asks its panel whether work could be done there.
type Health struct {
	// Observed is true in observe mode: nothing is written, whatever is asked.
	Observed bool `json:"observed,omitempty"`
	// Reachable is true when the panel took our credentials and lists the API account.
	Reachable bool `json:"reachable"`
	// Code and Message tell why it is not reachable: the type and the words of the error.
	Code    string    `json:"code,omitempty"`
	Message string    `json:"message,omitempty"`
	AsOf    time.Time `json:"as_of"`
}

// lookLimit is how long a panel may take to answer a question that a person waits for.
const lookLimit = 6 * time.Second

// Health asks the panel who we are. A panel that is down is an answer, not an error.
func (p *Panel) Health(ctx context.Context) (Health, error) {
	health := Health{Observed: p.Client.ReadOnly(), AsOf: time.Now().UTC()}
	_, err := promptly(ctx, p, p.greet)
	var app *temporal.ApplicationError
	switch {
	case ctx.Err() != nil:
		return health, ctx.Err()
	case errors.As(err, &app):
		health.Code, health.Message = app.Type(), app.Message()
	}
	health.Reachable = err == nil
	return health, nil
}

// greet fails when the panel does not answer, or not to us.
func (p *Panel) greet(ctx context.Context) (holding.Account, error) {
	if err := p.Client.Probe(ctx); err != nil {
		return holding.Account{}, err
	}
	return p.ApiAccount(ctx)
}

// promptly asks the panel something that a person waits for.
func promptly[A any](ctx context.Context, p *Panel, ask func(context.Context) (A, error)) (A, error) {
	limited, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	answer, err := ask(limited)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = edge.Retryable(edge.ErrPanelUnavailable, "panel %s did not answer within %s", p.Client.Name(), lookLimit)
	}
	return answer, edge.Convert(ctx, err)
}
