package control_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/workflows/api"
)

func TestSignalWaitsForItsEffect(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	result, err := s.Signal(t.Context(), 101, api.SignalSuspend, api.Event{Reason: "abuse"}, timeout)
	require.NoError(t, err)
	require.True(t, result.Reached)
	require.Equal(t, api.OutcomeApplied, result.Outcome)
	require.NotEmpty(t, result.EventID)
	require.Equal(t, api.PhaseBlocked, result.Status.Phase)
	require.Equal(t, "gateway", result.Status.Blocks[0].Source, "who asked is filled in")

	result, err = s.Signal(t.Context(), 101, api.SignalRenew, api.Event{EventID: "mine", Reason: temporaltest.ReasonIgnore}, timeout)
	require.NoError(t, err)
	require.Equal(t, "mine", result.EventID)
	require.Equal(t, api.OutcomeIgnored, result.Outcome)
	require.True(t, result.Reached, "it was decided that there is no effect")
}

func TestSignalStopsWaitingInTime(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	_, err := s.Status(t.Context(), 101)
	require.NoError(t, err)
	began := time.Now()
	result, err := s.Signal(t.Context(), 101, api.SignalSuspend, api.Event{Reason: temporaltest.ReasonPend}, time.Second)
	require.NoError(t, err)
	require.False(t, result.Reached)
	require.Equal(t, api.OutcomePending, result.Outcome)
	require.NotNil(t, result.Status)
	require.Less(t, time.Since(began), 4*time.Second)
}

func TestSignalIsSafeWithoutAWorker(t *testing.T) {
	s := newScene(t)
	s.start(order(101))
	result, err := s.Signal(t.Context(), 101, api.SignalSuspend, api.Event{EventID: "e1", Reason: "abuse"}, 0)
	require.NoError(t, err)
	require.False(t, result.Reached)
	require.Nil(t, result.Status)
	s.Work(t)
	s.eventually(func() bool {
		status, err := s.Status(t.Context(), 101)
		return err == nil && status.Phase == api.PhaseBlocked
	})
}

func TestSignalToAServiceThatNeverWas(t *testing.T) {
	_, err := newScene(t).Signal(t.Context(), 424242, api.SignalTerminate, api.Event{}, 0)
	require.ErrorIs(t, err, control.ErrUnknownService)
}

func TestSignalToAnEndedService(t *testing.T) {
	s := newScene(t)
	stop := s.Work(t)
	s.start(order(101))
	_, err := s.Signal(t.Context(), 101, api.SignalDetach, api.Event{EventID: "d1"}, timeout)
	require.NoError(t, err)
	s.eventually(func() bool {
		status, err := s.Status(t.Context(), 101)
		return err == nil && status.Closed
	})

	repeated, err := s.Signal(t.Context(), 101, api.SignalDetach, api.Event{EventID: "d1"}, 0)
	require.NoError(t, err, "the call that ended it, sent again after a lost reply")
	require.Equal(t, api.OutcomeApplied, repeated.Outcome)
	_, err = s.Signal(t.Context(), 101, api.SignalSuspend, api.Event{}, 0)
	require.ErrorIs(t, err, control.ErrClosed)
	s.start(order(102))
	s.end(102)
	terminated, err := s.Signal(t.Context(), 102, api.SignalTerminate, api.Event{}, 0)
	require.NoError(t, err)
	require.Equal(t, "already released", terminated.Reason)
	stop()
	terminated, err = s.Signal(t.Context(), 102, api.SignalTerminate, api.Event{}, 0)
	require.NoError(t, err, "also without a worker")
	require.True(t, terminated.Reached)
}
