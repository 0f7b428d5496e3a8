package cart

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/checkout"
	"metalease/activities/edge"
	"metalease/workflows/api/shop"
)

// TestAClientWhoseReplyWasLost is looked for when the cart is given up: WHMCS may have made it.
func TestAClientWhoseReplyWasLost(t *testing.T) {
	w := newWorld(t)
	w.lostClient = temporal.NewApplicationError("the reply was lost", edge.ErrWHMCSUnavailable)
	w.at(time.Minute, func() { w.SignalWorkflow(shop.SignalCancel, "left") })
	require.Equal(t, shop.StateCancelled, w.run(start()).State)
	require.Equal(t, []checkout.Forget{{CartID: cartID, Email: "a@example.com"}}, w.forgotten)
	require.Zero(t, w.order)
}

// TestAClientIsRemovedWhenWHMCSHasEnded: it is closed first, and looked at again after as long as WHMCS may
// be at work. The shop knows before.
func TestAClientIsRemovedWhenWHMCSHasEnded(t *testing.T) {
	w := newWorld(t)
	w.lookAgain = checkout.Duration(30 * time.Second)
	w.refusal, w.none = []checkout.Fault{{Field: "payment_method", Reason: "is switched off"}}, true
	w.at(20*time.Second, func() {
		require.Equal(t, shop.StateFailed, w.cart().State)
		w.SignalWorkflow(shop.SignalCancel, "left")
	})
	require.Equal(t, shop.StateFailed, w.run(start()).State)
	require.Equal(t, []checkout.Forget{
		{CartID: cartID, ClientID: 7, Email: "a@example.com"}, {CartID: cartID, ClientID: 7, Email: "a@example.com", Closed: true},
	}, w.forgotten)
	require.Equal(t, 30*time.Second, w.lookedAt.Sub(w.closedAt))
}

// TestAClientThatWasThereIsNotLookedFor when the cart fails.
func TestAClientThatWasThereIsNotLookedFor(t *testing.T) {
	w := newWorld(t)
	w.checked.ClientID = 44
	w.refusal = []checkout.Fault{{Field: "items", Reason: "WHMCS has taken 1 of 2 servers"}}
	require.Equal(t, shop.StateFailed, w.run(start()).State)
	require.Empty(t, w.forgotten)
}

// TestAClientThatWentMeanwhile was another cart's, which came to nothing: this cart makes its own.
func TestAClientThatWentMeanwhile(t *testing.T) {
	w := newWorld(t)
	w.checked.ClientID, w.goneOnce = 44, true
	w.at(time.Minute, func() {
		cart := w.cart()
		require.Equal(t, shop.StateOpen, cart.State)
		require.Equal(t, 7, cart.ClientID)
		require.True(t, cart.SignIn)
		require.False(t, w.again, "what was ordered went with the client")
	})
	w.run(start())
}

// TestWhatWHMCSDoesNotSellIsToldWithItsField, and an order that it has taken all the same is undone.
func TestWhatWHMCSDoesNotSellIsToldWithItsField(t *testing.T) {
	w := newWorld(t)
	w.refusal = []checkout.Fault{{Field: "items[0].expect_price", Reason: "WHMCS asks 53.60 EUR"}}
	cart := w.run(start())
	require.Equal(t, shop.StateFailed, cart.State)
	require.Equal(t, w.refusal, cart.Problems)
	require.Equal(t, 1, w.freed)
	require.True(t, w.cancelled)
	require.Len(t, w.forgotten, 1)
}

// TestARefusalThatLeftNoOrder is not looked for in WHMCS: the removal of the client begins at once, and the buyer may
// come again.
func TestARefusalThatLeftNoOrder(t *testing.T) {
	w := newWorld(t)
	w.refusal, w.none = []checkout.Fault{{Field: "payment_method", Reason: "is switched off"}}, true
	require.Equal(t, shop.StateFailed, w.run(start()).State)
	require.False(t, w.cancelled)
	require.Len(t, w.forgotten, 1)
}

// TestWhatTheInvoiceShowsIsTold: the shop's price was another.
func TestWhatTheInvoiceShowsIsTold(t *testing.T) {
	w := newWorld(t)
	w.notes = []checkout.Fault{{Field: "items[0].expect_price", Reason: "WHMCS asks 53.60 EUR"}}
	w.at(time.Minute, func() {
		require.Equal(t, shop.StateOpen, w.cart().State)
		require.Equal(t, w.notes, w.cart().Problems)
	})
	w.run(start())
}

// TestAClosedClientIsNotForgotten: a right is missing until somebody gives it back, and the client could order nothing.
func TestAClosedClientIsNotForgotten(t *testing.T) {
	w := newWorld(t)
	w.lookAgain, w.refused = checkout.Duration(30*time.Second), 2
	w.refusal, w.none = []checkout.Fault{{Field: "payment_method", Reason: "is switched off"}}, true
	require.Equal(t, shop.StateFailed, w.run(start()).State)
	require.Len(t, w.forgotten, 4)
	require.Equal(t, 30*time.Second+2*time.Hour, w.lookedAt.Sub(w.closedAt))
}
