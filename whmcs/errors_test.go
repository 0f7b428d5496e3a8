package whmcs_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

// TestErrorsOfEachKind: each kind has a name, and an error for errors.Is.
func TestErrorsOfEachKind(t *testing.T) {
	of := map[whmcs.Kind]error{
		whmcs.KindCredentials: whmcs.ErrCredentials, whmcs.KindUnknownAction: whmcs.ErrUnknownAction, whmcs.KindNotFound: whmcs.ErrNotFound,
		whmcs.KindRefused: whmcs.ErrRefused, whmcs.KindNotAnAnswer: whmcs.ErrNotAnAnswer, whmcs.KindUnavailable: whmcs.ErrUnavailable,
		whmcs.KindResultUnknown: whmcs.ErrResultUnknown,
	}
	require.Len(t, of, len(whmcs.Kinds()))
	names := map[string]bool{}
	for _, kind := range whmcs.Kinds() {
		require.NotEmpty(t, kind.String())
		names[kind.String()] = true
		err := fmt.Errorf("around: %w", &whmcs.Error{Kind: kind})
		for other, target := range of {
			require.Equal(t, other == kind, errors.Is(err, target), "%s as %s", kind, other)
		}
	}
	require.Len(t, names, len(of))
}

// TestRetryAfter: a WHMCS, or what stands in front of it, that asks to be left alone is heard.
func TestRetryAfter(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "<html>Down for maintenance")
	}))
	t.Cleanup(server.Close)
	client, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "identifier", Secret: "secret"})
	require.NoError(t, err)
	_, err = client.Service(t.Context(), 101)
	var failure *whmcs.Error
	require.ErrorAs(t, err, &failure)
	require.ErrorIs(t, err, whmcs.ErrNotAnAnswer)
	require.Equal(t, 2*time.Minute, failure.RetryAfter)
}
