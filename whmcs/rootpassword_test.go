package whmcs_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

const moduleKey = "0123456789abcdef"

func passwordClient(t *testing.T, handler http.Handler) *whmcs.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "identifier", Secret: "secret", Installation: "main", ModuleSecret: moduleKey})
	require.NoError(t, err)
	return client
}

func TestRootPassword(t *testing.T) {
	sim, err := simulator.New(simulator.Config{Installation: "main", GatewaySecret: moduleKey})
	require.NoError(t, err)
	client := passwordClient(t, sim)
	placed, err := sim.PlaceOrder(simulator.Order{ClientID: 7})
	require.NoError(t, err)
	id := placed.Services[0].ServiceID
	own := func() string {
		service, err := client.Service(t.Context(), id)
		require.NoError(t, err)
		return service.Password.Reveal()
	}
	first := own()

	_, pending, err := client.RootPassword(t.Context(), id)
	require.NoError(t, err)
	require.False(t, pending)
	require.NoError(t, client.KeepRootPassword(t.Context(), id))
	require.Equal(t, first, own(), "without a pending one nothing changes")

	typed := httptest.NewRequest(http.MethodPost, fmt.Sprintf("/_sim/services/%d/root-password", id), strings.NewReader(`{"password":"n3w & <secret>"}`))
	typed.RemoteAddr = "127.0.0.1:5"
	recorder := httptest.NewRecorder()
	sim.ServeHTTP(recorder, typed)
	require.Equal(t, http.StatusOK, recorder.Code, recorder.Body)
	for range 2 {
		password, pending, err := client.RootPassword(t.Context(), id)
		require.NoError(t, err)
		require.True(t, pending)
		require.Equal(t, "n3w & <secret>", password.Reveal())
		require.Equal(t, first, own(), "it is not the service's yet")
	}
	for range 2 {
		require.NoError(t, client.KeepRootPassword(t.Context(), id))
		require.Equal(t, "n3w & <secret>", own())
	}
	_, pending, err = client.RootPassword(t.Context(), id)
	require.NoError(t, err)
	require.False(t, pending)
	require.Error(t, sim.SetRootPassword(id, ""))
	require.Error(t, sim.SetRootPassword(4711, "a"))
	_, pending, err = client.RootPassword(t.Context(), 4711)
	require.NoError(t, err)
	require.False(t, pending, "a service that is none")
}

// A module of before has no such page; nothing is pending there.
func TestAModuleWithoutThePasswordPage(t *testing.T) {
	client := passwordClient(t, http.NotFoundHandler())
	_, pending, err := client.RootPassword(t.Context(), 101)
	require.NoError(t, err)
	require.False(t, pending)
	require.NoError(t, client.KeepRootPassword(t.Context(), 101))
}

// Whatever the page answers, an error quotes none of it.
func TestNoErrorQuotesThePasswordPage(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		kind   whmcs.Kind
	}{
		{200, `"hunter2secret"`, whmcs.KindNotAnAnswer},
		{200, `hunter2secret`, whmcs.KindNotAnAnswer},
		{200, `<title>hunter2secret</title>`, whmcs.KindNotAnAnswer},
		{200, `{"pending":true,"password":["hunter2secret"]}`, whmcs.KindNotAnAnswer},
		{200, `{"pending":true}`, whmcs.KindUnreadable},
		{200, `{"pending":true,"password":""}`, whmcs.KindUnreadable},
		{500, `hunter2secret`, whmcs.KindNotAnAnswer},
		{403, `{"title":"another installation"}`, whmcs.KindCredentials},
	} {
		client := passwordClient(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		}))
		_, pending, err := client.RootPassword(t.Context(), 101)
		require.False(t, pending)
		require.Equal(t, c.kind, whmcs.KindOf(err), c.body)
		require.NotContains(t, err.Error(), "hunter2", c.body)
	}
}
