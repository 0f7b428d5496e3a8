// Package audit writes who did what to which service and server, when, why, and what was before and after: one line for each change
// of a panel, each signal and each change of phase, from wrappers around the panel's client and the workflows. It decides nothing and
// stops nothing. No line holds a password or a key.
package audit

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"go.temporal.io/sdk/activity"
	"go.uber.org/zap"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

// Log takes the lines.
type Log struct{ lines *zap.Logger }

// New returns a log that writes through a logger, under the name audit.
func New(logger *zap.Logger) *Log { return &Log{logger.Named("audit")} }

// Outcomes of a call.
const (
	outcomeDone    = "done"
	outcomeRefused = "refused"
	outcomeUnknown = "unknown"
)

// outcome of a change; unknown is one that may have been made.
func outcome(err error, uncertain bool) string {
	switch {
	case err == nil:
		return outcomeDone
	case uncertain:
		return outcomeUnknown
	}
	return outcomeRefused
}

// call writes a line about a call that an activity has made. Fields of the call come first, then who made it.
func (l *Log) call(ctx context.Context, what string, err error, uncertain bool, fields ...zap.Field) {
	fields = append(fields, zap.String("outcome", outcome(err, uncertain)))
	if err != nil {
		fields = append(fields, zap.String("error", err.Error()))
	}
	if activity.IsActivity(ctx) {
		info := activity.GetInfo(ctx)
		if service := serviceOf(info.WorkflowExecution.ID); service != "" {
			fields = append(fields, zap.String("service", service))
		}
		fields = append(fields, zap.String("workflow", info.WorkflowExecution.ID), zap.String("run", info.WorkflowExecution.RunID),
			zap.String("step", info.ActivityType.Name), zap.Int32("attempt", info.Attempt))
	}
	l.lines.Info(what, append(fields, whoIn(ctx).fields()...)...)
}

// unsent tells an error after which nothing can have changed, because nothing was asked: it is no line.
func unsent(err error) bool {
	return errors.Is(err, context.Canceled) || edge.TypeOf(err) == edge.ErrPaused
}

// serviceOf is the service of a workflow's id; empty for another workflow.
func serviceOf(workflowID string) string {
	var id int
	if _, err := fmt.Sscanf(workflowID, "service-%d", &id); err != nil || api.ServiceWorkflowID(id) != workflowID {
		return ""
	}
	return strconv.Itoa(id)
}
