package control_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"metalease/internal/control"
	"metalease/workflows/api"
)

func TestALifeThatFailedAtItsStartStandsInNobodysWay(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	run, err := s.Client.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "service-101", TaskQueue: api.QueueWorkflows}, api.TypeServiceLifecycle, 42)
	require.NoError(t, err)
	require.Error(t, run.Get(t.Context(), nil))

	_, err = s.Status(t.Context(), 101)
	require.ErrorIs(t, err, control.ErrUnknownService, "it is not that no worker answers")
	started, err := s.Start(t.Context(), order(101))
	require.NoError(t, err)
	require.True(t, started, "the order takes its place")
	started, err = s.Start(t.Context(), order(101))
	require.NoError(t, err)
	require.False(t, started)
	status, err := s.Status(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, api.PhaseActive, status.Phase)
}

// deaf loses the first queries, as a worker whose task ends in that moment does.
type deaf struct {
	client.Client
	lost atomic.Int32
}

func (d *deaf) QueryWorkflow(ctx context.Context, id, run, query string, args ...any) (converter.EncodedValue, error) {
	if d.lost.Add(-1) >= 0 {
		<-ctx.Done()
		return nil, serviceerror.NewDeadlineExceeded("context deadline exceeded")
	}
	return d.Client.QueryWorkflow(ctx, id, run, query, args...)
}

func TestAQueryThatIsLostIsAskedOnceMore(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	_, err := s.Status(t.Context(), 101)
	require.NoError(t, err)
	lossy := &deaf{Client: s.Client}
	c := control.New(lossy, s.Namespace, settings(time.Hour))
	lossy.lost.Store(1)
	status, err := c.Status(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, api.PhaseActive, status.Phase)

	began := time.Now()
	lossy.lost.Store(1000)
	_, err = control.New(lossy, s.Namespace, settings(time.Hour)).Status(t.Context(), 101)
	require.ErrorIs(t, err, control.ErrWorkerUnavailable)
	require.Less(t, time.Since(began), 6*time.Second, "both tries are within one time")
}
