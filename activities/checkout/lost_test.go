package checkout

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
)

// again runs an activity as a cart does: until it has an answer. It tells how often that took.
func again[T any](w *world, activity any, input func(attempt int) any) (result T, attempts int) {
	w.T.Helper()
	for attempts = 1; ; attempts++ {
		result, err := simulated.Run[T](w, activity, input(attempts))
		if err == nil {
			return result, attempts
		}
		simulated.RequireType(w.T, err, edge.ErrWHMCSUnavailable, true)
		require.Less(w.T, attempts, 3, "%v", err)
	}
}

func always(input any) func(int) any { return func(int) any { return input } }

// TestALostReplyOfEachCall of WHMCS that a cart makes on its way to an order and back: there is one client
// and one order, money that came too late is not lost, and nothing is left in the end.
func TestALostReplyOfEachCall(t *testing.T) {
	for _, function := range []string{
		"GetClientsDetails", "GetProducts", "GetCurrencies", "GetPaymentMethods", "GetPromotions", "AddClient", "AddOrder", "GetClientsProducts",
		"GetOrders", "GetInvoice", "CancelOrder", "PendingOrder", "DeleteOrder", "UpdateClient", "GetInvoices", "DeleteClient",
	} {
		for _, effect := range []string{"close-after", "close-before", "garbage", "http500"} {
			t.Run(function+" "+effect, func(t *testing.T) {
				w := newWorld(t)
				w.lose(function, effect, 1)
				r := request(func(r *Request) { r.PromoCode, r.Currency = "WELCOME10", "EUR" })
				total := 0
				count := func(attempts int) { total += attempts - 1 }

				checked, n := again[Checked](w, w.c.Check, always(Question{CartID: "c1abcdef", Request: r}))
				count(n)
				require.Empty(t, checked.Problems)
				known, n := again[Known](w, w.c.EnsureClient, always(NewClient{CartID: "c1abcdef", Client: r.Client, Currency: "EUR"}))
				count(n)
				require.True(t, known.Created)
				placed, n := again[Placed](w, w.c.PlaceOrder, func(attempt int) any {
					return Purchase{CartID: "c1abcdef", Request: r, ClientID: known.ClientID, PaymentMethod: "banktransfer", Currency: "EUR", Again: attempt > 1}
				})
				count(n)
				require.Len(t, placed.Services, 2)
				require.Len(t, w.Billing.State().Orders, 1)
				require.Len(t, w.Billing.State().Clients, 1)

				ref := OrderRef{CartID: "c1abcdef", ClientID: known.ClientID, OrderID: placed.OrderID, InvoiceID: placed.InvoiceID, Currency: "EUR", Reopen: true}
				gone, n := again[Cancelled](w, w.c.CancelOrder, always(ref))
				count(n)
				require.False(t, gone.Paid)
				w.pay(placed.OrderID) // it was on its way
				late, n := again[Cancelled](w, w.c.CancelOrder, always(ref))
				count(n)
				require.True(t, late.Paid)
				require.Equal(t, "Pending", w.Billing.State().Order(placed.OrderID).Status)

				w.invoiceStatus(placed.InvoiceID, "Unpaid") // the bank has taken it back, and the cart has failed
				ref.Delete, ref.Reopen = true, false
				_, n = again[Cancelled](w, w.c.CancelOrder, always(ref))
				count(n)
				for _, closed := range []bool{false, true} {
					left, n := again[Forgotten](w, w.c.ForgetClient, always(Forget{CartID: "c1abcdef", ClientID: known.ClientID, Closed: closed}))
					count(n)
					require.Equal(t, closed, left.LookAgain == 0)
				}
				require.Empty(t, w.Billing.State().Orders)
				require.Empty(t, w.Billing.State().Clients)
				if function == "AddOrder" { // it looks for the order by itself
					require.Zero(t, total)
				} else {
					require.Equal(t, 1, total, "the fault was met")
				}
			})
		}
	}
}
