package metrics

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

var update = flag.Bool("update", false, "write docs/metrics.md anew")

// TestNoLabelGrowsWithoutBound: what others name, a panel its packages and a client its functions, ends in one value.
func TestNoLabelGrowsWithoutBound(t *testing.T) {
	registry := prometheus.NewRegistry()
	calls := NewCalls(registry)
	for i := range 10 * mostFunctions {
		calls.Panel("fra1", fmt.Sprintf("function.%d", i), OK, time.Second)
		calls.WHMCS(fmt.Sprintf("Action%d", i), OK, time.Second)
	}
	text := page(t, registry)
	require.Equal(t, mostFunctions+2, strings.Count(text, NamePanelCalls+"{")+strings.Count(text, NameWHMCSCalls+"{"), "each of both has one more for the others")
	require.Contains(t, text, fmt.Sprintf(`metalease_panel_calls_total{function="other",panel="fra1",result="ok"} %d`, 10*mostFunctions-strings.Count(text, NamePanelCalls+"{")+1), "nothing is lost")

	asked := &world{stock: fleet.Stock{}}
	for i := range 10 * mostPackages {
		asked.stock.Packages = append(asked.stock.Packages, pack(fmt.Sprintf("E%d", i), 1, 1))
	}
	figures := NewFigures(asked, []string{"fra1"})
	registry.MustRegister(figures)
	text = page(t, registry)
	require.Equal(t, mostPackages+1, strings.Count(text, NameQueue+"{"))
	require.Contains(t, text, fmt.Sprintf(`metalease_stock{package="other",panel="fra1",state="free"} %d`, 9*mostPackages))
}

func TestALabelIsCutAndReadable(t *testing.T) {
	v := newValues(2)
	require.Len(t, v.keep(strings.Repeat("x", 5000)), longestLabel)
	require.Equal(t, "ab", v.keep("a\xffb"))
	require.Equal(t, Others, v.keep("third"))
	require.Equal(t, "ab", v.keep("ab"), "who is known stays known")
}

// world answers what Temporal would.
type world struct {
	stock  fleet.Stock
	paused bool
	asked  int
	broken error
}

func (w *world) Count(_ context.Context, f control.Filter) (int64, error) {
	w.asked++
	if f.Attention {
		return 2, w.broken
	}
	return int64(10 + slices.Index(api.Phases, api.Phase(f.Phase))), w.broken
}

func (w *world) SeenStock(context.Context, string) (fleet.Stock, error) {
	w.asked++
	return w.stock, w.broken
}

func (w *world) Brakes(context.Context, string) (fleet.BrakesView, error) {
	w.asked++
	view := fleet.BrakesView{Releases: 3, Blocks: 4}
	if w.paused {
		view.Paused = &fleet.Pause{}
	}
	return view, w.broken
}

func pack(name string, free, waiting int) fleet.PackageStock {
	return fleet.PackageStock{Package: name, Free: &free, Waiting: waiting}
}

func page(t *testing.T, registry *prometheus.Registry) string {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	var b strings.Builder
	for _, family := range families {
		for _, m := range family.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
			}
			fmt.Fprintf(&b, "%s{%s} %v\n", family.GetName(), strings.Join(labels, ","), m.GetGauge().GetValue()+m.GetCounter().GetValue())
		}
	}
	return b.String()
}

func TestTheFiguresOfAnInstallation(t *testing.T) {
	read, paid := time.Unix(1_700_000_000, 0), time.Unix(1_600_000_000, 0)
	asked := &world{paused: true, stock: fleet.Stock{AsOf: &read, OldestPaidAt: &paid, Packages: []fleet.PackageStock{pack("E3", 7, 1), {Package: "E5"}}}}
	figures := NewFigures(asked, []string{"fra1"})
	now := time.Unix(0, 0).Add(time.Hour)
	figures.now = func() time.Time { return now }
	registry := prometheus.NewRegistry()
	registry.MustRegister(figures)
	text := page(t, registry)
	for _, line := range []string{
		`metalease_services{phase="pending"} 10`, `metalease_services{phase="releasing"} 15`, `metalease_services_attention{} 2`,
		`metalease_stock{package="E3",panel="fra1",state="free"} 7`, `metalease_stock_as_of{panel="fra1"} 1.7e+09`,
		`metalease_queue_length{package="E3",panel="fra1"} 1`, `metalease_queue_oldest_paid_at{panel="fra1"} 1.6e+09`,
		`metalease_paused{panel="fra1"} 1`, `metalease_destroyed_last_hour{kind="release",panel="fra1"} 3`,
	} {
		require.Contains(t, text, line)
	}
	require.NotContains(t, text, `package="E5",panel="fra1",state="free"`, "unknown is not zero")
	require.NotContains(t, text, `phase="released"`)

	before := asked.asked
	require.Equal(t, text, page(t, registry))
	require.Equal(t, before, asked.asked, "two who scrape cost no more than one")

	now, asked.broken = now.Add(every), errors.New("no worker answers")
	text = page(t, registry)
	require.Contains(t, text, `metalease_unanswered_total{question="stock"} 1`)
	require.Contains(t, text, `metalease_unanswered_total{question="services"} 1`)
	require.NotContains(t, text, "metalease_services{", "what nobody answers is not shown")
	require.NotContains(t, text, "metalease_paused")
}

func TestTheDocumentIsThatOfTheTable(t *testing.T) {
	const path = "../../docs/metrics.md"
	var b strings.Builder
	b.WriteString("# Metrics\n\n" +
		"<!-- Made from internal/metrics/names.go by a test: `go test ./internal/metrics -update` writes it anew. -->\n\n" +
		"What Prometheus reads, beside the metrics of Temporal's SDK (`temporal_*`, on the worker's page), of Go and of the process. " +
		"*worker* is `worker.metrics_listen`; *gateway* is `gateway.metrics_listen`, or `/metrics` of the gateway without one; *installation* is " +
		"`gateway.metrics_listen` alone: each gateway shows the same figures, so take `max by (...)` of several, never the sum.\n\n" +
		"A histogram has `_bucket`, `_sum` and `_count` behind its name. Labels take a bounded number of values; what comes later is `other`. " +
		"What is not known is absent, never 0.\n\n" +
		"| name | kind | page | labels | what |\n| --- | --- | --- | --- | --- |\n")
	for _, m := range Table {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", m.Name, m.Kind, m.Page, strings.Join(m.Labels, ", "), m.Help)
	}
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
	}
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, b.String(), string(text), "docs/metrics.md is stale: go test ./internal/metrics -update")
}
