package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/converter"
)

// query asks a workflow, and once more within the same time when nothing comes: a query that meets a task on its way waits with
// it, and may wait in vain while the worker lives (docs/temporal.md 2). Errors: ErrUnknownService, ErrWorkerUnavailable.
func (c *Control) query(ctx context.Context, id, query string, answer any, args ...any) error {
	limited, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	value, err := c.ask(limited, c.patience/2, id, query, args)
	if err != nil && limited.Err() == nil && isUnanswered(err) {
		value, err = c.ask(limited, c.patience, id, query, args)
	}
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

// ask is one try of a query.
func (c *Control) ask(ctx context.Context, timeout time.Duration, id, query string, args []any) (converter.EncodedValue, error) {
	limited, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	return c.temporal.QueryWorkflow(limited, id, "", query, args...)
}

// isUnanswered recognises a query to which nobody said anything.
func isUnanswered(err error) bool {
	_, late := errors.AsType[*serviceerror.DeadlineExceeded](err)
	_, canceled := errors.AsType[*serviceerror.Canceled](err)
	return late || canceled || errors.Is(err, context.DeadlineExceeded)
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
