package server

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/metrics"
	"metalease/internal/signing"
	billingsim "metalease/whmcs/simulator"
	"metalease/workflows/api"
)

var typeLine = regexp.MustCompile(`(?m)^# TYPE (metalease_\S+) (\w+)$`)

// TestThePagesShowTheTable: each page has exactly the metrics of the table, each of its kind, once something has happened to count.
func TestThePagesShowTheTable(t *testing.T) {
	h := newHost(t)
	own := *h.cfg // the worker reads the other one
	own.Gateway.Listen, own.Gateway.MetricsListen = free(t), free(t)
	h.cfg = &own
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Gateway(ctx, &own) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })

	service, _ := h.serve()
	h.misordered()
	require.NoError(t, h.Client.SignalWorkflow(t.Context(), api.ServiceWorkflowID(service), "", api.SignalHold, []int{1}))
	h.eventually(func() bool { return h.post("/v1/services/9999999/hold", "") == http.StatusUnauthorized }, "the gateway refuses what is not signed")
	require.Equal(t, http.StatusOK, h.post("/v1/services/"+api.ServiceWorkflowID(service)[len("service-"):]+"/hold?wait=20s", moduleSecret))

	worker := func() string { return h.metrics() }
	figures := func() string { return get("http://" + own.Gateway.MetricsListen + "/metrics") }
	h.shows(worker, metrics.Worker)
	h.shows(figures, metrics.Gateway, metrics.Installation)

	for _, name := range metrics.SDK {
		require.Contains(t, worker(), "# TYPE "+name+" ")
	}
	page := ours(worker())
	require.Regexp(t, `(?m)^metalease_orders_total\{.*outcome="delivered".*\} 1$`, page, "counted once")
	require.Regexp(t, `metalease_order_step_seconds_count\{.*step="hand-over".*\} 1\n`, page)
	require.Regexp(t, `metalease_attention_total\{.*code="no_such_package".*\} 1\n`, page)
	require.Contains(t, page, `metalease_panel_calls_total{function="server.edit",panel="fra1",result="ok"}`)
	require.Contains(t, page, `metalease_whmcs_calls_total{function="ModuleCreate",result="ok"} 1`)
	require.Regexp(t, `metalease_stock\{package="E3-16G",panel="fra1",state="free"\} [23]\n`, figures())
	require.Contains(t, figures(), `metalease_paused{panel="fra1"} 0`)

	for _, path := range []string{"/metrics", "/healthz"} { // where the customers of the API come
		require.NotContains(t, get("http://"+h.cfg.Gateway.Listen+path), "metalease_", path)
	}
}

// misordered places an order that needs a person.
func (h *host) misordered() {
	h.t.Helper()
	placed, err := h.billing.PlaceOrder(billingsim.Order{ClientID: 8, Unpaid: true})
	require.NoError(h.t, err)
	service := placed.Services[0].ServiceID
	_, err = h.Start(h.t.Context(), api.Order{ServiceID: service, ClientID: 8, PaidAt: time.Now(), Panel: "fra1", Package: "none", OSTemplate: "ISPsystem__Debian-12-x86_64", Domain: "x.example.com"})
	require.NoError(h.t, err)
	h.reaches(service, api.PhaseAttention, "")
}

// shows waits until a page has the metrics of some parts of the table, and no others.
func (h *host) shows(page func() string, parts ...metrics.Page) {
	h.t.Helper()
	want := map[string]string{}
	for _, m := range metrics.Table {
		for _, part := range parts {
			if m.Page == part {
				want[m.Name] = string(m.Kind)
			}
		}
	}
	var seen map[string]string
	defer func() {
		if h.t.Failed() {
			h.t.Logf("want %v\nseen %v", want, seen)
		}
	}()
	h.eventually(func() bool {
		seen = map[string]string{}
		for _, m := range typeLine.FindAllStringSubmatch(page(), -1) {
			seen[m[1]] = m[2]
		}
		for name := range want {
			if seen[name] != want[name] && name != metrics.NameQueueOldest { // nobody waits
				return false
			}
		}
		return true
	}, "the page shows its part of the table")
	for name := range seen {
		require.Contains(h.t, want, name)
	}
}

// post calls the gateway, signed when there is a secret.
func (h *host) post(path, secret string) int {
	req, err := http.NewRequest(http.MethodPost, "http://"+h.cfg.Gateway.Listen+path, strings.NewReader("{}"))
	require.NoError(h.t, err)
	if secret != "" {
		signing.Sign(req, []byte("{}"), h.cfg.Installation, secret, time.Now())
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

// ours are the lines of a page that are not the SDK's.
func ours(page string) string {
	var b strings.Builder
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "metalease_") && !strings.Contains(line, "_bucket{") {
			b.WriteString(line)
		}
	}
	return b.String()
}

func get(url string) string {
	answer, err := http.Get(url)
	if err != nil {
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	text, _ := io.ReadAll(answer.Body)
	return string(text)
}
