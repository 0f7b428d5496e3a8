package edge

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	payload "go.temporal.io/sdk/converter"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"metalease/dcim"
)

var (
	locked  = &dcim.Error{Function: "server.edit", Subject: "12", Kind: dcim.KindPanel, Type: "db", Message: "locked"}
	another = &dcim.Error{Function: "server.edit", Subject: "13", Kind: dcim.KindPanel, Type: "db", Message: "locked"}
	listed  = &dcim.Error{Function: "server", Kind: dcim.KindPanel, Type: "db", Message: "locked"}
	down    = &dcim.Error{Function: "server", Kind: dcim.KindUnreachable, Message: "connection refused"}
)

// TestOddAnswersPassOrDoNot: what no table knows is repeated for a while before a person is
// asked. Outages count for nothing.
func TestOddAnswersPassOrDoNot(t *testing.T) {
	began := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	// after answers each attempt in turn, a step apart, and tells whether the last is a person's business.
	after := func(step time.Duration, answers ...error) (last bool) {
		var seen odd
		for i, answer := range answers {
			require.False(t, last, "attempt %d was the last", i)
			now := began.Add(time.Duration(i) * step)
			seen = seen.after(answer, now)
			last = seen.lasting(now)
		}
		return last
	}
	six := []error{locked, locked, locked, locked, locked, locked}
	require.False(t, after(5*time.Second, six...), "half a minute is no time")
	require.False(t, after(oddTime, locked, locked, locked, locked, locked), "five answers are not many")
	require.True(t, after(oddTime/5, six...))
	require.False(t, after(oddTime, down, down, down, down, down, down, down, locked), "one odd answer after an outage")
	require.False(t, after(oddTime, locked, locked, locked, locked, locked, down, locked), "an outage begins the count anew")
	require.False(t, after(oddTime, locked, another, locked, another, locked, another, locked), "they are about this object")
	require.False(t, after(oddTime, listed, listed, listed, listed, listed, listed, listed), "a list is about the whole panel")
	require.False(t, after(oddTime, errors.New("x"), locked))
}

// TestWhatAnAttemptKeepsReachesTheNext, whichever worker has it.
func TestWhatAnAttemptKeepsReachesTheNext(t *testing.T) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: Interceptors()})
	env.SetOnActivityHeartbeatListener(func(_ *activity.Info, details payload.EncodedValues) {
		var left any
		if details.HasValues() {
			require.NoError(t, details.Get(&left))
		}
		env.SetHeartbeatDetails(left)
	})
	var found []int
	attempt := func(ctx context.Context) error {
		n, _ := Recall[int](ctx, "n")
		found = append(found, n)
		Keep(ctx, "n", n+1)
		Keep(ctx, "other", "x")
		Forget(ctx, "other")
		return errors.New("again")
	}
	env.RegisterActivity(attempt)
	for range 3 {
		_, err := env.ExecuteActivity(attempt)
		require.Error(t, err)
	}
	require.Equal(t, []int{0, 1, 2}, found)
}

// TestWithoutAWorkerNothingIsKept, and nothing fails.
func TestWithoutAWorkerNothingIsKept(t *testing.T) {
	Keep(t.Context(), "n", 1)
	Forget(t.Context(), "n")
	_, kept := Recall[int](t.Context(), "n")
	require.False(t, kept)
}
