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
		"another body": {func(r *http.Request) { signing.Sign(r, []byte("{}"), installation, secret, time.Now()) }, 401, "wrong-signature"},
		"another query": {func(r *http.Request) {
			signing.Sign(r, []byte(goodOrder), installation, secret, time.Now())
			r.URL.RawQuery = "x=1"
		}, 401, "wrong-signature"},
		"stale": {func(r *http.Request) {
			signing.Sign(r, []byte(goodOrder), installation, secret, time.Now().Add(-6*time.Minute))
		}, 401, "stale"},
		"from the future": {func(r *http.Request) {
			signing.Sign(r, []byte(goodOrder), installation, secret, time.Now().Add(6*time.Minute))
		}, 401, "stale"},
		"a cloned WHMCS": {func(r *http.Request) { signing.Sign(r, []byte(goodOrder), "staging", secret, time.Now()) }, 403, "wrong-installation"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			r := s.send("POST", "/v1/services", goodOrder, c.prepare)
			require.Equal(t, c.code, r.code, r.body)
			require.Equal(t, "/problems/"+c.slug, r.problem(t).Type)
			require.Empty(t, s.mem.orders)
			require.NotContains(t, r.body, secret)
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
