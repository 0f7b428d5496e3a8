package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
)

// TestWhatTheCustomerRenamesMeanwhileIsDelivered: WHMCS has not taken the addresses, and the server is the
// customer's already. When it is not any more, WHMCS is told nothing of it.
func TestWhatTheCustomerRenamesMeanwhileIsDelivered(t *testing.T) {
	for _, taken := range []bool{false, true} {
		w := newWorld(t)
		w.Attempts()
		service := w.Order(7)
		b := w.build(service, w.claim(service))
		account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
		require.NoError(t, err)
		require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
		b.Account = account
		fault := simulated.FaultOf("close-before", "")
		fault.Function = "UpdateClientProduct"
		require.NoError(t, w.Billing.Fault(fault))
		simulated.RequireType(t, simulated.Do(w, w.p.HandOver, b), edge.ErrWHMCSUnavailable, true)

		w.Administer("1", map[string]any{"hostname": "mine.example.org"})
		if taken {
			w.Administer("1", map[string]any{"owner": "", "notes": ""})
			simulated.RequireType(t, simulated.Do(w, w.p.HandOver, b), edge.ErrOwnership, false)
			require.Empty(t, w.Billing.State().Service(service.ID).DedicatedIP)
			continue
		}
		require.NoError(t, simulated.Do(w, w.p.HandOver, b))
		require.NotEmpty(t, w.Billing.State().Service(service.ID).DedicatedIP)
		require.Equal(t, "mine.example.org", w.Server("1").Hostname)
	}
}

// TestAHandOverOfWhichWHMCSHasNotHeardIsRepeated: the customer has the server; the repeat tells WHMCS,
// and changes nothing in the panel.
func TestAHandOverOfWhichWHMCSHasNotHeardIsRepeated(t *testing.T) {
	for _, effect := range []string{"close-before", "close-after"} {
		w := newWorld(t)
		service := w.Order(7)
		b := w.build(service, w.claim(service))
		account, err := simulated.Run[holding.Account](w, w.p.CreateAccount, NewAccount{service.ID, service.Username})
		require.NoError(t, err)
		require.NoError(t, simulated.Do(w, w.p.MakeReady, b))
		b.Account = account
		fault := simulated.FaultOf(effect, "")
		fault.Function = "UpdateClientProduct"
		require.NoError(t, w.Billing.Fault(fault))
		_, err = simulated.Run[Addresses](w, w.p.HandOver, b)
		simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
		require.True(t, account.Owns(w.Server(b.ServerID).Owner))
		writes := w.writes()

		addresses, err := simulated.Run[Addresses](w, w.p.HandOver, b)
		require.NoError(t, err)
		require.Equal(t, writes, w.writes())
		require.Equal(t, addresses.Main, w.Billing.State().Service(service.ID).DedicatedIP)
		w.RequireClean()
	}
}
