package panel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
)

// TestWhatPeopleChangeDuringABuildIsNotOverwritten: each change is an error of its own, and
// nothing is written over it until a person says so.
func TestWhatPeopleChangeDuringABuildIsNotOverwritten(t *testing.T) {
	for name, c := range map[string]struct {
		change map[string]any
		want   string
		// fixed tells what the server looks like after a person's retry.
		fixed func(t *testing.T, s panelsim.Server)
	}{
		"blocked": {map[string]any{"blocked": true, "disabled": true}, edge.ErrBlockedByHand,
			func(t *testing.T, s panelsim.Server) { require.False(t, s.Blocked || s.Disabled) }},
		"renamed": {map[string]any{"hostname": "kept.example.org"}, edge.ErrRenamedByHand,
			func(t *testing.T, s panelsim.Server) { require.NotEqual(t, "kept.example.org", s.Hostname) }},
		"an address deleted": {map[string]any{"delete_ip": "second"}, edge.ErrAddressesByHand,
			func(t *testing.T, s panelsim.Server) { require.Len(t, s.Addresses, 2) }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			service := w.Order(7)
			b := w.build(service, w.claim(service))
			b.IPv4 = 1
			addresses, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
			require.NoError(t, err)
			b.Named = b.Hostname
			if c.change["delete_ip"] != nil {
				c.change["delete_ip"] = addresses.Extra[0]
			}
			b.Account, err = simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
			require.NoError(t, err)
			w.Administer("1", c.change)
			w.look()
			before := w.Server("1")

			simulated.RequireType(t, simulated.Do(w, w.p.HandOver, b), c.want, false)
			if c.want != edge.ErrAddressesByHand {
				simulated.RequireType(t, simulated.Do(w, w.p.AssignAddresses, b), c.want, false)
				simulated.RequireType(t, simulated.Do(w, w.p.StartInstall, b), c.want, false)
				simulated.RequireType(t, simulated.Do(w, w.p.MakeReady, b), c.want, false)
			}
			require.Equal(t, before, w.Server("1"))

			b.Approved = true
			require.NoError(t, simulated.Do(w, w.p.HandOver, b))
			c.fixed(t, w.Server("1"))
			w.RequireClean()
		})
	}
}

func TestAServerThatBreaksDuringItsBuildIsNotInstalled(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	w.Administer("1", map[string]any{"hwproblem": true})
	simulated.RequireType(t, simulated.Do(w, w.p.MakeReady, b), edge.ErrHardware, false)
	simulated.RequireType(t, simulated.Do(w, w.p.StartInstall, b), edge.ErrHardware, false)
	require.Empty(t, w.Panel.State().Installs)
}

func TestABlockTellsWhetherSomebodyWasFaster(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	blocked, err := simulated.Run[Blocked](w, w.p.Block, b.Target)
	require.NoError(t, err)
	require.False(t, blocked.ByHand)
	require.NoError(t, simulated.Do(w, w.p.Unblock, b.Target))

	w.Administer(b.ServerID, map[string]any{"blocked": true, "disabled": true})
	blocked, err = simulated.Run[Blocked](w, w.p.Block, b.Target)
	require.NoError(t, err)
	require.True(t, blocked.ByHand)
}

// look has the shared list read again, as time passing would.
func (w *world) look() {
	w.T.Helper()
	_, err := simulated.Run[Survey](w, w.p.Survey, SurveyInput{})
	require.NoError(w.T, err)
	require.Eventually(w.T, func() bool {
		_, err := w.p.cached(w.T.Context(), "1")
		return err == nil
	}, time.Second, time.Millisecond)
}
