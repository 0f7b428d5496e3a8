package panel

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
)

// lostMarks are what a customer can make of the notes.
func lostMarks(service int) map[string]string {
	mine := "metalease:main/service-" + strconv.Itoa(service)
	return map[string]string{
		"emptied": "", "overwritten": "my backup server", "twice": mine + " active\n" + mine + " active",
		"another state": mine + " quarantine broken", "no state": mine,
	}
}

// TestNotesAreNoShield: whoever edits the notes of a server is blocked and cut off all the same,
// the mark is written again, and staff can be told.
func TestNotesAreNoShield(t *testing.T) {
	for name := range lostMarks(0) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			brakes := &ledger{}
			w.p.Brakes = brakes
			b := w.handOver(w.Order(7))
			w.Administer("1", map[string]any{"notes": lostMarks(b.ServiceID)[name]})
			blocked, err := simulated.Run[Blocked](w, w.p.Block, b.Target)
			require.NoError(t, err)
			require.True(t, blocked.MarkLost)
			require.True(t, w.Server("1").Disabled)
			require.Equal(t, []holding.Mark{w.p.mark(b.ServiceID, servedState("", true))}, holding.ParseMarks(w.Server("1").Notes))
			blocked, err = simulated.Run[Blocked](w, w.p.Block, b.Target)
			require.NoError(t, err)
			require.False(t, blocked.MarkLost, "it is there again")

			w.Administer("1", map[string]any{"notes": lostMarks(b.ServiceID)[name]})
			brakes.asked = nil
			cut, err := simulated.Run[Remarked](w, w.p.CutOff, b.Target)
			require.NoError(t, err)
			require.True(t, cut.MarkLost)
			require.Equal(t, []engine.Destruction{engine.DestroyRelease}, brakes.asked, "a customer has it, whatever its notes say")
			for _, step := range []any{w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
				require.NoError(t, simulated.Do(w, step, b.Target))
			}
			require.Empty(t, w.Server("1").Owner)
			w.RequireClean()
		})
	}
}

// TestSomebodyElsesMarkIsNotOverwritten: whether it is forged only the life of its service knows.
func TestSomebodyElsesMarkIsNotOverwritten(t *testing.T) {
	for _, notes := range []string{"metalease:main/service-999 active", "metalease:other/service-101 active"} {
		w := newWorld(t)
		b := w.handOver(w.Order(7))
		w.Administer("1", map[string]any{"notes": notes})
		before := w.Server("1")
		for _, act := range []any{w.p.Block, w.p.CutOff} {
			simulated.RequireType(t, simulated.Do(w, act, b.Target), edge.ErrOwnership, false)
		}
		require.Equal(t, before, w.Server("1"))
	}
}

// TestALostMarkOfABuildIsNotMadeUp: it said how far the build had come.
func TestALostMarkOfABuildIsNotMadeUp(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	target := w.claim(service)
	w.Administer("1", map[string]any{"notes": "rack 4"})
	blocked, err := simulated.Run[Blocked](w, w.p.Block, target)
	require.NoError(t, err)
	require.True(t, blocked.MarkLost)
	require.True(t, w.Server("1").Disabled)
	require.Equal(t, "rack 4", w.Server("1").Notes)
	_, err = simulated.Run[Started](w, w.p.StartInstall, w.build(service, target))
	simulated.RequireType(t, err, edge.ErrOwnership, false)
}

// TestACustomersServerIsNotDestroyed: only a server that was cut off by a release is set aside,
// cleared, renamed or switched off.
func TestACustomersServerIsNotDestroyed(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	before := w.Server("1")
	simulated.RequireType(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: b.Target, Reason: "bad", FreeAddresses: true}), edge.ErrOwnership, false)
	for _, step := range []any{w.p.ClearAddresses, w.p.PowerDown, w.p.ReturnToStock} {
		simulated.RequireType(t, simulated.Do(w, step, b.Target), edge.ErrOwnership, false)
	}
	b.Named, b.Hostname = b.Hostname, "other.example.com"
	_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
	simulated.RequireType(t, err, edge.ErrOwnership, false)
	_, err = simulated.Run[Addresses](w, w.p.HandOver, b)
	require.NoError(t, err, "a hand-over that is repeated leaves the customer's names alone")
	require.Equal(t, before, w.Server("1"))

	b.Hostname = b.Named
	require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
	require.NoError(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: b.Target, Reason: "does not power off"}))
	w.RequireClean()
}
