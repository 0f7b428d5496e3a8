package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/workflows/api"
)

func TestStatusOfAServiceThatNeverWas(t *testing.T) {
	_, err := newScene(t).Status(t.Context(), 424242)
	require.ErrorIs(t, err, control.ErrUnknownService)
}

func TestStatusWithoutAWorkerIsNeverUnknown(t *testing.T) {
	s := newScene(t)
	s.start(order(101))
	began := time.Now()
	_, err := s.Status(t.Context(), 101)
	require.ErrorIs(t, err, control.ErrWorkerUnavailable)
	require.NotErrorIs(t, err, control.ErrUnknownService)
	require.Less(t, time.Since(began), timeout, "both tries are within one patience")

	stop := s.Work(t)
	status, err := s.Status(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, api.PhaseActive, status.Phase)
	stop()
	_, err = s.Status(t.Context(), 101)
	require.ErrorIs(t, err, control.ErrWorkerUnavailable, "a worker that went away")
}

func TestStatusOfAnEndedServiceSaysHowItEnded(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	s.end(101)
	status, err := s.Status(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, api.PhaseReleased, status.Phase)
	require.Equal(t, "completed", status.Ending)
	require.Equal(t, "the server was given back", status.Summary)
	require.NotNil(t, status.Blocks, "an empty list is no null")

	s.start(order(102))
	_, err = s.Status(t.Context(), 102)
	require.NoError(t, err)
	require.NoError(t, s.Client.TerminateWorkflow(t.Context(), "service-102", "", "by hand"))
	status, err = s.Status(t.Context(), 102)
	require.NoError(t, err)
	require.True(t, status.Closed)
	require.Equal(t, "terminated", status.Ending)
	require.Equal(t, api.PhaseActive, status.Phase, "nothing was released")
}

func TestStatusShowsWhichCallFails(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	o := order(101)
	o.Recipe = temporaltest.RecipeTrouble
	before := time.Now()
	s.start(o)
	var trouble control.Trouble
	s.eventually(func() bool {
		status, err := s.Status(t.Context(), 101)
		if err != nil || len(status.Trouble) == 0 {
			return false
		}
		trouble = status.Trouble[0]
		return trouble.Attempt >= 4 && !trouble.NextAttempt.IsZero()
	})
	require.Equal(t, "Survey", trouble.Activity)
	require.Equal(t, "panel fra1", trouble.Where)
	require.Equal(t, temporaltest.Refusal, trouble.LastError)
	require.WithinRange(t, trouble.Since, before.Add(-time.Second), trouble.NextAttempt)
}

// TestStatusShowsACallThatWaits: a panel that accepts and does nothing lets no call fail, for many minutes.
func TestStatusShowsACallThatWaits(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	o := order(101)
	o.Recipe = temporaltest.RecipeIgnored
	s.start(o)
	var trouble []control.Trouble
	s.eventually(func() bool {
		status, err := s.Status(t.Context(), 101)
		trouble = status.Trouble
		return err == nil && len(trouble) > 0
	})
	require.Len(t, trouble, 1)
	require.Equal(t, "Block", trouble[0].Activity)
	require.Equal(t, temporaltest.Ignored, trouble[0].Words())
	require.EqualValues(t, 1, trouble[0].Attempt)
}

func TestAWaitingServiceShowsItsPositionAndTheTroubleOfItsAllocator(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.StartInventory(t, temporaltest.PanelDown, time.Now())
	o := order(101)
	o.Panel, o.Recipe = temporaltest.PanelDown, temporaltest.RecipeWaiting
	s.start(o)
	s.eventually(func() bool {
		status, err := s.Status(t.Context(), 101)
		return err == nil && len(status.Trouble) == 1 && status.Trouble[0].Where == "panel down" && status.Position == 3
	})
}

func TestAWaitingServiceDoesNotNeedItsAllocator(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	o := order(101)
	o.Recipe = temporaltest.RecipeWaiting
	s.start(o)
	status, err := s.Status(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, api.PhaseWaiting, status.Phase)
	require.Zero(t, status.Position)
}
