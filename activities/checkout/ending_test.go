package checkout

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/internal/simulated"
)

func TestCancelledAndNothingToPayIsLeft(t *testing.T) {
	w := newWorld(t)
	placed := w.place(w.client())
	ref := OrderRef{OrderID: placed.OrderID, InvoiceID: placed.InvoiceID}
	for range 2 { // a lost reply has it repeated
		gone, err := simulated.Run[Cancelled](w, w.c.CancelOrder, ref)
		require.NoError(t, err)
		require.False(t, gone.Paid)
	}
	invoice, err := simulated.Run[Invoice](w, w.c.ReadInvoice, ref)
	require.NoError(t, err)
	require.True(t, invoice.Gone())
	require.Equal(t, "Cancelled", w.Billing.State().Order(placed.OrderID).InvoiceStatus)
}

func TestAPaidOrderIsNotCancelled(t *testing.T) {
	w := newWorld(t)
	placed := w.place(w.client())
	w.pay(placed.OrderID)
	gone, err := simulated.Run[Cancelled](w, w.c.CancelOrder, OrderRef{OrderID: placed.OrderID, InvoiceID: placed.InvoiceID})
	require.NoError(t, err)
	require.True(t, gone.Paid)
	require.NotEqual(t, "Cancelled", w.Billing.State().Order(placed.OrderID).Status)
}

func TestAnOutageIsNoAnswer(t *testing.T) {
	w := newWorld(t)
	w.lose("GetProducts", "http500", 1)
	_, err := simulated.Run[Checked](w, w.c.Check, Question{Request: request()})
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.False(t, app.NonRetryable())
}

// TestMoneyOnACancelledOrder opens it again where the cart itself had cancelled it, and only there.
func TestMoneyOnACancelledOrder(t *testing.T) {
	for _, ours := range []bool{true, false} {
		w := newWorld(t)
		placed := w.place(w.client())
		ref := OrderRef{OrderID: placed.OrderID, InvoiceID: placed.InvoiceID}
		_, err := simulated.Run[Cancelled](w, w.c.CancelOrder, ref)
		require.NoError(t, err)
		w.pay(placed.OrderID)
		ref.Reopen = ours
		gone, err := simulated.Run[Cancelled](w, w.c.CancelOrder, ref)
		require.NoError(t, err)
		require.True(t, gone.Paid)
		require.Equal(t, ours, w.Billing.State().Order(placed.OrderID).Status == "Pending")
	}
}
