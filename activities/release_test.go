package activities

import (
	"testing"

	"github.com/stretchr/testify/require"

	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
)

func TestAReleaseLeavesAFreeServer(t *testing.T) {
	for _, lost := range []string{"", "server.edit!", "server.disable", "server.poweroff", "iplist.delete", "server.enable"} {
		t.Run("reply lost: "+lost, func(t *testing.T) {
			w := newWorld(t)
			service := w.order(7)
			b := w.handOver(service)
			b.IPv4 = 2
			_, err := run[Addresses](w, w.p.AssignAddresses, b)
			require.NoError(t, err)
			if lost != "" {
				w.lose(panelsim.CloseAfter, lost, 1)
			}
			for _, step := range []any{w.p.CutOff, w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
				if do(w, step, b.Target) != nil {
					require.NoError(t, do(w, step, b.Target), "the next attempt goes on")
				}
			}
			require.NoError(t, do(w, w.p.ReturnToStock, b.Target), "and a repeat does nothing")
			server := w.server("1")
			require.Empty(t, server.Owner)
			require.Empty(t, server.Notes)
			require.Equal(t, "free.ds", server.Hostname)
			require.Len(t, server.Addresses, 1)
			require.False(t, server.Disabled)
			require.Equal(t, panelsim.PowerOff, server.Power)
			w.requireClean()
		})
	}
}

func TestAServerThatDoesNotPowerOffStaysBlocked(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.order(7))
	require.NoError(t, do(w, w.p.CutOff, b.Target))
	w.administer("1", map[string]any{"fail_power": -1})
	requireType(t, do(w, w.p.PowerDown, b.Target), ErrNotOff, false)
	require.True(t, w.server("1").Disabled)
}

func TestAPanelThatRefusesPowerOffOfABlockedServer(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.DisabledRefusesPowerOff = true })
	b := w.handOver(w.order(7))
	require.NoError(t, do(w, w.p.CutOff, b.Target))
	requireType(t, do(w, w.p.PowerDown, b.Target), ErrNotOff, false)
	require.True(t, w.server("1").Disabled, "a blocked customer is never back on the network on the way")
}

func TestRestoreGivesTheServerBack(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	b := w.handOver(service)
	require.NoError(t, do(w, w.p.CutOff, b.Target))
	require.NoError(t, do(w, w.p.PowerDown, b.Target))
	require.NoError(t, do(w, w.p.Restore, b))
	server := w.server("1")
	require.Equal(t, service.Username, server.OwnerName)
	require.Equal(t, panelsim.PowerOn, server.Power)
	require.False(t, server.Disabled)
	require.Equal(t, service.Domain, server.Hostname)
	require.NoError(t, do(w, w.p.CutOff, b.Target))
	b.KeepBlocked = true
	require.NoError(t, do(w, w.p.Restore, b))
	require.Equal(t, service.Username, w.server("1").OwnerName)
	require.True(t, w.server("1").Disabled, "another reason blocks it")
	w.requireClean()
}

func TestDetachRemovesTheMarkAndNothingElse(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	b := w.handOver(service)
	w.administer("1", map[string]any{"notes": "rack 4\n" + w.server("1").Notes})
	require.NoError(t, do(w, w.p.Detach, b.Target))
	require.NoError(t, do(w, w.p.Detach, b.Target))
	require.Equal(t, "rack 4", w.server("1").Notes)
	require.Equal(t, service.Username, w.server("1").OwnerName)
}

// The same panel with each unconfirmed behaviour the other way round.
func TestTheWholeLifeOnOtherPanels(t *testing.T) {
	for name, change := range map[string]func(*panelsim.Config){
		"owners by name":       func(c *panelsim.Config) { c.OwnerAsName, c.FormOwnerAsName = true, true },
		"empty flags":          func(c *panelsim.Config) { c.EmptyFlags = true },
		"disabled flag only":   func(c *panelsim.Config) { c.DisabledFlagOnly = true },
		"disabled refuses all": func(c *panelsim.Config) { c.DisabledRefusesInstall, c.DisabledRefusesPowerOn = true, true },
		"template on accept":   func(c *panelsim.Config) { c.TemplateOnAccept, c.ClearFailureOnAccept = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, change)
			service := w.order(7)
			w.administer("1", map[string]any{"operation_failed": true}) // left over from an earlier life
			b := w.build(service, w.claim(service))
			b.IPv4 = 1
			_, err := run[Addresses](w, w.p.AssignAddresses, b)
			require.NoError(t, err)
			require.NoError(t, do(w, w.p.PowerUp, b))
			account, err := run[Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
			require.NoError(t, err)
			b.Account = account
			_, err = run[Addresses](w, w.p.HandOver, b)
			require.NoError(t, err)
			require.NoError(t, do(w, w.p.Block, b.Target))
			require.NoError(t, do(w, w.p.Unblock, b.Target))
			for _, step := range []any{w.p.CutOff, w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
				require.NoError(t, do(w, step, b.Target))
			}
			w.requireClean()
		})
	}
}

