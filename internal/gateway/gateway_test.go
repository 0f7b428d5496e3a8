package gateway_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"metalease/internal/config"
	"metalease/internal/gateway"
	"metalease/internal/signing"
	"metalease/workflows/api"
)

const (
	installation       = "test"
	secretOfTheGateway = "a-secret-of-the-gateway"
)

// scene is a gateway behind a real HTTP server.
type scene struct {
	t    *testing.T
	url  string
	mem  *memory
	logs *observer.ObservedLogs
}

func newScene(t *testing.T) scene {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	m := &memory{orders: map[int]api.Order{}}
	server := httptest.NewServer(gateway.New(gateway.Options{
		Control: m, Panels: []string{"fra1"}, Installation: installation, Secret: secretOfTheGateway, Logger: zap.New(core),
		Shops: shops(), Store: m, Public: config.Catalogue{Public: true, Origins: []string{"https://shop.example.com"}, Rate: 5},
	}))
	t.Cleanup(server.Close)
	return scene{t, server.URL, m, logs}
}

// reply is an answer, as a client sees it.
type reply struct {
	code   int
	header http.Header
	body   string
}

type problem struct {
	Type, Title, Detail string
	Status              int
	Errors              []api.FieldError
}

func (r reply) problem(t *testing.T) problem {
	t.Helper()
	require.Equal(t, "application/problem+json", r.header.Get("Content-Type"), r.body)
	var p problem
	require.NoError(t, json.Unmarshal([]byte(r.body), &p))
	require.Equal(t, r.code, p.Status)
	require.NotEmpty(t, p.Title)
	return p
}

func (p problem) fields() []string {
	var names []string
	for _, f := range p.Errors {
		names = append(names, f.Field)
	}
	return names
}

func (s scene) call(method, path, body string) reply {
	s.t.Helper()
	return s.send(method, path, body, func(r *http.Request) {
		signing.Sign(r, []byte(body), installation, secretOfTheGateway, s.mem.time())
	})
}

func (s scene) send(method, path, body string, prepare func(*http.Request)) reply {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	prepare(req)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	require.NotEmpty(s.t, resp.Header.Get("X-Request-Id"))
	r := reply{resp.StatusCode, resp.Header, string(text)}
	newContract(s.t).answered(s.t, method, path, body, r)
	return r
}

const goodOrder = `{"service_id":101,"client_id":7,"paid_at":"2026-01-05T12:00:00Z","panel":"fra1","package":"E3-16G","os_template":"a","domain":"s101.example.com"}`

func TestHealthNeedsNoSignature(t *testing.T) {
	s := newScene(t)
	plain := func(*http.Request) {}
	require.Equal(t, http.StatusNoContent, s.send("GET", "/healthz", "", plain).code)
	require.Equal(t, http.StatusNoContent, s.send("GET", "/readyz", "", plain).code)
	s.mem.err = errors.New("dial tcp: connection refused")
	require.Equal(t, http.StatusNoContent, s.send("GET", "/healthz", "", plain).code)
	unready := s.send("GET", "/readyz", "", plain)
	require.Equal(t, http.StatusServiceUnavailable, unready.code)
	require.Equal(t, "/problems/temporal-unavailable", unready.problem(t).Type)
	require.NotContains(t, unready.body, "refused")
}

func TestMetricsCountCallsSignalsAndRefusals(t *testing.T) {
	s := newScene(t)
	s.call("POST", "/v1/services", goodOrder)
	s.mem.reached = true
	s.call("POST", "/v1/services/101/suspend", "")
	s.send("GET", "/v1/services/101", "", func(*http.Request) {})
	s.send("GET", "/v1/services/5/../../made-up-by-a-scanner", "", func(*http.Request) {})
	text := s.send("GET", "/metrics", "", func(*http.Request) {}).body
	for _, line := range []string{
		`metalease_gateway_requests_total{code="201",route="POST /v1/services"} 1`,
		`metalease_gateway_requests_total{code="401",route="GET /v1/services/{id}"} 1`,
		`metalease_gateway_signals_total{outcome="applied",signal="suspend"} 1`,
		`metalease_gateway_refused_total{reason="unsigned"} 1`,
		`metalease_gateway_request_seconds_count{route="POST /v1/services/{id}/suspend"} 1`,
	} {
		require.Contains(t, text, line)
	}
	require.NotContains(t, text, "scanner")
}

