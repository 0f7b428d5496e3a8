package gateway_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/signing"
	"metalease/internal/version"
)

func TestOnlySignedCallsDoAnything(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*http.Request)
		code    int
		slug    string
	}{
		"unsigned": {func(*http.Request) {}, 401, "unsigned"},
		"another secret": {func(r *http.Request) {
			signing.Sign(r, []byte(goodOrder), installation, "another-secret-000", time.Now())
		}, 401, "wrong-signature"},
		"another body": {func(r *http.Request) { signing.Sign(r, []byte("{}"), installation, secretOfTheGateway, time.Now()) }, 401, "wrong-signature"},
		"another query": {func(r *http.Request) {
			signing.Sign(r, []byte(goodOrder), installation, secretOfTheGateway, time.Now())
			r.URL.RawQuery = "x=1"
		}, 401, "wrong-signature"},
		"stale": {func(r *http.Request) {
			signing.Sign(r, []byte(goodOrder), installation, secretOfTheGateway, time.Now().Add(-6*time.Minute))
		}, 401, "stale"},
		"from the future": {func(r *http.Request) {
			signing.Sign(r, []byte(goodOrder), installation, secretOfTheGateway, time.Now().Add(6*time.Minute))
		}, 401, "stale"},
		"a cloned WHMCS": {func(r *http.Request) { signing.Sign(r, []byte(goodOrder), "staging", secretOfTheGateway, time.Now()) }, 403, "wrong-installation"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			r := s.send("POST", "/v1/services", goodOrder, c.prepare)
			require.Equal(t, c.code, r.code, r.body)
			require.Equal(t, "/problems/"+c.slug, r.problem(t).Type)
			require.Empty(t, s.mem.orders)
			require.NotContains(t, r.body, secretOfTheGateway)
		})
	}
}

func TestEveryPathOfTheContractIsSigned(t *testing.T) {
	s := newScene(t)
	for _, call := range []string{
		"POST /v1/services", "GET /v1/services", "GET /v1/services/101", "POST /v1/services/101/terminate", "GET /v1/panels/fra1/stock",
	} {
		method, path, _ := strings.Cut(call, " ")
		require.Equal(t, http.StatusUnauthorized, s.send(method, path, "", func(*http.Request) {}).code, call)
	}
}

func TestTheSignatureIsCheckedBeforeTheBodyIsUnderstood(t *testing.T) {
	s := newScene(t)
	require.Equal(t, http.StatusUnauthorized, s.send("POST", "/v1/services", "{broken", func(*http.Request) {}).code)
	require.Equal(t, http.StatusBadRequest, s.call("POST", "/v1/services", "{broken").code)
}

func TestALargeBodyIsNotRead(t *testing.T) {
	s := newScene(t)
	require.Equal(t, http.StatusBadRequest, s.call("POST", "/v1/services", strings.Repeat(" ", 64<<10)).code)
	r := s.call("POST", "/v1/services", strings.Repeat(" ", 64<<10+1))
	require.Equal(t, http.StatusRequestEntityTooLarge, r.code)
	require.Equal(t, "/problems/too-large", r.problem(t).Type)
}

func TestTheVersionIsToldToThoseWhoSign(t *testing.T) {
	s := newScene(t)
	require.Equal(t, version.String(), s.call("GET", "/v1/services/101", "").header.Get("X-Metalease-Version"), "with a problem too")
	require.Empty(t, s.send("GET", "/v1/services/101", "", func(*http.Request) {}).header.Get("X-Metalease-Version"))
}

func TestACopyOfACallDoesNothing(t *testing.T) {
	s := newScene(t)
	s.call("POST", "/v1/services", goodOrder)
	first := time.Now().Truncate(time.Second)
	copied := func(path, body string) reply {
		return s.send("POST", path, body, func(r *http.Request) { signing.Sign(r, []byte(body), installation, secretOfTheGateway, first) })
	}
	for _, c := range []struct{ path, body string }{
		{"/v1/services/101/suspend?wait=0s", `{"reason":"abuse"}`}, {"/v1/services/101/terminate?wait=0s", ""}, {"/v1/services", goodOrder},
	} {
		require.Less(t, copied(c.path, c.body).code, 300)
		sent := len(s.mem.events)
		r := copied(c.path, c.body)
		require.Equal(t, http.StatusUnauthorized, r.code)
		require.Equal(t, "/problems/replayed", r.problem(t).Type)
		require.Len(t, s.mem.events, sent, c.path)
	}
	asked := func(r *http.Request) { signing.Sign(r, nil, installation, secretOfTheGateway, first) }
	require.Equal(t, http.StatusOK, s.send("GET", "/v1/services/101", "", asked).code)
	require.Equal(t, http.StatusOK, s.send("GET", "/v1/services/101", "", asked).code, "who only asks may ask twice in a second")
}

func TestAnEventWithoutAnIDHasThatOfItsCall(t *testing.T) {
	first := time.Now().Add(-time.Minute).Truncate(time.Second)
	var ids []string
	for range 2 { // the second gateway has seen nothing
		s := newScene(t)
		s.call("POST", "/v1/services", goodOrder)
		r := s.send("POST", "/v1/services/101/suspend?wait=0s", `{"reason":"abuse"}`, func(r *http.Request) {
			signing.Sign(r, []byte(`{"reason":"abuse"}`), installation, secretOfTheGateway, first)
		})
		require.Equal(t, http.StatusAccepted, r.code, r.body)
		require.Len(t, s.mem.events, 1)
		ids = append(ids, s.mem.events[0].EventID)
		require.WithinRange(t, s.mem.events[0].At.Time, first, first.Add(time.Second))
	}
	require.Equal(t, ids[0], ids[1])
	require.Regexp(t, "^call-[0-9a-f]{32}$", ids[0])
	s := newScene(t)
	s.call("POST", "/v1/services", goodOrder)
	s.call("POST", "/v1/services/101/suspend?wait=0s", `{"event_id":"mine","at":"2026-01-05T12:00:00Z"}`)
	require.Equal(t, "mine", s.mem.events[0].EventID)
	require.Equal(t, 2026, s.mem.events[0].At.Year())
}
