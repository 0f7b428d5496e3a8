package whmcs

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEveryKindHasItsRowAndItsSentinel(t *testing.T) {
	sentinels := []error{ErrCredentials, ErrUnknownAction, ErrNotFound, ErrRefused, ErrNotAnAnswer, ErrUnavailable, ErrResultUnknown, ErrTooLarge, ErrUnreadable}
	require.Len(t, Kinds, len(sentinels))
	names := map[string]bool{}
	for kind := KindCredentials; kind <= KindUnreadable; kind++ {
		row, there := Kinds[kind]
		require.True(t, there, "%d", kind)
		require.NotEmpty(t, row.Name)
		require.False(t, names[row.Name], row.Name)
		names[row.Name] = true
		require.Equal(t, row.Name, kind.String())

		err := fmt.Errorf("around: %w", &Error{Action: "GetOrders", Kind: kind, Message: "m"})
		for i, target := range sentinels {
			require.Equal(t, KindCredentials+Kind(i) == kind, errors.Is(err, target), "%s is %v", row.Name, target)
		}
		require.Contains(t, err.Error(), row.Advice)
		require.Equal(t, kind, KindOf(err))
	}
	require.Equal(t, "None", KindNone.String())
	require.Equal(t, KindNone, KindOf(errors.New("another")))
	require.NotErrorIs(t, errors.New("another"), ErrNotFound)
	require.EqualError(t, &Error{Action: "GetOrders", Kind: KindRefused, Message: "no"}, "WHMCS, GetOrders: no")
}

func TestAnErrorKeepsRetryAfter(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(server.Close)
	client, err := New(Config{URL: server.URL, Identifier: "i", Secret: "s3cret-of-some-length", ModuleSecret: "0123456789abcdef", Installation: "main"})
	require.NoError(t, err)
	_, called := client.Version(t.Context())
	_, asked := client.IspsystemRecords(t.Context(), []int{1}, 0)
	for _, err := range []error{called, asked} {
		var failure *Error
		require.ErrorAs(t, err, &failure)
		require.Equal(t, 30*time.Second, failure.RetryAfter)
		require.ErrorIs(t, err, ErrNotAnAnswer)
	}
}
