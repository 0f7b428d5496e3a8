package checkout

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/internal/simulated"
)

// reprice has staff change the price of product 1, of which the list knows nothing.
func (w *world) reprice(monthly string) {
	w.T.Helper()
	w.control("/_sim/products/1", `{"prices":{"EUR":{"monthly":"`+monthly+`"},"USD":{"monthly":"`+monthly+`"}}}`)
}

// buyAt is an order of a shop that has shown this price.
func (w *world) buyAt(shop, price string, change ...func(*Request)) Placed {
	w.T.Helper()
	r := request(append(change, func(r *Request) { r.Items[0].ExpectPrice = price })...)
	placed, err := simulated.Run[Placed](w, w.c.PlaceOrder, Purchase{
		CartID: "c1abcdef", Shop: shop, Request: r, ClientID: w.client(), PaymentMethod: "banktransfer", Currency: "EUR",
	})
	require.NoError(w.T, err)
	return placed
}

// old and differs: two servers at 45.00 with two addresses of 1.80 each; and the price went up since.
const old = "48.60"

var differs = []Fault{{"items[0].expect_price", "WHMCS asks 53.60 EUR"}}

// TestAStrictShopAsksWHMCSAnew before it orders: the check was by a list that may be a minute old.
func TestAStrictShopAsksWHMCSAnew(t *testing.T) {
	w, seen := newWorld(t), map[string]int{}
	require.Empty(t, w.buyAt("strict", old).Problems)
	w.c.Fresh = 0
	w.reprice("50.00")
	w.calls(seen)
	require.Equal(t, differs, w.buyAt("strict", old).Problems)
	require.Zero(t, w.calls(seen)["AddOrder"], "nothing was ordered")
	require.Empty(t, w.buyAt("strict", "53.60").Problems)
}

// TestTheInvoiceIsTheTruth: where the price changes at the last moment, a strict shop's order is undone and
// another shop is shown the difference.
func TestTheInvoiceIsTheTruth(t *testing.T) {
	w := newWorld(t)
	w.check(request())
	w.reprice("50.00")
	require.False(t, w.c.List.Doubt(time.Hour), "the list is young, and wrong")
	refused := w.buyAt("strict", old)
	require.Equal(t, differs, refused.Problems)
	require.Len(t, w.Billing.State().Orders, 1)
	_, err := simulated.Run[Cancelled](w, w.c.CancelOrder, OrderRef{CartID: "c1abcdef", ClientID: w.client(), Delete: true})
	require.NoError(t, err)
	require.Empty(t, w.Billing.State().Orders, "as the cart does when it fails")

	shown := w.buyAt("web", old)
	require.Empty(t, shown.Problems)
	require.Equal(t, differs, shown.Notes)
	require.Equal(t, "107.20", shown.Total)
}

// TestWhatAPromotionTakesOffIsNoDifference: it is a line of its own on the invoice.
func TestWhatAPromotionTakesOffIsNoDifference(t *testing.T) {
	w := newWorld(t)
	placed := w.buyAt("strict", old, func(r *Request) { r.PromoCode = "WELCOME10" })
	require.Empty(t, placed.Problems)
	require.Equal(t, "87.48", placed.Total)
}
