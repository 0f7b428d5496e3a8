package gateway_test

import (
	"context"
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
	"go.uber.org/zap/zaptest/observer"

	"metalease/internal/control"
	"metalease/internal/gateway"
	"metalease/internal/signing"
	"metalease/workflows"
)

// memory is a control without Temporal.
type memory struct {
	started map[int]workflows.Order
	err     error
	event   workflows.Event
	wait    time.Duration
	reached bool
}

func (m *memory) Faults(o workflows.Order) []workflows.FieldError {
	faults := o.Faults()
	if o.Panel != "fra1" {
		faults = append(faults, workflows.FieldError{Field: "panel", Reason: "is not configured"})
	}
	return faults
}

func (m *memory) Start(_ context.Context, o workflows.Order) (bool, error) {
	if m.err != nil {
		return false, m.err
	}
	if faults := m.Faults(o); len(faults) > 0 {
		return false, &control.Invalid{Faults: faults}
	}
	_, there := m.started[o.ServiceID]
	m.started[o.ServiceID] = o
	return !there, nil
}

func (m *memory) Status(_ context.Context, id int) (control.Status, error) {
	if _, there := m.started[id]; !there && m.err == nil {
		return control.Status{}, control.ErrUnknownService
	}
	return control.Status{Status: workflows.Status{ServiceID: id, Phase: workflows.PhaseActive}}, m.err
}

func (m *memory) List(_ context.Context, f control.Filter, token string, size int) (control.Page, error) {
	return control.Page{Services: []control.Row{{ServiceID: size, Phase: f.Phase, MainIP: f.IP}}, Next: token + "x"}, m.err
}

func (m *memory) Signal(_ context.Context, id int, name string, event workflows.Event, wait time.Duration) (control.Result, error) {
	if name == "hold" {
		panic("a programming error")
	}
	m.event, m.wait = event, wait
	return control.Result{Outcome: workflows.OutcomePending, Reached: m.reached}, m.err
}

func (m *memory) Stock(_ context.Context, panel string, _ bool) (workflows.Stock, error) {
	if panel != "fra1" {
		return workflows.Stock{}, control.ErrUnknownPanel
	}
	return workflows.Stock{Panel: panel, Packages: []workflows.PackageStock{{Package: "A"}}}, nil
}

func (m *memory) Ready(context.Context) error { return m.err }

type client struct {
	t      *testing.T
	url    string
	memory *memory
	logs   *observer.ObservedLogs
}

func newClient(t *testing.T) *client {
	t.Helper()
	core, logs := observer.New(zap.InfoLevel)
	m := &memory{started: map[int]workflows.Order{}}
	server := httptest.NewServer(gateway.New(gateway.Options{Control: m, Installation: "main", Secret: "shared", Logger: zap.New(core)}))
	t.Cleanup(server.Close)
	return &client{t, server.URL, m, logs}
}

