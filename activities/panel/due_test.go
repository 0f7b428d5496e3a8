package panel

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/internal/simulated"
)

// meanwhile are brakes that let something happen before they answer.
type meanwhile func()

func (m meanwhile) Permit(context.Context, string, engine.Permit) error {
	m()
	return nil
}

// TestWhatIsDueIsAskedRightBeforeTheChange: whoever pays while a permit is waited for keeps the
// server. What nobody's payment decides is done all the same.
func TestWhatIsDueIsAskedRightBeforeTheChange(t *testing.T) {
	for name, act := range map[string]func(*world) any{
		"block":   func(w *world) any { return w.p.Block },
		"cut off": func(w *world) any { return w.p.CutOff },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			service := w.Order(7)
			b := w.handOver(service)
			for _, act := range []string{"paid", "create", "overdue"} {
				_, err := w.Billing.Act(service.ID, act)
				require.NoError(t, err)
			}
			before := w.Server("1")
			target := b.Target
			target.ForExpiry = true

			w.p.Brakes = meanwhile(func() {
				_, err := w.Billing.Act(service.ID, "paid")
				require.NoError(t, err)
			})
			simulated.RequireType(t, simulated.Do(w, act(w), target), edge.ErrNotDue, false)
			require.Equal(t, before, w.Server("1"), "nothing was changed")

			w.p.Brakes = meanwhile(func() {
				require.NoError(t, w.Billing.Fault(simulated.FaultOf("garbage", "")))
			})
			simulated.RequireType(t, simulated.Do(w, act(w), target), edge.ErrWHMCSUnavailable, true)
			require.Equal(t, before, w.Server("1"), "without an answer nothing is changed")

			w.p.Brakes = nil
			require.NoError(t, simulated.Do(w, act(w), b.Target), "a person's word needs no debt")
			require.True(t, w.Server("1").Disabled)
			w.RequireClean()
		})
	}
}

// TestWhatIsStillDueIsDone: the question stops nothing else.
func TestWhatIsStillDueIsDone(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.handOver(service)
	b.ForExpiry = true
	for _, act := range []string{"paid", "create", "overdue"} {
		_, err := w.Billing.Act(service.ID, act)
		require.NoError(t, err)
	}
	require.NoError(t, simulated.Do(w, w.p.Block, b.Target))
	require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
	require.Equal(t, "whmcsapi", w.Server("1").OwnerName)
	w.RequireClean()
}
