package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

// takenBack is a server whose release has come as far as its addresses.
func (w *world) takenBack() Target {
	w.T.Helper()
	b := w.handOver(w.Order(7))
	require.NoError(w.T, simulated.Do(w, w.p.CutOff, b.Target))
	require.NoError(w.T, simulated.Do(w, w.p.PowerDown, b.Target))
	return b.Target
}

func TestClearAddressesTellsWhatComesBeforeTheResale(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	for _, want := range []Resale{{}, {Hold: time.Hour}, {Diagnose: true}} {
		w.p.Resale = want
		got, err := simulated.Run[Resale](w, w.p.ClearAddresses, target)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestDiagnoseWaitsForItsEnd(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) {
		c.FlagDelay, c.DiagnosticsOnRelease = 50*time.Millisecond, 50*time.Millisecond
	})
	target := w.takenBack()
	_, err := simulated.Run[Resale](w, w.p.ClearAddresses, target)
	require.NoError(t, err)
	require.NoError(t, simulated.Do(w, w.p.Diagnose, target))
	server := w.Server(target.ServerID)
	require.False(t, server.Diagnostics)
	require.NotEmpty(t, server.Owner, "it is nobody's stock yet")
	require.Equal(t, 1, w.Panel.State().Functions["server.operations"].Requests)
	require.NoError(t, simulated.Do(w, w.p.ReturnToStock, target))
	w.RequireClean()
}

func TestDiagnoseWithoutDiagnosticsIsAnError(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	simulated.RequireType(t, simulated.Do(w, w.p.Diagnose, target), edge.ErrDiagnostics, false)
}

func TestABrokenServerIsNotStock(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	w.Administer(target.ServerID, map[string]any{"hwproblem": true})
	simulated.RequireType(t, simulated.Do(w, w.p.Diagnose, target), edge.ErrHardware, false)
}
