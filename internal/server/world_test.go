package server

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
	"metalease/internal/config"
	"metalease/internal/temporaltest"
	billingsim "metalease/whmcs/simulator"
)

func TestMain(m *testing.M) { os.Exit(temporaltest.Main(m)) }

// testTimeout is for a machine that does much else; what is waited for takes a second.
const testTimeout = time.Minute

// moduleSecret is what our module in WHMCS and the worker share.
const moduleSecret = "0123456789abcdef0123456789abcdef"

// world is a panel, a WHMCS and a Temporal, all real servers, and a worker's configuration.
type world struct {
	temporaltest.Server
	t       *testing.T
	panel   *panelsim.Panel
	billing *billingsim.WHMCS
	cfg     *config.Config
}

func newWorld(t *testing.T, mode string, change ...func(*panelsim.Config)) *world {
	t.Helper()
	w := &world{Server: temporaltest.Start(t), t: t}
	for _, variable := range w.Env() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	fleet := panelsim.Config{Servers: 3, Packages: []string{"E3-16G"}}
	for _, c := range change {
		c(&fleet)
	}
	var err error
	w.panel, err = panelsim.New(fleet)
	require.NoError(t, err)
	t.Cleanup(w.panel.Close)
	panel := httptest.NewTLSServer(w.panel)
	t.Cleanup(panel.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: panel.Certificate().Raw}), 0o600))
	w.billing, err = billingsim.New(billingsim.Config{Installation: "test", GatewaySecret: moduleSecret, Panel: "fra1"})
	require.NoError(t, err)
	billing := httptest.NewServer(w.billing)
	t.Cleanup(billing.Close)

	file := filepath.Join(t.TempDir(), "metalease.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`
installation: test
panels:
  - {name: fra1, mode: `+mode+`, url: "`+panel.URL+`/dcimgr", ca: "`+ca+`", user: whmcsapi, password: secret, reconcile_every: 1h}
whmcs: {url: "`+billing.URL+`", identifier: identifier, secret: secret}
gateway: {secret: `+moduleSecret+`}
timing: {tick: 50ms, follow_delay: 50ms, repeat: 2s, heartbeat: 2s, retry_cap: 1s, install_settle: 200ms}
worker: {metrics_listen: "`+free(t)+`", stop_timeout: 1s}
log: {level: error}
`), 0o600))
	w.cfg, err = config.Load(file, config.ForWorker)
	require.NoError(t, err)
	return w
}

// free is an address on which nobody listens.
func free(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// work runs a worker until the test ends, or stop is called.
func (w *world) work() (stop func()) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	cfg := w.cfg
	go func() { done <- Worker(ctx, cfg) }()
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			cancel()
			require.NoError(w.t, <-done)
		}
	}
	w.t.Cleanup(stop)
	return stop
}

// metrics is the page as Prometheus reads it; empty while nobody answers.
func (w *world) metrics() string {
	answer, err := http.Get("http://" + w.cfg.Worker.MetricsListen + "/metrics")
	if err != nil {
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	page, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		return ""
	}
	return string(page)
}

func (w *world) eventually(condition func() bool, what string) {
	w.t.Helper()
	require.Eventually(w.t, condition, testTimeout, 50*time.Millisecond, what)
}

// administer is a person in the panel.
func (w *world) administer(id string, change map[string]any) {
	w.t.Helper()
	text, err := json.Marshal(change)
	require.NoError(w.t, err)
	_, err = w.panel.Administer(id, text)
	require.NoError(w.t, err)
}
