package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/internal/control"
	"metalease/workflows"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// brakesWork runs the real brakes.
func (s scene) brakesWork() *engine.BrakeLine {
	s.t.Helper()
	w := worker.New(s.Client, api.QueueWorkflows, worker.Options{Interceptors: workflows.Interceptors()})
	workflows.Register(w)
	require.NoError(s.t, w.Start())
	s.t.Cleanup(w.Stop)
	return &engine.BrakeLine{Client: s.Client, TaskQueue: api.QueueWorkflows}
}

func requireRefused(t *testing.T, err error, kind string, final bool) {
	t.Helper()
	var refused *temporal.ApplicationError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, kind, refused.Type(), refused.Message())
	require.Equal(t, final, refused.NonRetryable())
}

// TestAPauseIsKeptUntilSomebodyResumes goes the way of the command line on one side and of
// an activity on the other.
func TestAPauseIsKeptUntilSomebodyResumes(t *testing.T) {
	s := newScene(t)
	require.ErrorIs(t, s.Pause(t.Context(), "nowhere", "", ""), control.ErrUnknownPanel)
	require.NoError(t, s.Pause(t.Context(), "fra1", "billing run", "staff"), "a pause needs no worker")

	line := s.brakesWork()
	var view fleet.BrakesView
	s.eventually(func() bool { // the worker has only just begun
		var err error
		view, err = s.Brakes(t.Context(), "fra1")
		return err == nil
	})
	require.Equal(t, "billing run", view.Paused.Reason)
	require.WithinDuration(t, time.Now(), view.Paused.Since, time.Minute)

	block := engine.Permit{Kind: engine.DestroyBlock, ServiceID: 101, Limit: 1}
	err := line.Permit(t.Context(), "fra1", block)
	requireRefused(t, err, edge.ErrPaused, false)
	require.ErrorContains(t, err, "starter resume --panel fra1")

	require.NoError(t, s.Resume(t.Context(), "fra1"))
	require.NoError(t, line.Permit(t.Context(), "fra1", block))
	require.NoError(t, line.Permit(t.Context(), "fra1", block), "a repeat of the same service")
	block.ServiceID = 102
	requireRefused(t, line.Permit(t.Context(), "fra1", block), edge.ErrLimit, true)
	block.Approved = true
	require.NoError(t, line.Permit(t.Context(), "fra1", block))
	view, err = s.Brakes(t.Context(), "fra1")
	require.NoError(t, err)
	require.Equal(t, fleet.BrakesView{Panel: "fra1", Blocks: 2}, view)
}

// TestBrakesThatNobodyAskedAreNotPaused: they start with the first question.
func TestBrakesThatNobodyAskedAreNotPaused(t *testing.T) {
	s := newScene(t)
	line := s.brakesWork()
	view, err := s.Brakes(t.Context(), "fra1")
	require.NoError(t, err)
	require.Equal(t, fleet.BrakesView{Panel: "fra1"}, view)
	require.NoError(t, line.Permit(t.Context(), "fra1", engine.Permit{Kind: engine.DestroyRelease, ServiceID: 1, Limit: 1}))
}
