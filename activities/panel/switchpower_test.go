package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/activities/tenant"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
)

func (w *world) power(in tenant.Server, action string) error {
	return simulated.Do(w, w.p.SwitchPower, tenant.Power{Server: in, Action: action, Limit: 2 * time.Second})
}

// powerCalls counts the power commands that the panel got.
func (w *world) powerCalls() int {
	return w.calls("server.poweron") + w.calls("server.poweroff") + w.calls("server.reboot")
}

func TestPowerIsSwitchedUntilThePanelShowsIt(t *testing.T) {
	for _, asCustomer := range []bool{true, false} {
		w := newWorld(t, func(c *panelsim.Config) { c.PowerTime = 50 * time.Millisecond })
		in := w.rented()
		in.AsCustomer = asCustomer
		sent, keys := w.powerCalls(), w.calls("session.newkey")
		require.NoError(t, w.power(in, "on"), "it is on")
		require.Equal(t, sent, w.powerCalls(), "and is not switched on again")
		require.NoError(t, w.power(in, "off"))
		require.Equal(t, panelsim.PowerOff, w.Server("1").Power)
		require.NoError(t, w.power(in, "off"))
		require.NoError(t, w.power(in, "on"))
		require.Equal(t, panelsim.PowerOn, w.Server("1").Power)
		require.NoError(t, w.power(in, "reboot"))
		require.Equal(t, sent+3, w.powerCalls())
		require.Equal(t, asCustomer, w.calls("session.newkey") == keys+3, "each in the customer's name")
		simulated.RequireType(t, w.power(in, "explode"), edge.ErrBadOrder, false)
		w.RequireClean()
	}
}

// TestALostReplyToPowerIsReadFirst: what was done is not asked for again, what was not done is.
func TestALostReplyToPowerIsReadFirst(t *testing.T) {
	for effect, calls := range map[panelsim.Effect]int{panelsim.CloseAfter: 1, panelsim.CloseBefore: 2} {
		w := newWorld(t)
		w.Attempts()
		in := w.rented()
		sent := w.calls("server.poweroff")
		w.Lose(effect, "server.poweroff", 1)
		simulated.RequireType(t, w.power(in, "off"), edge.ErrPanelUnavailable, true)
		in.Until = time.Now().Add(time.Minute)
		require.NoError(t, w.power(in, "off"))
		require.Equal(t, panelsim.PowerOff, w.Server("1").Power)
		requests := w.calls("server.poweroff") - sent
		require.Equal(t, calls, requests)
		w.RequireClean()
	}
}

// TestALateRepeatOnlyLooks: it may have been heard, but nobody waits for it any more.
func TestALateRepeatOnlyLooks(t *testing.T) {
	w := newWorld(t)
	w.Attempts()
	in := w.rented()
	w.Lose(panelsim.CloseBefore, "server.poweroff", 1)
	simulated.RequireType(t, w.power(in, "off"), edge.ErrPanelUnavailable, true)
	sent := w.powerCalls()
	in.Until = time.Now().Add(-time.Second)
	err := simulated.Do(w, w.p.SwitchPower, tenant.Power{Server: in, Action: "off", Limit: 300 * time.Millisecond})
	simulated.RequireType(t, err, edge.ErrPower, false)
	require.ErrorContains(t, err, "did not power off server 1 within 300ms")
	require.Equal(t, sent, w.powerCalls())
	require.Equal(t, panelsim.PowerOn, w.Server("1").Power)
}

func TestAPowerErrorIsNamedWithItsLimit(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	w.Administer("1", map[string]any{"fail_power": -1})
	for _, action := range []string{"off", "reboot"} {
		err := w.power(in, action)
		simulated.RequireType(t, err, edge.ErrPower, false)
		require.ErrorContains(t, err, "power error on server 1 after power "+action+", for which it has 2s")
	}
	w.RequireClean()
}

