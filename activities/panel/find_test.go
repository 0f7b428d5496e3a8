package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/dcim"
	"metalease/whmcs"
)

// TestFindServerLooksAtTheServersOfTheCustomer: after a hand-over no server of the API account
// carries the mark, and a second one would be built.
func TestFindServerLooksAtTheServersOfTheCustomer(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.handOver(service)
	ref := billing.ServiceRef{ServiceID: service.ID, ClientID: 7}
	view, err := billing.ViewOrder(t.Context(), w.w.Client, ref)
	require.NoError(t, err)
	require.Equal(t, []string{service.Username}, view.Accounts)
	for _, thorough := range []bool{false, true} {
		found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID, ClientID: 7, Accounts: view.Accounts, Thorough: thorough})
		require.NoError(t, err)
		require.Equal(t, "1", found.Server.ID)
		require.True(t, found.HandedOver)
		require.Equal(t, b.Account, found.Account)
		require.Equal(t, "active", found.State)
		require.False(t, found.Blocked)
	}

	// Its customer deletes the mark: the remembered server is found by its owner.
	w.Administer("1", map[string]any{"notes": "my notes", "disabled": true})
	in := FindInput{ServiceID: service.ID, ClientID: 7, Accounts: view.Accounts, Thorough: true}
	found, err := simulated.Run[Found](w, w.p.FindServer, in)
	require.NoError(t, err)
	require.Nil(t, found.Server)
	in.Remembered = "1"
	found, err = simulated.Run[Found](w, w.p.FindServer, in)
	require.NoError(t, err)
	require.True(t, found.HandedOver)
	require.Empty(t, found.State)
	require.True(t, found.Blocked, "as the panel shows it now")
}

// TestFindServerTellsWhoElseIsInTheAccount: WHMCS has moved one of two services that share it.
func TestFindServerTellsWhoElseIsInTheAccount(t *testing.T) {
	w := newWorld(t)
	service, other := w.Order(7), w.Order(8)
	b := w.handOver(service)
	for _, s := range []int{service.ID, other.ID} {
		require.NoError(t, w.w.Client.UpdateService(t.Context(), s, whmcs.ServiceUpdate{Username: &b.Account.Name}))
		_, err := w.Billing.Act(s, "create")
		require.NoError(t, err)
	}
	found, err := simulated.Run[Found](w, w.p.FindServer, FindInput{ServiceID: service.ID, ClientID: 7, Accounts: []string{b.Account.Name}, Thorough: true})
	require.NoError(t, err)
	require.Contains(t, found.Shared, "which is client 8's")
}

// TestNothingIsBuiltForAFormerClient: before claim, install and hand-over WHMCS is asked whose the
// service is.
func TestNothingIsBuiltForAFormerClient(t *testing.T) {
	w := newWorld(t)
	service := w.Order(8)
	request := ClaimRequest{ServerID: "1", ServiceID: service.ID, ClientID: 7, Package: "E3-16G"}
	result, err := simulated.Run[ClaimResult](w, w.p.Claim, request)
	require.NoError(t, err)
	require.Equal(t, edge.ErrClient, result.Code)
	require.Empty(t, w.Server("1").Owner)

	b := w.build(service, w.claim(service))
	b.ClientID = 7
	_, err = simulated.Run[Started](w, w.p.StartInstall, b)
	simulated.RequireType(t, err, edge.ErrClient, false)
	_, err = simulated.Run[Addresses](w, w.p.HandOver, b)
	simulated.RequireType(t, err, edge.ErrClient, false)
	require.Contains(t, w.Server("1").Notes, "claimed")
}

// TestACustomersServerIsNotTakenByAStaleRun: whatever a run believes that was reset, the panel shows
// whose the server is, at the write.
func TestACustomersServerIsNotTakenByAStaleRun(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	b := w.handOver(service)
	before := w.Server("1")
	stale := b
	for name, act := range map[string]func(Target) error{
		"quarantine": func(t Target) error {
			return simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: t, Reason: "replaced by a person", FreeAddresses: true})
		},
		"clear":     func(t Target) error { _, err := simulated.Run[Resale](w, w.p.ClearAddresses, t); return err },
		"power off": func(t Target) error { return simulated.Do(w, w.p.PowerDown, t) },
		"install":   func(t Target) error { _, err := simulated.Run[Started](w, w.p.StartInstall, stale); return err },
		"cancel":    func(t Target) error { return simulated.Do(w, w.p.CancelOperation, t) },
		"give back": func(t Target) error { return simulated.Do(w, w.p.ReturnClaim, t) },
		"stock":     func(t Target) error { return simulated.Do(w, w.p.ReturnToStock, t) },
		"power on":  func(t Target) error { stale.Target = t; return simulated.Do(w, w.p.MakeReady, stale) },
	} {
		for _, account := range []dcim.Account{b.Account, {}} {
			target := b.Target
			target.Account = account
			if err := act(target); name != "cancel" && name != "power on" {
				require.Error(t, err, name)
			}
			require.Equal(t, before, w.Server("1"), name)
		}
	}
	w.RequireClean()
}
