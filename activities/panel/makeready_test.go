package panel

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
	panelsim "metalease/dcim/simulator"
)

func TestMakeReady(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.PowerTime, c.FlagDelay = 20*time.Millisecond, 10*time.Millisecond })
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	w.Administer("1", map[string]any{"disabled": true})
	b.Approved = true
	require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
	require.Equal(t, panelsim.PowerOn, w.Server("1").Power)
	require.False(t, w.Server("1").Disabled)

	w.Administer("1", map[string]any{"power": "off", "fail_power": -1})
	simulated.RequireType(t, simulated.Do(w, w.p.MakeReady, b), edge.ErrPower, false)
}

// meddled is a panel where somebody is at work just before an address is named, once.
type meddled struct {
	dcim.Backend
	before func()
}

func (m *meddled) NameAddress(ctx context.Context, serverID, addressID, name string) error {
	if do := m.before; do != nil {
		m.before = nil
		do()
	}
	return m.Backend.NameAddress(ctx, serverID, addressID, name)
}

// TestAServerThatSomebodyElseSwitchesOnIsNamedToo: the panel refuses the name, and the server is on by then.
func TestAServerThatSomebodyElseSwitchesOnIsNamedToo(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	w.Administer("1", map[string]any{"power": "off"})
	require.NoError(t, w.Panel.Fault(panelsim.Rule{Function: "iplist.edit!", Effect: panelsim.Error, Type: "value", Count: 1}))
	w.p.backend = &meddled{w.p.backend, func() { w.Administer("1", map[string]any{"power": "on"}) }}
	require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
	have, err := w.p.backend.Addresses(t.Context(), "1")
	require.NoError(t, err)
	require.Equal(t, b.Hostname, have[0].Domain)
}

// TestMakeReadyLeavesNothingHalfDone: each call of it is lost in turn, before or after it was done, with
// one address and with three. The repeat adds no address twice and names each.
func TestMakeReadyLeavesNothingHalfDone(t *testing.T) {
	for _, extra := range []int{0, 2} {
		for _, function := range []string{"server.edit", "iplist", "iplist.edit!", "server.poweron"} {
			for _, effect := range []panelsim.Effect{panelsim.CloseBefore, panelsim.CloseAfter} {
				w := newWorld(t)
				service := w.Order(7)
				b := w.build(service, w.claim(service))
				b.IPv4 = extra
				w.Lose(effect, function, 1)
				ready, err := simulated.Run[Addresses](w, w.p.MakeReady, b)
				if err != nil {
					simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
					ready, err = simulated.Run[Addresses](w, w.p.MakeReady, b)
				}
				require.NoError(t, err, "%s %s", effect, function)
				require.Len(t, ready.Extra, extra)
				require.False(t, ready.Since.IsZero())
				have, err := w.p.backend.Addresses(t.Context(), b.ServerID)
				require.NoError(t, err)
				require.Len(t, have, 1+extra)
				for _, address := range have {
					require.Equal(t, b.Hostname, address.Domain)
				}
				require.Equal(t, panelsim.PowerOn, w.Server(b.ServerID).Power)
				w.RequireClean()
			}
		}
	}
}
