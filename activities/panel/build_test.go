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

func TestAddressesAreADesiredState(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	b.IPv4, b.IPv6 = 2, 1
	w.Lose(panelsim.CloseAfter, "iplist.edit!", 1)
	_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
	simulated.RequireType(t, err, edge.ErrPanelUnavailable, true)
	addresses, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
	require.NoError(t, err)
	require.Len(t, addresses.Extra, 3, "a lost reply adds none")
	require.Len(t, w.Server("1").Addresses, 4)
	for _, a := range w.Server("1").Addresses {
		require.Equal(t, service.Domain, a.Domain)
	}
	w.RequireClean()
}

func TestAnEmptyPoolIsNamed(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.PoolSize = 1 })
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	b.IPv4 = 2
	_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
	simulated.RequireType(t, err, edge.ErrAddressPool, false)
}

func TestAnInstallIsAskedForOnce(t *testing.T) {
	for _, lost := range []bool{false, true} {
		w := newWorld(t, func(c *panelsim.Config) { c.InstallTime, c.FlagDelay = 200*time.Millisecond, 20*time.Millisecond })
		service := w.Order(7)
		b := w.build(service, w.claim(service))
		if lost {
			w.Lose(panelsim.CloseAfter, "server.operations!", 1)
		}
		started, err := simulated.Run[Started](w, w.p.StartInstall, b)
		require.NoError(t, err)
		require.Equal(t, InstallRunning, started.Progress)
		_, err = simulated.Run[Started](w, w.p.StartInstall, b)
		require.NoError(t, err, "a repeat only looks")
		watched, err := simulated.Run[Watched](w, w.p.AwaitInstall, b)
		require.NoError(t, err)
		require.Equal(t, InstallFinished, watched.Progress)
		require.Len(t, w.Panel.State().Installs, 1)
		w.RequireClean()
	}
}

// TestAnInstallThatWasLostOnItsWayIsAskedForOnceMore: where the panel shows after the settle time
// that nothing has begun.
func TestAnInstallThatWasLostOnItsWayIsAskedForOnceMore(t *testing.T) {
	for _, effect := range []panelsim.Effect{panelsim.CloseBefore, panelsim.HTTP500} {
		for lost, installs := range map[int]int{1: 1, 2: 0} {
			w := newWorld(t)
			service := w.Order(7)
			b := w.build(service, w.claim(service))
			w.Lose(effect, "server.operations!", lost)
			_, err := simulated.Run[Started](w, w.p.StartInstall, b)
			require.Len(t, w.Panel.State().Installs, installs)
			if lost == 1 {
				require.NoError(t, err)
				continue
			}
			simulated.RequireType(t, err, edge.ErrInstallUnknown, false)
			_, err = simulated.Run[Started](w, w.p.StartInstall, b)
			simulated.RequireType(t, err, edge.ErrInstallUnknown, false)
			require.Empty(t, w.Panel.State().Installs, "once more, and not again by another attempt")
			b.Install = 2 // a person said retry
			_, err = simulated.Run[Started](w, w.p.StartInstall, b)
			require.NoError(t, err)
			w.RequireClean()
		}
	}
}

// TestWithoutAProofNoInstallIsAskedForAgain: one that has begun and ended would look the same.
func TestWithoutAProofNoInstallIsAskedForAgain(t *testing.T) {
	for name, was := range map[string]map[string]any{
		"the ordered template before": {"template": "ISPsystem__Debian-12-x86_64"},
		"a failed operation before":   {"operation_failed": true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			service := w.Order(7)
			b := w.build(service, w.claim(service))
			w.Administer("1", was)
			w.look()
			w.Lose(panelsim.CloseBefore, "server.operations!", 1)
			_, err := simulated.Run[Started](w, w.p.StartInstall, b)
			simulated.RequireType(t, err, edge.ErrInstallUnknown, false)
			require.Empty(t, w.Panel.State().Installs)
		})
	}
}

// TestAnOrderThatIsCancelledMeanwhileIsNotAskedForAgain: everything is looked at anew.
func TestAnOrderThatIsCancelledMeanwhileIsNotAskedForAgain(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	w.Lose(panelsim.CloseBefore, "server.operations!", 1)
	time.AfterFunc(w.p.Settle/2, func() { _, _ = w.Billing.Act(service.ID, "cancel") })
	_, err := simulated.Run[Started](w, w.p.StartInstall, b)
	simulated.RequireType(t, err, edge.ErrNotPending, false)
	require.Empty(t, w.Panel.State().Installs)
}

// TestWhatWasSeenOutlivesTheAttempt: at each look something fails, and the settle time is over all
// the same. So does the knowledge that nothing was sent.
func TestWhatWasSeenOutlivesTheAttempt(t *testing.T) {
	w := newWorld(t)
	w.Attempts()
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	w.state(b.Target, installingState(1, seen{template: "X", accepted: true}))
	w.Administer("1", map[string]any{"template": b.OSTemplate})
	w.Env.SetHeartbeatDetails(map[string]any{idleKey: time.Now().Add(-w.p.Settle)})
	began := time.Now()
	started, err := simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFinished, started.Progress)
	require.Less(t, time.Since(began), w.p.Settle, "it was waited out by the attempt before")

	w = newWorld(t)
	service = w.Order(7)
	b = w.build(service, w.claim(service))
	w.state(b.Target, installingState(1, seen{template: "X", again: true}))
	w.Env.SetHeartbeatDetails(map[string]any{unsentKey: unsent{Install: 1, Attempt: 0}})
	_, err = simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err, "the attempt before had announced it, and asked for nothing")
	require.Len(t, w.Panel.State().Installs, 1)
}

