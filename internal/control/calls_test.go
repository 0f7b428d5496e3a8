package control_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// watchedClient counts the calls that are made.
type watchedClient struct {
	client.Client
	described, queried atomic.Int32
}

func (c *watchedClient) DescribeWorkflow(ctx context.Context, id, run string) (*client.WorkflowExecutionDescription, error) {
	c.described.Add(1)
	return c.Client.DescribeWorkflow(ctx, id, run)
}

func (c *watchedClient) QueryWorkflow(ctx context.Context, id, run, query string, args ...any) (converter.EncodedValue, error) {
	c.queried.Add(1)
	return c.Client.QueryWorkflow(ctx, id, run, query, args...)
}

func TestASignalWhoseEffectIsThereAsksNoMore(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	watched := &watchedClient{Client: s.Client}
	result, err := control.New(watched, s.Namespace, settings(time.Hour)).Signal(t.Context(), 101, api.SignalSuspend, api.Event{Reason: "abuse"}, timeout)
	require.NoError(t, err)
	require.True(t, result.Reached)
	require.Equal(t, "blocked until the reason is lifted (abuse)", result.Status.Summary)
	require.Zero(t, watched.described.Load(), "the status that showed the effect is the answer")
}