// call makes a signed call; sign may spoil it.
func (c *client) call(method, path, body string, spoil ...func(*http.Request)) (int, http.Header, map[string]any) {
	c.t.Helper()
	req, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	require.NoError(c.t, err)
	signing.Sign(req, []byte(body), "main", "shared", time.Now())
	for _, s := range spoil {
		s(req)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(c.t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	var answer map[string]any
	_ = json.Unmarshal(text, &answer) // some answers are empty
	return resp.StatusCode, resp.Header, answer
}

const good = `{"service_id":101,"client_id":7,"paid_at":"2026-01-01T00:00:00Z","panel":"fra1","package":"A","os_template":"X__Y","domain":"s101.example.com","grace":"3d","server_id":5}`

func TestStart(t *testing.T) {
	c := newClient(t)
	code, header, _ := c.call("POST", "/v1/services", good)
	require.Equal(t, http.StatusCreated, code)
	require.Equal(t, "/v1/services/101", header.Get("Location"))
	require.Equal(t, workflows.ID("5"), c.memory.started[101].ServerID)
	code, _, _ = c.call("POST", "/v1/services", good)
	require.Equal(t, http.StatusOK, code)
	c.memory.err = control.ErrOtherBody
	code, header, answer := c.call("POST", "/v1/services", good)
	require.Equal(t, http.StatusConflict, code)
	require.Equal(t, "application/problem+json", header.Get("Content-Type"))
	require.Equal(t, "/problems/other-order", answer["type"])
}

func TestABadOrderNamesEveryField(t *testing.T) {
	c := newClient(t)
	code, _, answer := c.call("POST", "/v1/services", `{"service_id":"x","ipv4":-1,"grace":"soon","colour":"red","panel":"nowhere"}`)
	require.Equal(t, http.StatusUnprocessableEntity, code)
	fields := map[string]bool{}
	for _, e := range answer["errors"].([]any) {
		fault := e.(map[string]any)
		require.NotEmpty(t, fault["reason"])
		require.False(t, fields[fault["field"].(string)], "each field once")
		fields[fault["field"].(string)] = true
	}
	for _, field := range []string{"service_id", "client_id", "ipv4", "grace", "colour", "panel", "package", "paid_at", "domain", "os_template"} {
		require.True(t, fields[field], field)
	}
	code, _, _ = c.call("POST", "/v1/services", `{"service_id":`)
	require.Equal(t, http.StatusBadRequest, code)
	code, _, _ = c.call("POST", "/v1/services", strings.Repeat("x", 65<<10))
	require.Equal(t, http.StatusRequestEntityTooLarge, code)
	require.Empty(t, c.memory.started)
}

func TestOnlySignedCallsOfThisInstallation(t *testing.T) {
	c := newClient(t)
	for want, spoil := range map[string]func(*http.Request){
		"/problems/unsigned":           func(r *http.Request) { r.Header.Del(signing.HeaderSignature) },
		"/problems/wrong-signature":    func(r *http.Request) { signing.Sign(r, []byte(good), "main", "guess", time.Now()) },
		"/problems/stale":              func(r *http.Request) { signing.Sign(r, []byte(good), "main", "shared", time.Now().Add(-6*time.Minute)) },
		"/problems/wrong-installation": func(r *http.Request) { signing.Sign(r, []byte(good), "clone", "shared", time.Now()) },
	} {
		code, _, answer := c.call("POST", "/v1/services", good, spoil)
		require.Equal(t, want, answer["type"])
		if want == "/problems/wrong-installation" {
			require.Equal(t, http.StatusForbidden, code)
		} else {
			require.Equal(t, http.StatusUnauthorized, code)
		}
	}
	require.Empty(t, c.memory.started, "nothing happens")
	code, _, _ := c.call("GET", "/healthz", "", func(r *http.Request) { r.Header = http.Header{} })
	require.Equal(t, http.StatusNoContent, code)
	code, _, _ = c.call("GET", "/readyz", "", func(r *http.Request) { r.Header = http.Header{} })
	require.Equal(t, http.StatusNoContent, code)
}

func TestStatus(t *testing.T) {
	c := newClient(t)
	code, _, answer := c.call("GET", "/v1/services/101", "")
	require.Equal(t, http.StatusNotFound, code)
	require.Equal(t, "/problems/unknown-service", answer["type"])
	code, _, _ = c.call("GET", "/v1/services/abc", "")
	require.Equal(t, http.StatusNotFound, code)
	c.memory.err = control.ErrWorkerUnavailable
	code, _, answer = c.call("GET", "/v1/services/101", "")
	require.Equal(t, http.StatusServiceUnavailable, code, "never 404 when nobody can answer")
	require.Equal(t, "/problems/worker-unavailable", answer["type"])
	c.memory.err = errors.New("rpc error: a detail of the inside")
	_, _, answer = c.call("GET", "/v1/services/101", "")
	require.NotContains(t, answer["detail"], "inside")
}

func TestSignal(t *testing.T) {
	c := newClient(t)
	code, _, _ := c.call("POST", "/v1/services/101/suspend", `{"reason":"abuse","unknown":1}`)
	require.Equal(t, http.StatusAccepted, code)
	require.Equal(t, "abuse", c.memory.event.Reason)
	require.Equal(t, "gateway", c.memory.event.Source)
	require.Equal(t, 5*time.Second, c.memory.wait)
	c.memory.reached = true
	code, _, _ = c.call("POST", "/v1/services/101/renew?wait=20s", ``)
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, 20*time.Second, c.memory.wait)
	for _, path := range []string{"/v1/services/101/renew?wait=21s", "/v1/services/101/renew?wait=-1s", "/v1/services/101/renew?wait=soon"} {
		code, _, _ = c.call("POST", path, "")
		require.Equal(t, http.StatusUnprocessableEntity, code)
	}
	code, _, _ = c.call("POST", "/v1/services/101/expire", `{"due":"tomorrow"}`)
	require.Equal(t, http.StatusUnprocessableEntity, code)
	code, _, _ = c.call("POST", "/v1/services/101/explode", "")
	require.Equal(t, http.StatusNotFound, code)
	c.memory.err = control.ErrClosed
	code, _, _ = c.call("POST", "/v1/services/101/suspend", "")
	require.Equal(t, http.StatusConflict, code)
}

func TestTheRest(t *testing.T) {
	c := newClient(t)
	code, _, answer := c.call("GET", "/v1/services?phase=active&ip=192.0.2.5&page_size=7", "")
	require.Equal(t, http.StatusOK, code)
	row := answer["services"].([]any)[0].(map[string]any)
	require.Equal(t, "192.0.2.5", row["main_ip"])
	require.EqualValues(t, 7, row["service_id"])
	code, _, _ = c.call("GET", "/v1/services?page_size=0", "")
	require.Equal(t, http.StatusUnprocessableEntity, code)

	code, _, answer = c.call("GET", "/v1/panels/fra1/stock", "")
	require.Equal(t, http.StatusOK, code)
	require.Nil(t, answer["packages"].([]any)[0].(map[string]any)["free"], "unknown, which is not zero")
	code, _, _ = c.call("GET", "/v1/panels/other/stock", "")
	require.Equal(t, http.StatusNotFound, code)

	code, header, _ := c.call("DELETE", "/v1/services/101", "")
	require.Equal(t, http.StatusMethodNotAllowed, code)
	require.Contains(t, header.Get("Allow"), "GET")
	code, _, answer = c.call("GET", "/v2/x", "")
	require.Equal(t, http.StatusNotFound, code)
	require.Equal(t, "/problems/unknown-path", answer["type"])

	code, header, answer = c.call("POST", "/v1/services/101/hold", `{"reason":"do-not-log-me"}`)
	require.Equal(t, http.StatusInternalServerError, code, "a panic ends one call, not the gateway")
	require.NotContains(t, answer["detail"], "programming")
	require.NotEmpty(t, header.Get("X-Request-Id"))
	for _, entry := range c.logs.All() {
		for _, field := range entry.Context {
			require.NotContains(t, field.String, "do-not-log-me")
			require.NotContains(t, field.String, "v1=")
		}
	}
	resp, err := http.Get(c.url + "/metrics")
	require.NoError(t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Contains(t, string(text), `metalease_gateway_requests_total{code="500",route="POST /v1/services/{id}/{signal}"} 1`)
}