func TestAnAcceptedInstallThatNobodySawIsCertain(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 50 * time.Millisecond })
	b := w.build(w.Order(7), Target{})
	b.Target = w.claim(w.Billing.State().Services[0])
	before := seen{template: b.OSTemplate, accepted: true}
	w.state(b.Target, installingState(1, before))
	started, err := simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFinished, started.Progress)
	require.Empty(t, w.Panel.State().Installs, "it only looked")
}

// TestTheMarkSaysAcceptedWhereNothingElseTells: a panel that shows the install at once needs no word in
// the mark, unless its end would look like no install at all.
func TestTheMarkSaysAcceptedWhereNothingElseTells(t *testing.T) {
	for name, c := range map[string]struct {
		late, same, says bool
	}{"shown at once": {}, "shown late": {late: true, says: true}, "the same template as before": {same: true, says: true}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(c *panelsim.Config) { c.InstallTime, c.FlagDelay = time.Minute, time.Nanosecond })
			if c.late {
				w = newWorld(t, func(c *panelsim.Config) { c.InstallTime, c.FlagDelay = time.Minute, 1800*time.Millisecond })
				w.p.Settle = 2 * time.Second // it is said after half of it
			}
			service := w.Order(7)
			b := w.build(service, w.claim(service))
			if c.same {
				w.Administer("1", map[string]any{"template": b.OSTemplate})
			}
			started, err := simulated.Run[Started](w, w.p.StartInstall, b)
			require.NoError(t, err)
			require.Equal(t, InstallRunning, started.Progress)
			asked, number := askedInstall(holding.ParseMarks(w.Server("1").Notes)[0])
			require.Equal(t, 1, number)
			require.Equal(t, c.says, asked.accepted)
		})
	}
}

func TestALostReplyToTheAnnouncementIsNoDoubt(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 100 * time.Millisecond })
	b := w.build(w.Order(7), Target{})
	b.Target = w.claim(w.Billing.State().Services[0])
	w.Lose(panelsim.CloseAfter, "server.edit!", 1)
	_, err := simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	require.Len(t, w.Panel.State().Installs, 1)
	w.RequireClean()
}

func TestARefusedInstallCanBeAskedForAgain(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 100 * time.Millisecond })
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	good := b.OSTemplate
	b.OSTemplate = "ISPsystem__No-such-OS"
	_, err := simulated.Run[Started](w, w.p.StartInstall, b)
	simulated.RequireType(t, err, edge.ErrPanelRefused, false)
	b.OSTemplate = good
	_, err = simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
}

func TestAFailedInstallIsSeen(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.InstallTime = 50 * time.Millisecond; c.FailInstalls = []string{"1"} })
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	_, err := simulated.Run[Started](w, w.p.StartInstall, b)
	require.NoError(t, err)
	watched, err := simulated.Run[Watched](w, w.p.AwaitInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFailed, watched.Progress)
	watched, err = simulated.Run[Watched](w, w.p.InspectInstall, b)
	require.NoError(t, err)
	require.Equal(t, InstallFailed, watched.Progress)
}

func TestCancelledOrdersAreNotInstalled(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.build(service, w.claim(service))
	_, err := w.Billing.Act(service.ID, "fraud")
	require.NoError(t, err)
	_, err = simulated.Run[Started](w, w.p.StartInstall, b)
	simulated.RequireType(t, err, edge.ErrNotPending, false)
	require.Empty(t, w.Panel.State().Installs)
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
			service := w.Order(7)
			b := w.handOver(service)
			w.Administer("1", change)
			before := w.Server("1")
			reversible := []any{w.p.Block, w.p.Unblock, w.p.CutOff}
			if name == "the mark was removed" {
				reversible = nil // these need id and owner only
			}
			for _, activity := range append(reversible, w.p.PowerDown, w.p.ReturnClaim, w.p.Detach, w.p.ClearAddresses, w.p.ReturnToStock) {
				err := simulated.Do(w, activity, b.Target)
				if err != nil {
					simulated.RequireType(t, err, edge.ErrOwnership, false)
				}
				require.Equal(t, before, w.Server("1"))
			}
			b.Hostname = "other.example.com"
			b.IPv4, b.Approved = 3, true // a person's word is no proof
			for _, activity := range []any{w.p.AssignAddresses, w.p.MakeReady, w.p.HandOver, w.p.Restore, w.p.StartInstall} {
				if err := simulated.Do(w, activity, b); err != nil {
					simulated.RequireType(t, err, edge.ErrOwnership, false)
				}
				require.Equal(t, before, w.Server("1"))
			}
		})
	}
}
