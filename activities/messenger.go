package activities

import (
	"context"
	"errors"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
)

// Messenger carries signals to workflows that may not run yet. Workflow code
// cannot start what it signals (reference/temporal.md section 18).
type Messenger struct {
	Client client.Client
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
		return final("BadMessage", "%s", err)
	}
	return err
}
