package whmcs_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// What billing and staff do to services of the host, step by step.
func TestTheHostsBilling(t *testing.T) {
	t.Parallel()
	h, client := sampleHost(t, "on")
	w := &world{host: h, products: map[string]int{"server": 1}}
	show := func(id int) string { return h.of(t, id).service(id).Status }
	active := func() (placed, int) {
		order := w.place(t, client, "server")
		w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
		require.Equal(t, "Pending", show(order.ServiceIDs[0]), "it is set up on acceptance")
		w.orderAction(t, order, "accept")
		require.Equal(t, "Active", show(order.ServiceIDs[0]))
		return order, order.ServiceIDs[0]
	}

	t.Run("an override until a date", func(t *testing.T) {
		_, id := active()
		w.edit(t, id, record{"overideautosuspend": 1, "overidesuspenduntil": "2999-01-01"})
		w.overdue(t, id)
		require.Equal(t, "Active", show(id))
		w.edit(t, id, record{"overidesuspenduntil": "2020-01-01"})
		w.ask(t, "cron", record{"daily": true}, nil)
		require.Equal(t, "Suspended", show(id))
	})
	t.Run("only what is overdue is lifted by a payment", func(t *testing.T) {
		_, id := active()
		require.Equal(t, "success", w.press(t, id, "suspend", record{"suspendreason": "abuse"}))
		w.renew(t, id)
		require.Equal(t, "Suspended", show(id))
		require.Equal(t, "success", w.press(t, id, "unsuspend", nil))
		require.Empty(t, h.of(t, id).service(id).SuspendedBy)
	})
	t.Run("cancellation requests", func(t *testing.T) {
		_, now := active()
		_, later := active()
		w.ask(t, "cancel-request", record{"serviceid": now, "type": "Immediate"}, nil)
		w.ask(t, "cancel-request", record{"serviceid": later, "type": "End of Billing Period"}, nil)
		w.ask(t, "cron", record{"daily": true}, nil)
		require.Equal(t, "Cancelled", show(now))
		require.Equal(t, "Active", show(later))
		w.edit(t, later, record{"nextduedate": today()})
		w.ask(t, "cron", record{"daily": true}, nil)
		require.Equal(t, "Cancelled", show(later))
	})
	t.Run("orders end", func(t *testing.T) {
		for action, status := range map[string]string{"cancel": "Cancelled", "fraud": "Fraud", "cancel-refund": "Cancelled"} {
			order, id := active()
			w.orderAction(t, order, action)
			require.Equal(t, status, show(id))
		}
		order, id := active()
		w.orderAction(t, order, "delete")
		require.Empty(t, show(id))
	})
	t.Run("long overdue", func(t *testing.T) {
		_, id := active()
		w.ask(t, "setting", record{"name": "AutoTermination", "value": "on"}, nil)
		w.overdue(t, id)
		require.Equal(t, "Suspended", show(id))
		w.ask(t, "setting", record{"name": "HostClockDays", "value": "60"}, nil)
		w.ask(t, "cron", record{"daily": true}, nil)
		require.Equal(t, "Terminated", show(id))
	})
	t.Run("hooks are heard", func(t *testing.T) {
		log := fmt.Sprint(h.state(t).Activity)
		for _, point := range []string{"AfterShoppingCartCheckout", "OrderPaid", "InvoicePaid", "AcceptOrder", "CancelOrder", "AfterModuleCreate", "AfterCronJob"} {
			require.Contains(t, log, "hook "+point+" ")
		}
	})
	code, answer := h.post(t, "nonsense", record{})
	require.Equal(t, 400, code, string(answer))
}
