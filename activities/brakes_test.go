package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// ledger are brakes that write down what they are asked and refuse what a test says.
type ledger struct {
	asked  []Destruction
	refuse map[Destruction]error
}

func (l *ledger) Permit(_ context.Context, _ string, p Permit) error {
	l.asked = append(l.asked, p.Kind)
	return l.refuse[p.Kind]
}

func TestEverythingThatDestroysAsksTheBrakes(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.order(7))
	brakes := &ledger{}
	w.p.brakes = brakes

	require.NoError(t, do(w, w.p.Block, b.Target))
	require.NoError(t, do(w, w.p.Unblock, b.Target))
	require.Equal(t, []Destruction{DestroyBlock}, brakes.asked, "unblocking asks nobody")

	brakes.asked = nil
	for _, step := range []any{w.p.CutOff, w.p.CutOff, w.p.PowerDown} {
		require.NoError(t, do(w, step, b.Target))
	}
	require.Equal(t, []Destruction{DestroyRelease, DestroyStep, DestroyStep}, brakes.asked, "a repeat is no second release")

	brakes.asked = nil
	require.NoError(t, do(w, w.p.Restore, b))
	require.Empty(t, brakes.asked, "giving back asks nobody")

	for _, step := range []any{w.p.CutOff, w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
		require.NoError(t, do(w, step, b.Target))
	}
	require.Equal(t, []Destruction{DestroyRelease, DestroyStep, DestroyStep, DestroyStep}, brakes.asked)
	w.requireClean()
}

func TestNothingIsDestroyedWithoutAPermit(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.order(7))
	stopped := final(ErrLimit, "enough for this hour")
	w.p.brakes = &ledger{refuse: map[Destruction]error{DestroyBlock: stopped, DestroyRelease: stopped, DestroyStep: stopped}}
	before := w.server(b.ServerID)
	for _, act := range []any{w.p.Block, w.p.CutOff, w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
		requireType(t, do(w, act, b.Target), ErrLimit, false)
	}
	require.Equal(t, before, w.server(b.ServerID))
}

func TestABuildThatIsGivenUpDoesNotCountAsARelease(t *testing.T) {
	w := newWorld(t)
	target := w.claim(w.order(7))
	brakes := &ledger{}
	w.p.brakes = brakes
	require.NoError(t, do(w, w.p.CutOff, target))
	require.Equal(t, []Destruction{DestroyStep}, brakes.asked)
}