// TestAPowerStateThatDoesNotComeEndsWithItsLimit: it is asked for again on the way; a reboot is not.
func TestAPowerStateThatDoesNotComeEndsWithItsLimit(t *testing.T) {
	for action, function := range map[string]string{"off": "server.poweroff", "reboot": "server.reboot"} {
		w := newWorld(t)
		in := w.rented()
		if action == "reboot" {
			w.Administer("1", map[string]any{"power": "off"})
		}
		w.ignore(function)
		before := w.calls(function)
		err := simulated.Do(w, w.p.SwitchPower, tenant.Power{Server: in, Action: action, Limit: 400 * time.Millisecond})
		simulated.RequireType(t, err, edge.ErrPower, false)
		require.ErrorContains(t, err, "within 400ms")
		require.Equal(t, map[string]int{"off": sends, "reboot": 1}[action], w.calls(function)-before)
	}
}

// TestARebootIsAskedForOnce, whatever becomes of the reply or of the worker.
func TestARebootIsAskedForOnce(t *testing.T) {
	for name, effect := range map[string]panelsim.Effect{"done": panelsim.CloseAfter, "not done": panelsim.CloseBefore, "a page": panelsim.HTTP500} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			in := w.rented()
			w.Lose(effect, "server.reboot", 1)
			err := w.power(in, "reboot")
			simulated.RequireType(t, err, edge.ErrRebootUnknown, false)
			require.ErrorContains(t, err, "nobody can tell whether it was rebooted")
			require.Equal(t, 1, w.calls("server.reboot"))
			w.RequireClean()
		})
	}
	t.Run("a refusal is none", func(t *testing.T) {
		w := newWorld(t)
		in := w.rented()
		w.Lose(panelsim.Error, "server.reboot", 1)
		simulated.RequireType(t, w.power(in, "reboot"), edge.ErrPanelRefused, false)
		require.NoError(t, w.power(in, "reboot"), "somebody asks again")
	})
	t.Run("the attempt before was accepted", func(t *testing.T) {
		w := newWorld(t)
		in := w.rented()
		w.Env.SetHeartbeatDetails(map[string]any{acceptedKey: time.Now()})
		require.NoError(t, w.power(in, "reboot"))
		require.Zero(t, w.calls("server.reboot"))
	})
	require.True(t, mayReboot(1, false))
	require.True(t, mayReboot(2, true), "the attempt before knew that it had not asked")
	require.False(t, mayReboot(2, false), "the worker died, and nobody knows when")
}

// TestWhatTheCustomerMayNotIsToldInThePanelsWords, and asks for no other login.
func TestWhatTheCustomerMayNotIsToldInThePanelsWords(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.poweroff", Effect: panelsim.Error, Type: "access", Count: 1}))
	err := w.power(in, "off")
	simulated.RequireType(t, err, edge.ErrPanelRefused, false)
	require.ErrorContains(t, err, "as "+in.Account.Name)
	require.Equal(t, panelsim.PowerOn, w.Server("1").Power)
}

// TestWhoIsBlockedMeanwhileIsNotWaitedFor: the block has the power, and whoever clicked is told.
func TestWhoIsBlockedMeanwhileIsNotWaitedFor(t *testing.T) {
	for action, function := range map[string]string{"off": "server.poweroff", "reboot": "server.reboot"} {
		w := newWorld(t)
		in := w.rented()
		w.ignore(function)
		time.AfterFunc(100*time.Millisecond, func() {
			_, _ = w.Panel.Administer("1", []byte(`{"blocked": true, "disabled": true}`))
		})
		err := w.power(in, action)
		simulated.RequireType(t, err, edge.ErrNotNow, false)
		require.ErrorContains(t, err, "blocked in the meantime")
	}
}

// TestWhoIsBlockedInThatVeryMomentIsToldSo, and not what the panel says to a customer then.
func TestWhoIsBlockedInThatVeryMomentIsToldSo(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	w.Administer("1", map[string]any{"disabled": true})
	w.Administer("1", map[string]any{"blocked": true})
	err := w.p.refusal(t.Context(), in, w.p.backend.PowerAs(t.Context(), in.Account, "1", dcim.PowerOff))
	simulated.RequireType(t, err, edge.ErrNotNow, false)
}
