package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

func TestWordsBehindAState(t *testing.T) {
	require.Equal(t, "active blocked", withDetail("active", blocked))
	require.Equal(t, "active blocked", withDetail("active blocked", blocked))
	require.Equal(t, "active switch-on", withoutDetail("active blocked switch-on", blocked))
	require.Equal(t, "active", withoutDetail("active", blocked))
	require.Equal(t, "blocked", withoutDetail("blocked", blocked), "the state itself is no word behind it")
	require.Empty(t, withoutDetail("", blocked))
}

// TestOurOwnBlockIsKnownByTheMark, however many attempts it took, and one by hand too.
func TestOurOwnBlockIsKnownByTheMark(t *testing.T) {
	byHand := func(w *world, target Target) bool {
		is, err := simulated.Run[Blocked](w, w.p.Block, target)
		require.NoError(w.T, err)
		return is.ByHand
	}
	for _, effect := range []panelsim.Effect{panelsim.CloseBefore, panelsim.CloseAfter, panelsim.HTTP500} {
		w := newWorld(t)
		b := w.handOver(w.Order(7))
		w.Lose(effect, "server.disable", 1)
		require.Error(t, simulated.Do(w, w.p.Block, b.Target))
		require.False(t, byHand(w, b.Target), "the first attempt was ours: %s", effect)
		require.NoError(t, simulated.Do(w, w.p.Unblock, b.Target))
		require.Equal(t, []holding.Mark{w.p.mark(b.ServiceID, holding.StateActive)}, holding.ParseMarks(w.Server("1").Notes))

		w.Administer("1", map[string]any{"blocked": true, "disabled": true})
		w.Lose(effect, "server.disable", 1)
		_ = simulated.Do(w, w.p.Block, b.Target)
		require.True(t, byHand(w, b.Target), "a payment after a repeated block must not lift it: %s", effect)
		w.RequireClean()
	}
}

// TestWhoHasLostAMarkIsUnblocked: what was blocked without the mark comes back without it.
func TestWhoHasLostAMarkIsUnblocked(t *testing.T) {
	for name := range lostMarks(0) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b := w.handOver(w.Order(7))
			require.NoError(t, simulated.Do(w, w.p.Block, b.Target))
			w.Administer("1", map[string]any{"notes": lostMarks(b.ServiceID)[name]})
			is, err := simulated.Run[Remarked](w, w.p.Unblock, b.Target)
			require.NoError(t, err)
			require.True(t, is.MarkLost)
			require.False(t, w.Server("1").Disabled)
			require.Equal(t, []holding.Mark{w.p.mark(b.ServiceID, holding.StateActive)}, holding.ParseMarks(w.Server("1").Notes))
			w.RequireClean()
		})
	}
}