func TestWrongMethodsAndPaths(t *testing.T) {
	s := newScene(t)
	for path, allowed := range map[string]string{
		"/v1/services": "GET, HEAD, POST", "/v1/services/101": "GET, HEAD", "/v1/services/101/suspend": "POST",
		"/v1/panels/fra1/stock": "GET, HEAD", "/healthz": "GET, HEAD",
	} {
		r := s.call("DELETE", path, "")
		require.Equal(t, http.StatusMethodNotAllowed, r.code, path)
		require.Equal(t, allowed, r.header.Get("Allow"), path)
		require.Equal(t, "/problems/wrong-method", r.problem(t).Type)
	}
	for _, path := range []string{"/", "/v1", "/v2/services", "/v1/services/101/suspend/now"} {
		r := s.call("GET", path, "")
		require.Equal(t, http.StatusNotFound, r.code, path)
		require.Equal(t, "/problems/unknown-path", r.problem(t).Type)
	}
}

func TestAPanicTellsTheCallerNothing(t *testing.T) {
	s := newScene(t)
	s.mem.panicked = true
	r := s.call("GET", "/v1/services/101", "")
	require.Equal(t, http.StatusInternalServerError, r.code)
	require.Equal(t, "/problems/internal", r.problem(t).Type)
	require.NotContains(t, r.body, "hunter2")
	require.Equal(t, 1, s.logs.FilterMessage("a call panicked").Len())
}

func TestTheLogHoldsNeitherBodiesNorSignatures(t *testing.T) {
	s := newScene(t)
	var signature string
	s.mem.orders[101] = api.Order{}
	event := `{"reason":"s101.example.com"}`
	r := s.send("POST", "/v1/services/101/suspend?wait=19s", event, func(r *http.Request) {
		signing.Sign(r, []byte(event), installation, secretOfTheGateway, time.Now())
		signature = r.Header.Get(signing.HeaderSignature)
		r.Header.Set("X-Request-Id", "whmcs-4711")
	})
	require.Equal(t, http.StatusAccepted, r.code)
	require.Equal(t, "whmcs-4711", r.header.Get("X-Request-Id"))
	s.call("GET", "/healthz", "")
	require.Equal(t, 1, s.logs.Len(), "probes are not logged")
	entry := s.logs.All()[0]
	require.Equal(t, "whmcs-4711", entry.ContextMap()["request_id"])
	require.Equal(t, int64(202), entry.ContextMap()["code"])
	text, err := json.Marshal(entry.ContextMap())
	require.NoError(t, err)
	for _, private := range []string{"s101.example.com", signature, secretOfTheGateway, "19s"} {
		require.NotContains(t, string(text), private)
	}

	odd := s.send("GET", "/healthz", "", func(r *http.Request) { r.Header.Set("X-Request-Id", "a b\tc") })
	require.NotContains(t, odd.header.Get("X-Request-Id"), " ")
}

func TestWhatTemporalSaysIsLoggedAndNotTold(t *testing.T) {
	s := newScene(t)
	s.mem.err = errors.New("namespace rental is broken")
	r := s.call("GET", "/v1/services/101", "")
	require.Equal(t, http.StatusServiceUnavailable, r.code)
	require.Equal(t, "/problems/temporal-unavailable", r.problem(t).Type)
	require.NotContains(t, r.body, "rental")
	require.Equal(t, "namespace rental is broken", s.logs.FilterMessage("Temporal failed").All()[0].ContextMap()["error"])
}
