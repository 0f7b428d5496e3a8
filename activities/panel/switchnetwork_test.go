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
	"metalease/internal/duration"
)

func (w *world) network(in tenant.Server, on bool) ([]tenant.Port, error) {
	return simulated.Run[[]tenant.Port](w, w.p.SwitchNetwork, tenant.Network{Server: in, On: on})
}

// openPorts are the switch ports of server 1, by whether they are open.
func (w *world) openPorts() map[string]bool {
	open := map[string]bool{}
	for _, c := range w.Server("1").Connections {
		if c.Type == dcim.PortSwitch {
			open[c.ID] = c.On
		}
	}
	return open
}

func ports(c *panelsim.Config) {
	c.SwitchNames, c.SecondPorts, c.FlagDelay = true, 2, 20*time.Millisecond
}

func TestEverySwitchPortIsSwitchedAndReadBack(t *testing.T) {
	w := newWorld(t, ports)
	in := w.rented()
	for _, on := range []bool{false, true} {
		answer, err := w.network(in, on)
		require.NoError(t, err)
		require.Len(t, answer, 3)
		for _, port := range answer {
			require.Equal(t, tenant.Port{Switch: port.Switch, Port: port.Port, State: openWord(on)}, port)
			require.NotEmpty(t, port.Port)
			require.NotEmpty(t, port.Switch)
		}
		for id, open := range w.openPorts() {
			require.Equal(t, on, open, id)
		}
	}
	require.Equal(t, 6, w.calls("server.connection.on")+w.calls("server.connection.off"), "each once, and nothing but switches")
	w.RequireClean()
}

// TestAPortThatFailsStopsNoOther: what became of each is told.
func TestAPortThatFailsStopsNoOther(t *testing.T) {
	w := newWorld(t, ports)
	in := w.rented()
	first := w.Server("1").Connections[0]
	require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.connection.off", Element: first.ID, Effect: panelsim.Error, Type: "value"}))
	answer, err := w.network(in, false)
	require.NoError(t, err)
	require.Len(t, answer, 3)
	require.Equal(t, first.Port, answer[0].Port)
	require.Contains(t, answer[0].Problem, "Simulated error")
	require.Empty(t, answer[0].State, "what it is nobody knows")
	for _, port := range answer[1:] {
		require.Equal(t, "off", port.State)
		require.Empty(t, port.Problem)
	}
	for id, open := range w.openPorts() {
		require.Equal(t, id == first.ID, open)
	}
	w.RequireClean()
}

// TestALostReplyToAPortIsAskedForAgain: the others are not kept waiting, and it is too late for none.
func TestALostReplyToAPortIsAskedForAgain(t *testing.T) {
	for _, effect := range []panelsim.Effect{panelsim.CloseBefore, panelsim.CloseAfter} {
		w := newWorld(t, ports)
		w.Attempts()
		in := w.rented()
		w.Lose(effect, "server.connection.off", 1)
		_, err := w.network(in, false)
		simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
		require.Equal(t, 3, w.calls("server.connection.off"), "the others were asked for")
		in.Until = time.Now().Add(-time.Second)
		answer, err := w.network(in, false)
		require.NoError(t, err, "what is begun is ended")
		require.Len(t, answer, 3)
		for _, open := range w.openPorts() {
			require.False(t, open)
		}
		w.RequireClean()
	}
}

// TestAPortThatStaysBusyIsTold, and the wait for it ends.
func TestAPortThatStaysBusyIsTold(t *testing.T) {
	w := newWorld(t, ports, func(c *panelsim.Config) { c.FlagDelay = 500 * time.Millisecond })
	in := w.rented()
	w.p.ReleaseTimeout = 50 * time.Millisecond
	answer, err := w.network(in, false)
	require.NoError(t, err)
	for _, port := range answer {
		require.Equal(t, "the panel is still switching it", port.Problem)
		require.Empty(t, port.State)
	}
}

// TestNoPortIsOpenedOfAServerThatIsBlockedMeanwhile.
func TestNoPortIsOpenedOfAServerThatIsBlockedMeanwhile(t *testing.T) {
	w := newWorld(t, ports)
	in := w.rented()
	_, err := w.network(in, false)
	require.NoError(t, err)
	first := w.Server("1").Connections[0]
	require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "server.connection.on", Element: first.ID, Effect: panelsim.Slow, Delay: duration.Duration(100 * time.Millisecond)}))
	time.AfterFunc(20*time.Millisecond, func() {
		_, _ = w.Panel.Administer("1", []byte(`{"blocked": true, "disabled": true}`))
	})
	_, err = w.network(in, true)
	simulated.RequireType(t, err, edge.ErrNotNow, false)
	for _, open := range w.openPorts() {
		require.False(t, open)
	}
	w.RequireClean()
}

func TestAServerWithoutSwitchPortsSaysSo(t *testing.T) {
	w := newWorld(t)
	in := w.rented()
	_, err := w.p.switchPorts(t.Context(), tenant.Network{Server: in}, []dcim.Port{{ID: "1", Type: dcim.PortIPMI}})
	simulated.RequireType(t, err, edge.ErrNotNow, false)
	require.ErrorContains(t, err, "no switch port")
}
