package server

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/metrics"
)

// TestAContradictionIsShownAndCounted: a panel that is not any more as its profile says, in starter panel and for Prometheus.
func TestAContradictionIsShownAndCounted(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	file := filepath.Join(t.TempDir(), "fra1.profile.yaml")
	require.NoError(t, os.WriteFile(file, []byte("panel: fra1\nfacts:\n  owner-in-list: {value: name, by: drill, at: 2026-01-01T00:00:00Z}\n"), 0o600))
	w.cfg.Panels[0].Profile = file
	h := &host{world: w, Control: control.New(w.Client, w.Namespace, w.cfg)}
	w.work()
	none := metrics.NameContradictions + `{fact="owner-in-list",panel="fra1"} 0`
	w.eventually(func() bool { return strings.Contains(w.metrics(), none) }, "nothing has contradicted it yet")
	h.serve() // a server has an owner
	var seen control.PanelHealth
	w.eventually(func() bool {
		var err error
		seen, err = h.Health(t.Context(), "fra1")
		return err == nil && len(seen.Contradictions) > 0
	}, "the worker has seen how owners are listed")
	require.Len(t, seen.Contradictions, 1)
	require.Equal(t, []string{"owner-in-list", "name", "id"}, []string{seen.Contradictions[0].Fact, seen.Contradictions[0].Was, seen.Contradictions[0].Is})
	require.NotZero(t, seen.Contradictions[0].Since)
	require.Contains(t, w.metrics(), metrics.NameContradictions+`{fact="owner-in-list",panel="fra1"} 1`)
	require.Contains(t, w.metrics(), metrics.NameContradictions+`{fact="owner-in-form",panel="fra1"} 0`)
}
