package checkout

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/internal/simulated"
	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// invoiceStatus sets the status of an invoice, as an administrator or a gateway does.
func (w *world) invoiceStatus(invoice int, status string) {
	w.T.Helper()
	form := url.Values{
		"action": {"UpdateInvoice"}, "invoiceid": {fmt.Sprint(invoice)}, "status": {status},
		"identifier": {"identifier"}, "secret": {"secret"}, "responsetype": {"json"},
	}
	r := httptest.NewRequest(http.MethodPost, "/includes/api.php", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer := httptest.NewRecorder()
	w.Billing.ServeHTTP(answer, r)
	require.Contains(w.T, answer.Body.String(), `"success"`)
}

// TestAPaymentOnItsWayStaysInWHMCS: a bank that has confirmed a transfer brings the money days later.
func TestAPaymentOnItsWayStaysInWHMCS(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	placed := w.place(client)
	w.invoiceStatus(placed.InvoiceID, "Payment Pending")
	gone, err := simulated.Run[Cancelled](w, w.c.CancelOrder, OrderRef{CartID: "c1abcdef", ClientID: client, Delete: true})
	require.NoError(t, err)
	require.True(t, gone.Pending)
	require.False(t, gone.Paid)
	require.Equal(t, []any{placed.OrderID, placed.InvoiceID, placed.Services}, []any{gone.OrderID, gone.InvoiceID, gone.Services})
	order := w.Billing.State().Order(placed.OrderID)
	require.Equal(t, "Pending", order.Status)
	require.Equal(t, "Payment Pending", order.InvoiceStatus)
}

// TestAnOrderThatAnEarlierRunAskedFor is looked for with patience, for WHMCS may still be at work on it.
func TestAnOrderThatAnEarlierRunAskedFor(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	require.NoError(t, w.Billing.Fault(simulator.Fault{Function: "AddOrder", Effect: "slow", DelayMS: 300, Count: 1}))
	w.c.Settle = 5 * time.Second
	first := make(chan error, 1)
	go func() {
		_, err := w.c.Client.AddOrder(t.Context(), whmcs.NewOrder{
			ClientID: client, PaymentMethod: "banktransfer", Mark: mark("c1abcdef"), Items: []whmcs.NewItem{{ProductID: 1, Cycle: "monthly"}, {ProductID: 1, Cycle: "monthly"}},
		})
		first <- err
	}()
	require.Eventually(t, func() bool { return w.Billing.State().Counters["AddOrder"].Requests == 1 }, 5*time.Second, time.Millisecond)
	placed, err := simulated.Run[Placed](w, w.c.PlaceOrder, Purchase{CartID: "c1abcdef", Shop: "web", Request: request(), ClientID: client, PaymentMethod: "banktransfer", Again: true})
	require.NoError(t, err)
	require.NoError(t, <-first)
	require.Len(t, w.Billing.State().Orders, 1)
	require.Len(t, placed.Services, 2)
}

// TestProblemsAreBounded: the cart remembers them, and a list of choices may have any length.
func TestProblemsAreBounded(t *testing.T) {
	var f faults
	for i := range 1000 {
		f.add(true, fmt.Sprint(i, strings.Repeat("<", 9999)), "must be one of %s", strings.Repeat("<", 9999))
	}
	written, err := json.Marshal(f.list)
	require.NoError(t, err)
	require.Less(t, len(written), 100<<10)
}
