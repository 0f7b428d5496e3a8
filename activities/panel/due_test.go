package panel

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
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

// TestEachStepOfAReleaseAsksWhetherItIsDue: a pause may hold each of them up.
func TestEachStepOfAReleaseAsksWhetherItIsDue(t *testing.T) {
	for name, step := range map[string]func(w *world) any{
		"power down": func(w *world) any { return w.p.PowerDown },
		"clear":      func(w *world) any { return w.p.ClearAddresses },
	} {
		t.Run(name, func(t *testing.T) {
			w, b := newOverdue(t)
			require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
			before := w.Server("1")
			w.p.Brakes = meanwhile(func() {
				_, err := w.Billing.Act(b.ServiceID, "paid")
				require.NoError(t, err)
			})
			simulated.RequireType(t, simulated.Do(w, step(w), b.Target), edge.ErrNotDue, false)
			require.Equal(t, before, w.Server("1"), "nothing was changed")
			b.Target.ForExpiry = false
			require.NoError(t, simulated.Do(w, step(w), b.Target), "a person's word needs no debt")
			w.RequireClean()
		})
	}
}

// TestAfterTheFirstAddressNobodyIsAsked: what NotDue promises, that nothing was deleted, holds
// for every attempt, whatever became of its replies.
func TestAfterTheFirstAddressNobodyIsAsked(t *testing.T) {
	for _, effect := range []panelsim.Effect{panelsim.CloseBefore, panelsim.CloseAfter, panelsim.HTTP500} {
		t.Run(string(effect), func(t *testing.T) {
			w, b := newOverdue(t)
			require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
			w.Lose(effect, "iplist.delete", 1)
			require.Error(t, simulated.Do(w, w.p.ClearAddresses, b.Target))
			_, err := w.Billing.Act(b.ServiceID, "paid")
			require.NoError(t, err)
			require.NoError(t, simulated.Do(w, w.p.ClearAddresses, b.Target))
			require.Len(t, w.Server("1").Addresses, 1)
			require.NoError(t, simulated.Do(w, w.p.PowerDown, Target{ServiceID: b.ServiceID, ServerID: "1"}))
			require.NoError(t, simulated.Do(w, w.p.ReturnToStock, Target{ServiceID: b.ServiceID, ServerID: "1"}))
			w.RequireClean()
		})
	}
}

// newOverdue is a service with an extra address that WHMCS shows as overdue, and the target of
// what is done because nobody paid.
func newOverdue(t *testing.T) (*world, Build) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	b.IPv4 = 1
	_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
	require.NoError(t, err)
	b.Account, err = simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
	require.NoError(t, err)
	require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
	_, err = simulated.Run[Addresses](w, w.p.HandOver, b)
	require.NoError(t, err)
	for _, act := range []string{"paid", "create", "overdue"} {
		_, err := w.Billing.Act(service.ID, act)
		require.NoError(t, err)
	}
	b.ForExpiry = true
	require.NoError(t, simulated.Do(w, w.p.Block, b.Target))
	return w, b
}
