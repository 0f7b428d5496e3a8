package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
)

func TestAddressesAreADesiredState(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	b := w.build(service, w.claim(service))
	b.IPv4, b.IPv6 = 2, 1
	w.lose(panelsim.CloseAfter, "iplist.edit!", 1)
	_, err := run[Addresses](w, w.p.AssignAddresses, b)
	requireType(t, err, ErrPanelUnavailable, true)
	addresses, err := run[Addresses](w, w.p.AssignAddresses, b)
	require.NoError(t, err)
	require.Len(t, addresses.Extra, 3, "a lost reply adds none")
	require.Len(t, w.server("1").Addresses, 4)
	for _, a := range w.server("1").Addresses {
		require.Equal(t, service.Domain, a.Domain)
	}
	w.requireClean()
}

func TestAnEmptyPoolIsNamed(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.PoolSize = 1 })
	service := w.order(7)
	b := w.build(service, w.claim(service))
	b.IPv4 = 2
	_, err := run[Addresses](w, w.p.AssignAddresses, b)
	requireType(t, err, ErrAddressPool, false)
}

func TestPowerUp(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.PowerTime, c.FlagDelay = 20*time.Millisecond, 10*time.Millisecond })
	service := w.order(7)
	b := w.build(service, w.claim(service))
	w.administer("1", map[string]any{"disabled": true})
	b.Approved = true
	require.NoError(t, do(w, w.p.PowerUp, b))
	require.Equal(t, panelsim.PowerOn, w.server("1").Power)
	require.False(t, w.server("1").Disabled)

	w.administer("1", map[string]any{"power": "off", "fail_power": -1})
	requireType(t, do(w, w.p.PowerUp, b), ErrPower, false)
}

func TestAnInstallIsAskedForOnce(t *testing.T) {
	for _, lost := range []bool{false, true} {
		w := newWorld(t, func(c *panelsim.Config) { c.InstallTime, c.FlagDelay = 200*time.Millisecond, 20*time.Millisecond })
		service := w.order(7)
		b := w.build(service, w.claim(service))
		if lost {
			w.lose(panelsim.CloseAfter, "server.operations!", 1)
		}
		started, err := run[Started](w, w.p.StartInstall, b)
		require.NoError(t, err)
		require.Equal(t, InstallRunning, started.Progress)
		_, err = run[Started](w, w.p.StartInstall, b)
		require.NoError(t, err, "a repeat only looks")
		watched, err := run[Watched](w, w.p.AwaitInstall, b)
		require.NoError(t, err)
		require.Equal(t, InstallFinished, watched.Progress)
		require.Len(t, w.panel.State().Installs, 1)
		w.requireClean()
	}
}

func TestAnInstallThatWasLostOnItsWayIsNotRepeatedBlindly(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	b := w.build(service, w.claim(service))
	w.lose(panelsim.CloseBefore, "server.operations!", 1)
	_, err := run[Started](w, w.p.StartInstall, b)
	requireType(t, err, ErrInstallUnknown, false)
	require.Empty(t, w.panel.State().Installs)

	b.Install = 2 // a person said retry
	_, err = run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	w.requireClean()
}

func TestAnAcceptedInstallThatNobodySawIsCertain(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 50 * time.Millisecond })
	b := w.build(w.order(7), Target{})
	b.Target = w.claim(w.billing.State().Services[0])
	before := seen{template: b.OSTemplate, accepted: true}
	require.NoError(t, w.p.save(t.Context(), b.Target, Account{}, installingState(1, before)))
	started, err := run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFinished, started.Progress)
	require.Empty(t, w.panel.State().Installs, "it only looked")
}

func TestALostReplyToTheAnnouncementIsNoDoubt(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 100 * time.Millisecond })
	b := w.build(w.order(7), Target{})
	b.Target = w.claim(w.billing.State().Services[0])
	w.lose(panelsim.CloseAfter, "server.edit!", 1)
	_, err := run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	require.Len(t, w.panel.State().Installs, 1)
	w.requireClean()
}

func TestARefusedInstallCanBeAskedForAgain(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 100 * time.Millisecond })
	service := w.order(7)
	b := w.build(service, w.claim(service))
	good := b.OSTemplate
	b.OSTemplate = "ISPsystem__No-such-OS"
	_, err := run[Started](w, w.p.StartInstall, b)
	requireType(t, err, ErrPanelRefused, false)
	b.OSTemplate = good
	_, err = run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
}

func TestAFailedInstallIsSeen(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 50 * time.Millisecond; c.FailInstalls = []string{"1"} })
	service := w.order(7)
	b := w.build(service, w.claim(service))
	_, err := run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	watched, err := run[Watched](w, w.p.AwaitInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFailed, watched.Progress)
	watched, err = run[Watched](w, w.p.InspectInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFailed, watched.Progress)
}

func TestCancelledOrdersAreNotInstalled(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	b := w.build(service, w.claim(service))
	_, err := w.billing.Act(service.ID, "fraud")
	require.NoError(t, err)
	_, err = run[Started](w, w.p.StartInstall, b)
	requireType(t, err, ErrNotPending, false)
	require.Empty(t, w.panel.State().Installs)
}

// Every write proves first that the server is ours: each of these changes by a
// person keeps all of them from happening.
func TestNoWriteWithoutProof(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"the owner changed":      {"owner": "u-other"},
		"the mark was removed":   {"notes": "rack 4"},
		"another service's mark": {"notes": "metalease:main/service-999 active"},
		"two marks":              {"notes": "metalease:main/service-101 active\nmetalease:other/service-1 active"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *panelsim.Config) {
				c.Users = []panelsim.User{{Name: "u-other", Level: 16, Password: "long-enough-1"}}
			})
			service := w.order(7)
			b := w.handOver(service)
			w.administer("1", change)
			before := w.server("1")
			for _, activity := range []any{w.p.Block, w.p.Unblock, w.p.CutOff, w.p.PowerDown, w.p.ReturnClaim, w.p.Detach} {
				err := do(w, activity, b.Target)
				if err != nil {
					requireType(t, err, ErrOwnership, false)
				}
				require.Equal(t, before, w.server("1"))
			}
			b.Hostname = "other.example.com"
			b.IPv4, b.Approved = 3, true // a person's word is no proof
			for _, activity := range []any{w.p.AssignAddresses, w.p.PowerUp, w.p.HandOver, w.p.Restore, w.p.StartInstall} {
				if err := do(w, activity, b); err != nil {
					requireType(t, err, ErrOwnership, false)
				}
				require.Equal(t, before, w.server("1"))
			}
		})
	}
}
