package panel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"
)

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
