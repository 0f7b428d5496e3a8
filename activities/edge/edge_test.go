package edge

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"metalease/dcim"
	"metalease/whmcs"
)

// TestEachKindHasAType: no error of a client leaves without one, and whether it is retried is
// what the client's table says.
func TestEachKindHasAType(t *testing.T) {
	for _, kind := range dcim.Kinds() {
		require.NotEmpty(t, panelTypes[kind], "%s", kind)
		app := final(t, convert(fmt.Errorf("around: %w", &dcim.Error{Kind: kind, Message: "words"}), true))
		require.Equal(t, panelTypes[kind], app.Type(), "%s", kind)
		require.Equal(t, kind.Retry() != dcim.RetryAlways, app.NonRetryable(), "%s", kind)
		require.Contains(t, app.Message(), "words")
	}
	for kind, row := range whmcs.Kinds {
		require.NotEmpty(t, whmcsTypes[kind], "%s", kind)
		app := converted(t, &whmcs.Error{Kind: kind, Message: "words"})
		require.Equal(t, whmcsTypes[kind], app.Type(), "%s", kind)
		require.Equal(t, !row.Retryable, app.NonRetryable(), "%s", kind)
	}
	require.Len(t, panelTypes, len(dcim.Kinds()))
	require.Len(t, whmcsTypes, len(whmcs.Kinds))
}

func converted(t *testing.T, err error) *temporal.ApplicationError {
	t.Helper()
	return final(t, Convert(fmt.Errorf("around: %w", err)))
}

func final(t *testing.T, err error) *temporal.ApplicationError {
	t.Helper()
	app, is := err.(*temporal.ApplicationError)
	require.True(t, is, "it is the outermost")
	return app
}

func TestRetryAfterIsTheNextDelay(t *testing.T) {
	require.Equal(t, time.Minute, converted(t, &dcim.Error{Kind: dcim.KindNotAPanel, RetryAfter: time.Minute}).NextRetryDelay())
	require.Equal(t, time.Minute, converted(t, &whmcs.Error{Kind: whmcs.KindNotAnAnswer, RetryAfter: time.Minute}).NextRetryDelay())
	require.Zero(t, converted(t, &dcim.Error{Kind: dcim.KindUnreachable}).NextRetryDelay())
	require.Zero(t, converted(t, &dcim.Error{Kind: dcim.KindValue, RetryAfter: time.Minute}).NextRetryDelay())
}

func TestWhatIsDecidedAlreadyStays(t *testing.T) {
	require.NoError(t, Convert(nil))
	decided := NonRetryable(ErrOwnership, "somebody else's")
	require.Same(t, decided, Convert(fmt.Errorf("around: %w", decided)))
	require.Equal(t, context.Canceled, Convert(fmt.Errorf("around: %w", context.Canceled)), "Temporal must see a cancelled activity")
	unexpected := converted(t, errors.New("disk full"))
	require.Equal(t, ErrUnexpected, unexpected.Type())
	require.False(t, unexpected.NonRetryable())
	require.Equal(t, temporal.ApplicationErrorCategoryBenign, Expected(ErrPaused, "paused").(*temporal.ApplicationError).Category())
}

// TestInterceptors: an activity returns a client's error as it is, and Temporal gets a type.
func TestInterceptors(t *testing.T) {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: Interceptors()})
	fails := func(context.Context) error {
		return fmt.Errorf("around: %w", &dcim.Error{Panel: "fra1", Kind: dcim.KindReadOnly, Message: "only observed"})
	}
	env.RegisterActivity(fails)
	_, err := env.ExecuteActivity(fails)
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.Equal(t, ErrObserved, app.Type())
	require.True(t, app.NonRetryable())

	works := func(context.Context) (string, error) { return "done", nil }
	env.RegisterActivity(works)
	value, err := env.ExecuteActivity(works)
	require.NoError(t, err)
	var got string
	require.NoError(t, value.Get(&got))
	require.Equal(t, "done", got)
}
