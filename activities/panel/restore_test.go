package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

// TestAnUndoneReleaseKeepsTheNamesOfTheCustomer: a release names nothing until it deletes addresses.
func TestAnUndoneReleaseKeepsTheNamesOfTheCustomer(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	b.IPv4 = 2
	_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
	require.NoError(t, err)
	have, err := w.p.backend.Addresses(t.Context(), "1")
	require.NoError(t, err)
	names := map[string]string{}
	for i, address := range have { // the customer names the addresses in the panel
		names[address.IP] = []string{"www.customer.example", "mx1.customer.example", "mx2.customer.example"}[i]
		require.NoError(t, w.p.backend.NameAddress(t.Context(), "1", address.ID, names[address.IP]))
	}
	require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
	require.NoError(t, simulated.Do(w, w.p.Restore, b))
	for _, address := range w.Server("1").Addresses {
		require.Equal(t, names[address.IP], address.Domain, "address %s", address.IP)
	}
	w.RequireClean()
}

// TestAnUndoneReleaseGivesThePowerBack: a server that was on comes back on, at the latest when
// nothing blocks it any more; one that the customer had switched off stays off.
func TestAnUndoneReleaseGivesThePowerBack(t *testing.T) {
	for name, c := range map[string]struct {
		before      panelsim.Power
		keepBlocked bool
	}{
		"it was on":                           {panelsim.PowerOn, false},
		"it was on, another reason blocks":    {panelsim.PowerOn, true},
		"it was off":                          {panelsim.PowerOff, false},
		"it was off, and another reason, too": {panelsim.PowerOff, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b := w.handOver(w.Order(7))
			w.Administer("1", map[string]any{"power": c.before})
			require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
			require.NoError(t, simulated.Do(w, w.p.PowerDown, b.Target))
			require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target), "a repeat still knows what was before")
			b.KeepBlocked, b.MayPowerOff = c.keepBlocked, true
			require.NoError(t, simulated.Do(w, w.p.Restore, b))
			require.NoError(t, simulated.Do(w, w.p.Restore, b), "a repeat changes nothing")
			if c.keepBlocked {
				require.True(t, w.Server("1").Disabled)
				require.Equal(t, panelsim.PowerOff, w.Server("1").Power)
				require.NoError(t, simulated.Do(w, w.p.Unblock, b.Target))
			}
			require.False(t, w.Server("1").Disabled)
			require.Equal(t, c.before, w.Server("1").Power)
			require.Equal(t, holding.StateActive, holding.ParseMarks(w.Server("1").Notes)[0].State)
			w.RequireClean()
		})
	}
}

// TestAResetAsksForNoSecondInstall: a run that counts from an earlier point only looks.
func TestAResetAsksForNoSecondInstall(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
	for b.Install = 1; b.Install <= 2; b.Install++ { // the second one by a person's retry
		_, err := simulated.Run[Started](w, w.p.StartInstall, b)
		require.NoError(t, err)
		_, err = simulated.Run[Watched](w, w.p.AwaitInstall, b)
		require.NoError(t, err)
	}
	require.Len(t, w.Panel.State().Installs, 2)
	b.Install = 1
	started, err := simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	require.Equal(t, 2, started.Number, "it says how far the server's mark has counted")
	require.Len(t, w.Panel.State().Installs, 2, "nobody asked for a third install")
}
