package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
		"blocked": {map[string]any{"blocked": true, "disabled": true}, ErrBlockedByHand,
			func(t *testing.T, s panelsim.Server) { require.False(t, s.Blocked || s.Disabled) }},
		"renamed": {map[string]any{"hostname": "kept.example.org"}, ErrRenamedByHand,
			func(t *testing.T, s panelsim.Server) { require.NotEqual(t, "kept.example.org", s.Hostname) }},
		"an address deleted": {map[string]any{"delete_ip": "second"}, ErrAddressesByHand,
			func(t *testing.T, s panelsim.Server) { require.Len(t, s.Addresses, 2) }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			service := w.order(7)
			b := w.build(service, w.claim(service))
			b.IPv4 = 1
			addresses, err := run[Addresses](w, w.p.AssignAddresses, b)
			require.NoError(t, err)
			b.Named = b.Hostname
			if c.change["delete_ip"] != nil {
				c.change["delete_ip"] = addresses.Extra[0]
			}
			b.Account, err = run[Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
			require.NoError(t, err)
			w.administer("1", c.change)
			w.look()
			before := w.server("1")

			requireType(t, do(w, w.p.HandOver, b), c.want, false)
			if c.want != ErrAddressesByHand {
				requireType(t, do(w, w.p.AssignAddresses, b), c.want, false)
				requireType(t, do(w, w.p.StartInstall, b), c.want, false)
				requireType(t, do(w, w.p.PowerUp, b), c.want, false)
			}
			require.Equal(t, before, w.server("1"))

			b.Approved = true
			require.NoError(t, do(w, w.p.HandOver, b))
			c.fixed(t, w.server("1"))
			w.requireClean()
		})
	}
}

func TestAServerThatBreaksDuringItsBuildIsNotInstalled(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	b := w.build(service, w.claim(service))
	w.administer("1", map[string]any{"hwproblem": true})
	requireType(t, do(w, w.p.PowerUp, b), ErrHardware, false)
	requireType(t, do(w, w.p.StartInstall, b), ErrHardware, false)
	require.Empty(t, w.panel.State().Installs)
}

func TestABlockTellsWhetherSomebodyWasFaster(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.order(7))
	blocked, err := run[Blocked](w, w.p.Block, b.Target)
	require.NoError(t, err)
	require.False(t, blocked.ByHand)
	require.NoError(t, do(w, w.p.Unblock, b.Target))

	w.administer(b.ServerID, map[string]any{"blocked": true, "disabled": true})
	blocked, err = run[Blocked](w, w.p.Block, b.Target)
	require.NoError(t, err)
	require.True(t, blocked.ByHand)
}

// look has the shared list read again, as time passing would.
func (w *world) look() {
	w.t.Helper()
	_, err := run[Survey](w, w.p.Survey, SurveyInput{})
	require.NoError(w.t, err)
	require.Eventually(w.t, func() bool {
		_, err := w.p.glance(w.t.Context(), "1")
		return err == nil
	}, time.Second, time.Millisecond)
}
