package control

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"go.temporal.io/api/workflowservice/v1"
)

// seen is what a look at a workflow has shown.
type seen struct {
	there *workflowservice.DescribeWorkflowExecutionResponse
	// text is the answer to the query; unanswered is why there is none.
	text       json.RawMessage
	unanswered error
}

// told asks a workflow, and a worker only if something has happened since the same was asked last. Errors as query.
func (c *Control) told(ctx context.Context, id, query string, into any, args ...any) error {
	seen, err := c.look(ctx, id, query, args...)
	if err != nil {
		return orUnknown(err)
	}
	return seen.read(into)
}

func (s seen) read(into any) error {
	if s.unanswered != nil {
		return s.unanswered
	}
	return json.Unmarshal(s.text, into)
}

// look describes a workflow and asks it, together with all who want to know the same. An error is that it could not be described.
func (c *Control) look(ctx context.Context, id, query string, args ...any) (seen, error) {
	asked, err := json.Marshal(args)
	if err != nil {
		return seen{}, err
	}
	key := fmt.Sprintf("%s %s %s", id, query, asked)
	// Who gives up waiting must not end the look of the others; calls to Temporal have limits of their own.
	shared := c.answers.share(key, func() (seen, error) { return c.lookNow(context.WithoutCancel(ctx), key, id, query, args) })
	select {
	case <-shared.done:
		return shared.seen, shared.err
	case <-ctx.Done():
		return seen{}, ctx.Err()
	}
}

// lookNow takes the kept answer if nothing has happened since. What a query shows is a function of the history, and Temporal
// answers it with all events before it (docs/temporal.md 2), so an answer between two descriptions of one version is that version's
// for good; a description wakes no worker.
func (c *Control) lookNow(ctx context.Context, key, id, query string, args []any) (seen, error) {
	there, err := c.describe(ctx, id)
	if err != nil {
		return seen{}, err
	}
	kept, known := c.answers.get(key, versionOf(there))
	if known && time.Since(kept.at) < answerLasts {
		return seen{there: there, text: kept.text}, nil
	}
	var text json.RawMessage
	switch err := c.query(ctx, id, query, &text, args...); {
	case err != nil && known: // it is old and holds
		text = kept.text
	case err != nil:
		return seen{there: there, unanswered: err}, nil
	}
	after, err := c.describe(ctx, id)
	if err != nil {
		return seen{there: there, text: text}, nil
	}
	if of := versionOf(after); of == versionOf(there) {
		c.answers.put(answer{key: key, of: of, text: text, at: time.Now()})
	}
	return seen{there: after, text: text}, nil
}
