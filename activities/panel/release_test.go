package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
	panelsim "metalease/dcim/simulator"
	"metalease/whmcs"
)

func TestAReleaseLeavesAFreeServer(t *testing.T) {
	for _, lost := range []string{"", "server.edit!", "server.disable", "server.poweroff", "iplist.delete", "server.enable"} {
		t.Run("reply lost: "+lost, func(t *testing.T) {
			w := newWorld(t)
			service := w.Order(7)
			b := w.handOver(service)
			b.IPv4 = 2
			_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
			require.NoError(t, err)
			if lost != "" {
				w.Lose(panelsim.CloseAfter, lost, 1)
			}
			for _, step := range []any{w.p.CutOff, w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
				if simulated.Do(w, step, b.Target) != nil {
					require.NoError(t, simulated.Do(w, step, b.Target), "the next attempt goes on")
				}
			}
			require.NoError(t, simulated.Do(w, w.p.ReturnToStock, b.Target), "and a repeat does nothing")
			server := w.Server("1")
			require.Empty(t, server.Owner)
			require.Empty(t, server.Notes)
			require.Equal(t, "free.ds", server.Hostname)
			require.Len(t, server.Addresses, 1)
			require.False(t, server.Disabled)
			require.Equal(t, panelsim.PowerOff, server.Power)
			w.RequireClean()
		})
	}
}

func TestAServerThatDoesNotPowerOffStaysBlocked(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
	w.Administer("1", map[string]any{"fail_power": -1})
	simulated.RequireType(t, simulated.Do(w, w.p.PowerDown, b.Target), edge.ErrNotOff, false)
	require.True(t, w.Server("1").Disabled)
}

func TestAPanelThatRefusesPowerOffOfABlockedServer(t *testing.T) {
	w := newWorld(t, func(c *panelsim.Config) { c.DisabledRefusesPowerOff = true })
	b := w.handOver(w.Order(7))
	require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
	simulated.RequireType(t, simulated.Do(w, w.p.PowerDown, b.Target), edge.ErrNotOff, false)
	require.True(t, w.Server("1").Disabled, "a blocked customer is never back on the network on the way")
}

func TestRestoreGivesTheServerBack(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.handOver(service)
	require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
	require.NoError(t, simulated.Do(w, w.p.PowerDown, b.Target))
	require.NoError(t, simulated.Do(w, w.p.Restore, b))
	server := w.Server("1")
	require.Equal(t, service.Username, server.OwnerName)
	require.Equal(t, panelsim.PowerOn, server.Power)
	require.False(t, server.Disabled)
	require.Equal(t, service.Domain, server.Hostname)
	require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
	b.KeepBlocked = true
	require.NoError(t, simulated.Do(w, w.p.Restore, b))
	require.Equal(t, service.Username, w.Server("1").OwnerName)
	require.True(t, w.Server("1").Disabled, "another reason blocks it")
	w.RequireClean()
}

func TestDetachRemovesTheMarkAndNothingElse(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.handOver(service)
	w.Administer("1", map[string]any{"notes": "rack 4\n" + w.Server("1").Notes})
	require.NoError(t, simulated.Do(w, w.p.Detach, b.Target))
	require.NoError(t, simulated.Do(w, w.p.Detach, b.Target))
	require.Equal(t, "rack 4", w.Server("1").Notes)
	require.Equal(t, service.Username, w.Server("1").OwnerName)
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
			service := w.Order(7)
			w.Administer("1", map[string]any{"operation_failed": true}) // left over from an earlier life
			b := w.build(service, w.claim(service))
			b.IPv4 = 1
			_, err := simulated.Run[Addresses](w, w.p.AssignAddresses, b)
			require.NoError(t, err)
			require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
			account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
			require.NoError(t, err)
			b.Account = account
			_, err = simulated.Run[Addresses](w, w.p.HandOver, b)
			require.NoError(t, err)
			require.NoError(t, simulated.Do(w, w.p.Block, b.Target))
			require.NoError(t, simulated.Do(w, w.p.Unblock, b.Target))
			for _, step := range []any{w.p.CutOff, w.p.PowerDown, w.p.ClearAddresses, w.p.ReturnToStock} {
				require.NoError(t, simulated.Do(w, step, b.Target))
			}
			w.RequireClean()
		})
	}
}

