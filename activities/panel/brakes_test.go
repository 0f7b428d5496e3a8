package panel

import (
	"context"
	"testing"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/internal/simulated"

	"github.com/stretchr/testify/require"
)

// ledger are brakes that write down what they are asked and refuse what a test says.
type ledger struct {
	asked  []engine.Destruction
	refuse map[engine.Destruction]error
}

func (l *ledger) Permit(_ context.Context, _ string, p engine.Permit) error {
	l.asked = append(l.asked, p.Kind)
	return l.refuse[p.Kind]
}

func TestEverythingThatDestroysAsksTheBrakes(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	brakes := &ledger{}
	w.p.Brakes = brakes

	require.NoError(t, simulated.Do(w, w.p.Block, b.Target))
	require.NoError(t, simulated.Do(w, w.p.Unblock, b.Target))
	require.Equal(t, []engine.Destruction{engine.DestroyBlock}, brakes.asked, "unblocking asks nobody")

	brakes.asked = nil
	for _, step := range []any{w.p.CutOff, w.p.CutOff, w.p.PowerDown} {
		require.NoError(t, simulated.Do(w, step, b.Target))
	}
	require.Equal(t, []engine.Destruction{engine.DestroyRelease, engine.DestroyStep, engine.DestroyStep}, brakes.asked, "a repeat is no second release")

	brakes.asked = nil
	require.NoError(t, simulated.Do(w, w.p.Restore, b))
	require.Empty(t, brakes.asked, "giving back asks nobody")

	for _, step := range []any{w.p.CutOff, w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
		require.NoError(t, simulated.Do(w, step, b.Target))
	}
	require.Equal(t, []engine.Destruction{engine.DestroyRelease, engine.DestroyStep, engine.DestroyStep, engine.DestroyStep}, brakes.asked)
	w.RequireClean()
}

func TestNothingIsDestroyedWithoutAPermit(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	stopped := edge.NonRetryable(edge.ErrLimit, "enough for this hour")
	w.p.Brakes = &ledger{refuse: map[engine.Destruction]error{engine.DestroyBlock: stopped, engine.DestroyRelease: stopped, engine.DestroyStep: stopped}}
	before := w.Server(b.ServerID)
	for _, act := range []any{w.p.Block, w.p.CutOff, w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
		simulated.RequireType(t, simulated.Do(w, act, b.Target), edge.ErrLimit, false)
	}
	require.Equal(t, before, w.Server(b.ServerID))
}

func TestABuildThatIsGivenUpDoesNotCountAsARelease(t *testing.T) {
	w := newWorld(t)
	target := w.claim(w.Order(7))
	brakes := &ledger{}
	w.p.Brakes = brakes
	require.NoError(t, simulated.Do(w, w.p.CutOff, target))
	require.Equal(t, []engine.Destruction{engine.DestroyStep}, brakes.asked)
}
