package server

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/internal/temporaltest"
	"metalease/workflows/api"
)

// TestALifeThatCannotBeAskedIsNotNone: a worker that cannot answer for a service that runs says nothing of its server.
func TestALifeThatCannotBeAskedIsNotNone(t *testing.T) {
	t.Parallel()
	s := temporaltest.Start(t)
	mute := worker.New(s.Client, api.QueueWorkflows, worker.Options{})
	mute.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		workflow.GetSignalChannel(ctx, "go").Receive(ctx, nil)
		return nil
	}, workflow.RegisterOptions{Name: api.TypeServiceLifecycle})
	require.NoError(t, mute.Start())
	t.Cleanup(mute.Stop)
	asked := &lives{s.Client}
	held, err := asked.Holds(t.Context(), 101, "fra1", "12")
	require.NoError(t, err)
	require.False(t, held, "it has no life")

	run, err := s.Client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: api.ServiceWorkflowID(101), TaskQueue: api.QueueWorkflows}, api.TypeServiceLifecycle)
	require.NoError(t, err)
	_, err = asked.Holds(t.Context(), 101, "fra1", "12")
	require.ErrorContains(t, err, "service 101 runs and does not tell")

	require.NoError(t, s.Client.SignalWorkflow(t.Context(), run.GetID(), "", "go", nil))
	require.NoError(t, run.Get(t.Context(), nil))
	held, err = asked.Holds(t.Context(), 101, "fra1", "12")
	require.NoError(t, err)
	require.False(t, held, "it has ended and never said that it had one")
}
