package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
)

// takenBack is a server whose release has come as far as its addresses.
func (w *world) takenBack() Target {
	w.t.Helper()
	b := w.handOver(w.order(7))
	require.NoError(w.t, do(w, w.p.CutOff, b.Target))
	require.NoError(w.t, do(w, w.p.PowerDown, b.Target))
	return b.Target
}

func TestClearAddressesTellsWhatComesBeforeTheResale(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	for _, want := range []Resale{{}, {Hold: time.Hour}, {Diagnose: true}} {
		w.p.resale = want
		got, err := run[Resale](w, w.p.ClearAddresses, target)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestDiagnoseWaitsForItsEnd(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) {
		c.FlagDelay, c.DiagnosticsOnRelease = 50*time.Millisecond, 50*time.Millisecond
	})
	target := w.takenBack()
	_, err := run[Resale](w, w.p.ClearAddresses, target)
	require.NoError(t, err)
	require.NoError(t, do(w, w.p.Diagnose, target))
	server := w.server(target.ServerID)
	require.False(t, server.Diagnostics)
	require.NotEmpty(t, server.Owner, "it is nobody's stock yet")
	require.Equal(t, 1, w.panel.State().Functions["server.operations"].Requests)
	require.NoError(t, do(w, w.p.ReturnToStock, target))
	w.requireClean()
}

func TestDiagnoseWithoutDiagnosticsIsAnError(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	requireType(t, do(w, w.p.Diagnose, target), ErrDiagnostics, false)
}

func TestABrokenServerIsNotStock(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	w.administer(target.ServerID, map[string]any{"hwproblem": true})
	requireType(t, do(w, w.p.Diagnose, target), ErrHardware, false)
}