func TestWHMCSFollowsAndIsAskedFirst(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	ref := ServiceRef{service.ID, 7}
	require.NoError(t, do(w, w.w.Activate, ref))
	require.NoError(t, do(w, w.w.Activate, ref), "active already")
	require.Len(t, w.billing.State().Mails, 1)

	_, err := run[string](w, w.w.Follow, FollowInput{ref, "Suspended", "abuse"})
	require.NoError(t, err)
	require.Equal(t, "Suspended", w.billing.State().Service(service.ID).Status)
	done, err := run[string](w, w.w.Follow, FollowInput{ref, "Suspended", "abuse"})
	require.NoError(t, err)
	require.Empty(t, done, "it shows what is true already")

	view, err := run[ExpiryView](w, w.w.ConfirmExpiry, ref)
	require.NoError(t, err)
	require.False(t, view.Release, "the due date is not past")
	_, err = w.billing.Act(service.ID, "overdue")
	require.NoError(t, err)
	view, err = run[ExpiryView](w, w.w.ConfirmExpiry, ref)
	require.NoError(t, err)
	require.True(t, view.Release, view.Why)

	_, err = w.billing.Act(service.ID, "cancel")
	require.NoError(t, err)
	requireType(t, do(w, w.w.Activate, ref), ErrNotPending, false)
	_, err = run[OrderView](w, w.w.CheckOrder, ServiceRef{service.ID, 8})
	requireType(t, err, ErrBadOrder, false)
}

func TestErrorsOfBothVendorsGetStableTypes(t *testing.T) {
	w := newWorld(t)
	service := w.order(7)
	ref := ServiceRef{service.ID, 7}
	require.NoError(t, w.billing.Fault(faultOf("error", "Authentication Failed")))
	_, err := run[OrderView](w, w.w.CheckOrder, ref)
	requireType(t, err, ErrWHMCSCredentials, false)
	require.NoError(t, w.billing.Fault(faultOf("garbage", "")))
	_, err = run[OrderView](w, w.w.CheckOrder, ref)
	requireType(t, err, ErrWHMCSUnavailable, true)
	require.NoError(t, w.billing.Fault(faultOf("close-after", "")))
	err = do(w, w.w.Activate, ref)
	requireType(t, err, ErrWHMCSUnavailable, true)

	for function, kind := range map[panelsim.Rule]string{
		{Effect: panelsim.Error, Type: "auth"}:   ErrPanelCredentials,
		{Effect: panelsim.Error, Type: "access"}: ErrPanelCredentials,
		{Effect: panelsim.Error, Type: "value"}:  ErrPanelRefused,
		{Effect: panelsim.Error, Type: "db"}:     ErrPanelUnavailable,
		{Effect: panelsim.HTTP500}:               ErrPanelUnavailable,
		{Effect: panelsim.Garbage}:               ErrPanelUnavailable,
		{Effect: panelsim.CloseBefore}:           ErrPanelUnavailable,
	} {
		require.NoError(t, w.panel.Fault(function))
		_, err := run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID})
		requireType(t, err, kind, kind == ErrPanelUnavailable)
		w.panel.ClearFaults()
	}
	require.Equal(t, whmcs.StatusPending, whmcs.Status(w.billing.State().Service(service.ID).Status))
}

// TestABrokenServerNeverCountsAsReturned: the panel would not offer it, and nobody would know why.
func TestABrokenServerNeverCountsAsReturned(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	_, err := run[Resale](w, w.p.ClearAddresses, target)
	require.NoError(t, err)
	w.administer(target.ServerID, map[string]any{"hwproblem": true})
	requireType(t, do(w, w.p.ReturnToStock, target), ErrHardware, false)
	require.Len(t, parseMarks(w.server(target.ServerID).Notes), 1)
}

// TestAMarkThatWasRemovedDuringTheReleaseIsSeen: the server would be nobody's, and lost.
func TestAMarkThatWasRemovedDuringTheReleaseIsSeen(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	_, err := run[Resale](w, w.p.ClearAddresses, target)
	require.NoError(t, err)
	w.administer(target.ServerID, map[string]any{"notes": "rack 4"})
	requireType(t, do(w, w.p.ReturnToStock, target), ErrOwnership, false)
	w.administer(target.ServerID, map[string]any{"owner": ""})
	require.NoError(t, do(w, w.p.ReturnToStock, target), "without an owner it is what the last save leaves")
}
