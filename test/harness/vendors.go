package harness

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
)

// WHMCS is what the simulated WHMCS shows. It answers after the end of a test too.
func WHMCS(t testing.TB, s *stack.Stack) simulator.State {
	t.Helper()
	var state simulator.State
	require.NoError(t, s.AskWHMCS(context.Background(), http.MethodGet, "/_sim/state", nil, &state))
	return state
}

// Panel is what dcimsim shows, read into what a test wants of it.
func Panel[T any](t testing.TB, s *stack.Stack) T {
	t.Helper()
	var state T
	require.NoError(t, s.AskPanel(context.Background(), http.MethodGet, "/_sim/state", nil, &state))
	return state
}

// Place places an order as a checkout does, and pays it.
func Place(ctx context.Context, t testing.TB, s *stack.Stack, o simulator.Order) simulator.Placed {
	t.Helper()
	var placed simulator.Placed
	require.NoError(t, s.AskWHMCS(ctx, http.MethodPost, "/_sim/orders", o, &placed))
	require.NotEmpty(t, placed.Services)
	return placed
}

// Act has something happen to a service in WHMCS, and returns what its module says against it.
func Act(ctx context.Context, t testing.TB, s *stack.Stack, id int, act string) string {
	t.Helper()
	var answer struct{ Message string }
	require.NoError(t, s.AskWHMCS(ctx, http.MethodPost, fmt.Sprintf("/_sim/services/%d/%s", id, act), map[string]any{}, &answer))
	return answer.Message
}

// Starter runs a command of starter that succeeds.
func Starter(ctx context.Context, t testing.TB, s *stack.Stack, args ...string) string {
	t.Helper()
	out, err := s.Starter(ctx, args...)
	require.NoError(t, err, out)
	return out
}

// Tail is the end of a log.
func Tail(text string) string {
	const most = 6000
	if len(text) > most {
		return "..." + text[len(text)-most:]
	}
	return text
}
