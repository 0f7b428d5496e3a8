package control_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"

	"metalease/internal/control"
	"metalease/workflows/api"
)

func TestStartFillsWhatTheOrderLeavesOpen(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	status, err := s.Status(t.Context(), 101)
	require.NoError(t, err)
	require.Equal(t, api.Duration(72*time.Hour), status.Order.Grace)
	require.Equal(t, api.Duration(720*time.Second), status.Order.InstallTimeout)
	require.Equal(t, 2, status.Order.InstallAttempts)

	own := order(102)
	own.Grace, own.InstallAttempts = api.Duration(time.Hour), 5
	s.start(own)
	status, err = s.Status(t.Context(), 102)
	require.NoError(t, err)
	require.Equal(t, api.Duration(time.Hour), status.Order.Grace)
	require.Equal(t, 5, status.Order.InstallAttempts)
}

func TestStartTellsTheWebUIWhatItIs(t *testing.T) {
	s := newScene(t)
	long := order(101)
	long.Package = strings.Repeat("ä", 255)
	s.start(long)
	there, err := s.Client.DescribeWorkflow(t.Context(), "service-101", "")
	require.NoError(t, err)
	var summary string
	require.NoError(t, converter.GetDefaultDataConverter().FromPayload(there.RawResponse.GetExecutionConfig().GetUserMetadata().GetSummary(), &summary))
	require.Equal(t, strings.Repeat("ä", 200), summary, "cut to what Temporal takes, at a letter")

	s.start(order(102))
	there, err = s.Client.DescribeWorkflow(t.Context(), "service-102", "")
	require.NoError(t, err)
	require.NoError(t, converter.GetDefaultDataConverter().FromPayload(there.RawResponse.GetExecutionConfig().GetUserMetadata().GetSummary(), &summary))
	require.Equal(t, "E3-16G for client 7 on fra1: s101.example.com", summary)
}

func TestTheSameOrderAgainDoesNothing(t *testing.T) {
	s := newScene(t) // no worker: the run's own memo decides
	s.start(order(101))
	again := order(101)
	again.PaidAt = again.PaidAt.In(time.FixedZone("CET", 3600))
	started, err := s.Start(t.Context(), again)
	require.NoError(t, err)
	require.False(t, started)

	changed := control.New(s.Client, s.Namespace, settings(time.Hour))
	started, err = changed.Start(t.Context(), order(101))
	require.NoError(t, err, "a changed default makes no other order")
	require.False(t, started)
}

func TestAnotherOrderOfTheSameServiceIsRefused(t *testing.T) {
	s := newScene(t)
	s.start(order(101))
	other := order(101)
	other.Package, other.IPv4 = "E5-64G", 2
	var conflict *control.Conflict
	_, err := s.Start(t.Context(), other)
	require.ErrorAs(t, err, &conflict, "also while no worker can name the fields")
	require.Empty(t, conflict.Fields)

	s.Work(t)
	_, err = s.Start(t.Context(), other)
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, []string{"package", "ipv4"}, conflict.Fields)
	require.ErrorContains(t, err, "different: package, ipv4")

	spelled := order(101)
	spelled.Grace = api.Duration(72 * time.Hour)
	started, err := s.Start(t.Context(), spelled)
	require.NoError(t, err, "the default, written down, is what runs already")
	require.False(t, started)
}

func TestAReleasedServiceStartsAnewOnlyOnRequest(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	s.start(order(101))
	s.end(101)
	_, err := s.Start(t.Context(), order(101))
	require.ErrorIs(t, err, control.ErrClosed)

	again := order(101)
	again.Restart = true
	s.start(again)
	started, err := s.Start(t.Context(), again)
	require.NoError(t, err)
	require.False(t, started, "a double click restarts once")
}

func TestFiftyEqualOrdersAtOnceStartOneService(t *testing.T) {
	s := newScene(t)
	results := make(chan bool, 50)
	for range cap(results) {
		go func() {
			started, err := s.Start(context.WithoutCancel(t.Context()), order(101))
			results <- started && err == nil
		}()
	}
	count := 0
	for range cap(results) {
		if <-results {
			count++
		}
	}
	require.Equal(t, 1, count)
}

func TestAnOrderThatNobodyCanHaveIsRefused(t *testing.T) {
	bad := order(101)
	bad.Panel, bad.IPv4 = "nowhere", -1
	var invalid *control.Invalid
	require.ErrorAs(t, control.CheckOrder(bad, []string{"fra1"}), &invalid)
	require.Equal(t, []string{"panel", "ipv4"}, fieldsOf(invalid))
	require.NoError(t, control.CheckOrder(order(101), []string{"fra1"}))
}
