package e2e

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
	"metalease/workflows/api/shop"
)

// TestACartThatFailsLeavesNothing: WHMCS makes the client and loses the reply, and then takes no order. The
// same buyer may come again at once, and waits for the end of the first client.
func TestACartThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	s := newStore(t, "hold: 5m", "--servers", "1")
	fault := func(fields map[string]any) {
		require.NoError(t, s.AskWHMCS(s.ctx, http.MethodPost, "/_sim/faults", []map[string]any{fields}, nil))
	}
	refuses := map[string]any{"function": "AddOrder", "effect": "error", "message": "No items added to cart so order cannot proceed", "count": 1}
	fault(map[string]any{"function": "AddClient", "effect": "close-after", "count": 1})
	fault(refuses)
	require.Equal(t, http.StatusUnprocessableEntity, s.ask(http.MethodPost, "/v1/carts?wait=20s", "key-1", cartOf("ada", 1), nil))
	require.True(t, s.eventually(func() bool { return len(s.whmcs().Clients) == 0 }), "%+v", s.whmcs().Clients)
	require.Empty(t, s.whmcs().Orders)

	fault(refuses)
	require.Equal(t, http.StatusUnprocessableEntity, s.ask(http.MethodPost, "/v1/carts?wait=20s", "key-2", cartOf("ada", 1), nil))
	var cart shop.Cart
	require.Equal(t, http.StatusCreated, s.ask(http.MethodPost, "/v1/carts?wait=20s", "key-3", cartOf("ada", 1), &cart))
	require.True(t, s.eventually(func() bool { return s.cart(cart.ID).State == shop.StateOpen }), "%+v", s.cart(cart.ID))
	require.Len(t, s.whmcs().Orders, 1)
	require.Len(t, s.whmcs().Clients, 1)
	s.pay(s.cart(cart.ID))
	s.awaitPhase(s.cart(cart.ID).Services[0].ServiceID, api.PhaseActive)
	require.Equal(t, "Active", s.whmcs().Clients[0].Status)
}