func TestWHMCSFollowsAndIsAskedFirst(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	ref := billing.ServiceRef{ServiceID: service.ID, ClientID: 7}
	require.NoError(t, simulated.Do(w, w.w.Activate, billing.Activation{ServiceRef: ref}))
	require.NoError(t, simulated.Do(w, w.w.Activate, billing.Activation{ServiceRef: ref}), "active already")
	require.Len(t, w.Billing.State().Mails, 1)

	_, err := simulated.Run[billing.Followed](w, w.w.Follow, billing.FollowInput{ServiceRef: ref, Want: "Suspended", Reason: "abuse"})
	require.NoError(t, err)
	require.Equal(t, "Suspended", w.Billing.State().Service(service.ID).Status)
	done, err := simulated.Run[billing.Followed](w, w.w.Follow, billing.FollowInput{ServiceRef: ref, Want: "Suspended", Reason: "abuse"})
	require.NoError(t, err)
	require.Equal(t, billing.Followed{Status: "Suspended", ClientID: 7}, done, "it shows what is true already")
	_, err = simulated.Run[billing.Followed](w, w.w.Follow, billing.FollowInput{ServiceRef: ref, Want: "Fraud"})
	require.ErrorContains(t, err, "cannot be made Fraud", "no module function does it, so nothing may say that it was done")

	view, err := simulated.Run[billing.ExpiryView](w, w.w.ConfirmExpiry, ref)
	require.NoError(t, err)
	require.False(t, view.Release, "the due date is not past")
	_, err = w.Billing.Act(service.ID, "overdue")
	require.NoError(t, err)
	view, err = simulated.Run[billing.ExpiryView](w, w.w.ConfirmExpiry, ref)
	require.NoError(t, err)
	require.True(t, view.Release, view.Why)

	_, err = w.Billing.Act(service.ID, "cancel")
	require.NoError(t, err)
	simulated.RequireType(t, simulated.Do(w, w.w.Activate, billing.Activation{ServiceRef: ref}), edge.ErrNotPending, false)
	shown, err := billing.ViewOrder(t.Context(), w.w.Client, billing.ServiceRef{ServiceID: service.ID, ClientID: 8})
	require.NoError(t, err)
	require.True(t, shown.Ended)
	require.Equal(t, 7, shown.ClientID, "whosever the order said that it is")
}

// TestAnEndedOrderIsCancelledOnlyWhilePending: what WHMCS or its staff have decided is not written over.
func TestAnEndedOrderIsCancelledOnlyWhilePending(t *testing.T) {
	w := newWorld(t)
	for from, want := range map[string]string{"Pending": "Cancelled", "Active": "Active", "Terminated": "Terminated", "Fraud": "Fraud"} {
		service := w.Order(7)
		require.NoError(t, w.w.Client.UpdateService(t.Context(), service.ID, whmcs.ServiceUpdate{Status: new(whmcs.Status(from))}))
		for range 2 {
			_, err := simulated.Run[billing.Followed](w, w.w.Follow, billing.FollowInput{ServiceRef: billing.ServiceRef{ServiceID: service.ID, ClientID: 7}, Want: "Cancelled"})
			require.NoError(t, err)
			require.Equal(t, want, w.Billing.State().Service(service.ID).Status)
		}
	}
}

func TestErrorsOfBothVendorsGetStableTypes(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	ref := billing.ServiceRef{ServiceID: service.ID, ClientID: 7}
	require.NoError(t, w.Billing.Fault(simulated.FaultOf("error", "Authentication Failed")))
	look := LookInput{FindInput: FindInput{ServiceID: service.ID, ClientID: 7}}
	_, err := simulated.Run[Looked](w, w.p.Look, look)
	simulated.RequireType(t, err, edge.ErrWHMCSCredentials, false)
	require.NoError(t, w.Billing.Fault(simulated.FaultOf("garbage", "")))
	_, err = simulated.Run[Looked](w, w.p.Look, look)
	simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
	require.NoError(t, w.Billing.Fault(simulated.FaultOf("close-after", "")))
	err = simulated.Do(w, w.w.Activate, billing.Activation{ServiceRef: ref})
	simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)

	for function, kind := range map[panelsim.Rule]string{
		{Effect: panelsim.Error, Type: "auth"}:   edge.ErrPanelCredentials,
		{Effect: panelsim.Error, Type: "access"}: edge.ErrPanelCredentials,
		{Effect: panelsim.Error, Type: "value"}:  edge.ErrPanelRefused,
		{Effect: panelsim.Error, Type: "db"}:     edge.ErrPanelUnavailable,
		{Effect: panelsim.HTTP500}:               edge.ErrPanelUnavailable,
		{Effect: panelsim.Garbage}:               edge.ErrPanelUnavailable,
		{Effect: panelsim.CloseBefore}:           edge.ErrPanelUnavailable,
	} {
		require.NoError(t, w.Panel.Fault(function))
		_, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID})
		simulated.RequireType(t, err, kind, kind == edge.ErrPanelUnavailable)
		w.Panel.ClearFaults()
	}
	require.Equal(t, whmcs.StatusPending, whmcs.Status(w.Billing.State().Service(service.ID).Status))
}

// TestABrokenServerNeverCountsAsReturned: the panel would not offer it, and nobody would know why.
func TestABrokenServerNeverCountsAsReturned(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	_, err := simulated.Run[Resale](w, w.p.ClearAddresses, target)
	require.NoError(t, err)
	w.Administer(target.ServerID, map[string]any{"hwproblem": true})
	simulated.RequireType(t, simulated.Do(w, w.p.ReturnToStock, target), edge.ErrHardware, false)
	require.Len(t, holding.ParseMarks(w.Server(target.ServerID).Notes), 1)
}

// TestAMarkThatWasRemovedDuringTheReleaseIsSeen: the server would be nobody's, and lost.
func TestAMarkThatWasRemovedDuringTheReleaseIsSeen(t *testing.T) {
	w := newWorld(t)
	target := w.takenBack()
	_, err := simulated.Run[Resale](w, w.p.ClearAddresses, target)
	require.NoError(t, err)
	w.Administer(target.ServerID, map[string]any{"notes": "rack 4"})
	simulated.RequireType(t, simulated.Do(w, w.p.ReturnToStock, target), edge.ErrOwnership, false)
	w.Administer(target.ServerID, map[string]any{"owner": ""})
	require.NoError(t, simulated.Do(w, w.p.ReturnToStock, target), "without an owner it is what the last save leaves")
}
