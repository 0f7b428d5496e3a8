package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"metalease/internal/config"
	"metalease/internal/control"
)

// TestTheMetricsOfARunningWorker: what the SDK counts and what a comparison found stand on
// one page, also for a panel that is only observed.
func TestTheMetricsOfARunningWorker(t *testing.T) {
	w := newWorld(t, config.ModeObserve)
	w.administer("2", map[string]any{"owner": "whmcsapi"})
	stop := w.work()

	found := `metalease_drift{kind="unmarked",panel="fra1"} 1`
	w.eventually(func() bool { return strings.Contains(w.metrics(), found) }, "a new schedule compares at once")
	page := w.metrics()
	require.Contains(t, page, `metalease_drift{kind="orphan",panel="fra1"} 0`, "none is told as zero")
	require.Regexp(t, `metalease_drift_as_of\{panel="fra1"\} 1\.[0-9]+e\+09`, page)
	require.Contains(t, page, "temporal_workflow_task_execution_latency", "and what the SDK counts")
	require.Contains(t, page, "temporal_worker_task_slots_available")
	require.NotContains(t, page, "secret")

	answer, err := http.Get("http://" + w.cfg.Worker.MetricsListen + "/healthz")
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNoContent, answer.StatusCode)

	w.administer("2", map[string]any{"owner": ""})
	report, err := control.New(w.Client, w.Namespace, w.cfg).CompareNow(t.Context(), "fra1", func(control.Comparison) {})
	require.NoError(t, err)
	require.Empty(t, report.Drifts)
	w.eventually(func() bool { return strings.Contains(w.metrics(), `metalease_drift{kind="unmarked",panel="fra1"} 0`) }, "what was repaired is zero again")
	require.Empty(t, w.panel.Violations())

	stop()
	require.Empty(t, w.metrics(), "the page ends with its worker")
}

func TestMetricsAreOffWithoutAnAddress(t *testing.T) {
	m, err := newCounted("", zap.NewNop())
	require.NoError(t, err)
	m.handler.Gauge("anything").Update(1)
	m.stop()
}

func TestMetricsNeedTheirAddress(t *testing.T) {
	_, err := newCounted("127.0.0.1:99999", zap.NewNop())
	require.ErrorContains(t, err, "99999")
}
