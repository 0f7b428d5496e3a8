package gateway_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/panel"
	"metalease/internal/control"
)

func (m *memory) known(panel string) error {
	if panel != "fra1" {
		return control.ErrUnknownPanel
	}
	return m.err
}

func (m *memory) Health(_ context.Context, panel string) (control.PanelHealth, error) {
	return control.PanelHealth{
		Panel: panel, Mode: "manage", Paused: true, PauseReason: "billing run",
		Error: &control.PanelFault{Code: "PanelUnavailable", Message: "connection refused"},
		AsOf:  time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC),
	}, m.known(panel)
}

func (m *memory) Packages(_ context.Context, panel string) ([]string, error) {
	return []string{"E3-16G"}, m.known(panel)
}

func (m *memory) Templates(_ context.Context, panelName string) ([]panel.Template, error) {
	return []panel.Template{{ID: "ISPsystem__Debian-12-x86_64", Name: "Debian 12"}}, m.known(panelName)
}

func (m *memory) Marked(_ context.Context, panelName string, service int) ([]panel.MarkedServer, error) {
	if service != 101 {
		return []panel.MarkedServer{}, m.known(panelName)
	}
	return []panel.MarkedServer{{ID: "5", Label: "R1-U5", Mark: "metalease:test/service-101 active"}}, m.known(panelName)
}

func TestPanelAnswers(t *testing.T) {
	s := newScene(t)
	for path, want := range map[string]string{
		"/v1/panels/fra1": `{"panel":"fra1","mode":"manage","reachable":false,"paused":true,"pause_reason":"billing run",
			"error":{"code":"PanelUnavailable","message":"connection refused"},"as_of":"2026-01-05T12:00:00Z"}`,
		"/v1/panels/fra1/packages":               `{"packages":["E3-16G"]}`,
		"/v1/panels/fra1/templates":              `{"templates":[{"id":"ISPsystem__Debian-12-x86_64","name":"Debian 12"}]}`,
		"/v1/panels/fra1/servers?service_id=101": `{"servers":[{"id":"5","label":"R1-U5","mark":"metalease:test/service-101 active"}]}`,
		"/v1/panels/fra1/servers?service_id=102": `{"servers":[]}`,
	} {
		r := s.call(http.MethodGet, path, "")
		require.Equal(t, http.StatusOK, r.code, path)
		require.JSONEq(t, want, r.body, path)
	}
}

func TestPanelProblems(t *testing.T) {
	s := newScene(t)
	paths := []string{"", "/packages", "/templates", "/servers?service_id=101"}
	for _, path := range paths {
		r := s.call(http.MethodGet, "/v1/panels/nowhere"+path, "")
		require.Equal(t, http.StatusNotFound, r.code, path)
		require.Equal(t, "/problems/unknown-panel", r.problem(t).Type)
		r = s.send(http.MethodGet, "/v1/panels/fra1"+path, "", func(*http.Request) {})
		require.Equal(t, http.StatusUnauthorized, r.code, path)
	}
	for _, query := range []string{"", "?service_id=", "?service_id=x", "?service_id=0"} {
		r := s.call(http.MethodGet, "/v1/panels/fra1/servers"+query, "")
		require.Equal(t, http.StatusUnprocessableEntity, r.code)
		require.Equal(t, []string{"service_id"}, r.problem(t).fields())
	}
	for _, problem := range []struct {
		err  error
		code int
		kind string
	}{
		{control.ErrWorkerUnavailable, http.StatusServiceUnavailable, "worker-unavailable"},
		{&control.Refused{Code: "PanelUnavailable", Message: "connection refused"}, http.StatusBadGateway, "panel-failed"},
	} {
		s.mem.err = problem.err
		for _, path := range paths {
			r := s.call(http.MethodGet, "/v1/panels/fra1"+path, "")
			require.Equal(t, problem.code, r.code, path)
			require.Equal(t, "/problems/"+problem.kind, r.problem(t).Type)
		}
	}
}

func TestAnOrderForAnObservedPanelIsRefused(t *testing.T) {
	s := newScene(t)
	s.mem.err = &control.ErrObserved{Panel: "fra1"}
	r := s.call(http.MethodPost, "/v1/services", goodOrder)
	require.Equal(t, http.StatusConflict, r.code)
	p := r.problem(t)
	require.Equal(t, "/problems/panel-observed", p.Type)
	require.Equal(t, "panel fra1 is only observed: orders for it are not started", p.Detail)
}
