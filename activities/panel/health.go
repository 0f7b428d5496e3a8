package panel

import (
	"context"
	"errors"
	"time"

	"metalease/activities/edge"
	"metalease/dcim"

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
	// Contradictions are what this worker has seen to differ from the panel's profile since it started.
	Contradictions []dcim.Contradiction `json:"contradictions,omitempty"`
}

// promptTimeout is how long a panel may take to answer a question that a person waits for.
const promptTimeout = 6 * time.Second

// Health asks the panel who we are. A panel that is down is an answer, not an error.
func (p *Panel) Health(ctx context.Context) (Health, error) {
	health := Health{Observed: p.backend.ReadOnly(), AsOf: time.Now().UTC()}
	_, err := promptly(ctx, p, p.backend.Self)
	if ctx.Err() != nil {
		return health, ctx.Err()
	}
	health.Reachable = err == nil
	if p.Contradictions != nil {
		health.Contradictions = p.Contradictions()
	}
	var app *temporal.ApplicationError
	if errors.As(edge.Convert(err), &app) {
		health.Code, health.Message = app.Type(), app.Message()
	}
	return health, nil
}

// promptly reads something that a person waits for.
func promptly[A any](ctx context.Context, p *Panel, read func(context.Context) (A, error)) (A, error) {
	limited, cancel := context.WithTimeout(ctx, promptTimeout)
	defer cancel()
	answer, err := read(limited)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = edge.Retryable(edge.ErrPanelUnavailable, "panel %s did not answer within %s", p.backend.Name(), promptTimeout)
	}
	return answer, err
}
