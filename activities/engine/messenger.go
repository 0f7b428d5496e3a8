// Package engine holds the activities that work on Temporal itself: signals to workflows that
// may have to be started, and the question to a panel's brakes.
package engine

import (
	"context"
	"errors"
	"fmt"
	"metalease/activities/edge"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// Messenger carries signals to workflows that may not run yet. Workflow code
// cannot start what it signals (docs/temporal.md 18).
type Messenger struct {
	Client client.Client
}

// Teller carries messages.
type Teller interface {
	Tell(ctx context.Context, message Message) error
}

// Message is a signal to an entity that is started when it is missing.
type Message struct {
	WorkflowID   string `json:"workflow_id"`
	WorkflowType string `json:"workflow_type"`
	TaskQueue    string `json:"task_queue"`
	Signal       string `json:"signal"`
	Input        any    `json:"input"`
	// Start is the workflow's argument, should it have to be started.
	Start any `json:"start"`
	// Summary is what the Web UI shows beside the entity.
	Summary string `json:"summary,omitempty"`
}

// Tell signals the entity, and starts it when it is missing. A repeated message
// is told apart by the entity, not here.
func (m *Messenger) Tell(ctx context.Context, message Message) error {
	options := client.StartWorkflowOptions{ID: message.WorkflowID, TaskQueue: message.TaskQueue, StaticSummary: message.Summary}
	_, err := m.Client.SignalWithStartWorkflow(ctx, message.WorkflowID, message.Signal, message.Input,
		options, message.WorkflowType, message.Start)
	var invalid *serviceerror.InvalidArgument
	if errors.As(err, &invalid) {
		return edge.NonRetryable(edge.ErrBadMessage, "%s", err)
	}
	return err
}

// RecallInput names the services of a panel that may wait for a server, and the signal that
// has them ask again.
type RecallInput struct {
	Panel  string `json:"panel"`
	Query  string `json:"query"`
	Signal string `json:"signal"`
}

// Recall has every service that the query finds ask again, and counts them. One that has
// ended meanwhile needs nothing; one that has gone on in a new run does.
func (m *Messenger) Recall(ctx context.Context, in RecallInput) (int, error) {
	recalled := 0
	for token := []byte(nil); ; {
		page, err := m.Client.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Query: in.Query, NextPageToken: token})
		if err != nil {
			return recalled, fmt.Errorf("list the services that wait on panel %s: %s", in.Panel, err)
		}
		for _, execution := range page.GetExecutions() {
			err := m.Client.SignalWorkflow(ctx, execution.GetExecution().GetWorkflowId(), "", in.Signal, nil)
			var gone *serviceerror.NotFound
			if err != nil && !errors.As(err, &gone) {
				return recalled, err
			}
			recalled++
		}
		if token = page.GetNextPageToken(); len(token) == 0 {
			return recalled, nil
		}
	}
}
