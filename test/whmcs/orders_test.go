package whmcs_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

func today() string { return time.Now().UTC().Format(time.DateOnly) }

// Both services of an order are built, on two servers of one account.
func twoServicesInOneOrder(t *testing.T, w *world) {
	order := w.place(t, w.client(t), "server", "unwatched")
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	first, second := w.requireDelivered(t, order.ServiceIDs[0]), w.requireDelivered(t, order.ServiceIDs[1])
	require.NotEqual(t, first.ID, second.ID)
	require.Equal(t, first.Owner, second.Owner)
	state := w.state(t)
	require.Equal(t, state.service(order.ServiceIDs[0]).Username, state.service(order.ServiceIDs[1]).Username)
}

// A later order of the client goes to the account of the first.
func aSecondOrder(t *testing.T, w *world) {
	client := w.client(t)
	first := w.order(t, client, "unwatched")
	server := w.requireDelivered(t, first)
	second := w.order(t, client, "unwatched")
	require.Equal(t, server.Owner, w.requireDelivered(t, second).Owner)
	state := w.state(t)
	require.Equal(t, state.service(first).Username, state.service(second).Username)
}

// An order that is cancelled while its server is built gives it back.
func cancelledWhileBuilding(t *testing.T, w *world) {
	order := w.place(t, w.client(t), "server")
	id := order.ServiceIDs[0]
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	status := w.awaitStatus(t, id, "installing", func(s api.Status) bool { return s.Step == api.StepInstall && s.Install != nil })
	w.orderAction(t, order, "cancel")
	w.awaitPhase(t, id, api.PhaseReleased)
	w.requireFree(t, id, status.Server.ID)
	state := w.state(t)
	require.Equal(t, "Cancelled", state.service(id).Status)
	require.Zero(t, state.mailsOf(id))
}

// With "Start on" acceptance a payment alone starts nothing.
func startedOnAcceptance(t *testing.T, w *world) {
	order := w.place(t, w.client(t), "accepted")
	id := order.ServiceIDs[0]
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	w.ask(t, "cron", record{}, nil)
	_, known := w.status(t, id)
	require.False(t, known)
	w.orderAction(t, order, "accept")
	w.requireDelivered(t, id)
}

// With "Start on" create the button starts it, says so, and is a question after that.
func startedByTheButton(t *testing.T, w *world) {
	order := w.place(t, w.client(t), "by hand")
	id := order.ServiceIDs[0]
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	w.orderAction(t, order, "accept")
	_, known := w.status(t, id)
	require.False(t, known)
	answer := w.press(t, id, "create", nil)
	require.NotEqual(t, "success", answer, "it is not ready")
	w.awaitStatus(t, id, "installing", func(s api.Status) bool { return s.Step == api.StepInstall })
	require.NotEqual(t, "success", w.press(t, id, "create", nil))
	w.requireDelivered(t, id)
	require.Contains(t, w.press(t, id, "create", nil), "already created")
	require.Equal(t, 1, w.of(t, id).mailsOf(id))
}

// An order without anything to pay starts when it is accepted.
func anOrderThatCostsNothing(t *testing.T, w *world) {
	var order placed
	w.ask(t, "order", record{"clientid": w.client(t), "items": []record{{"pid": w.products["unwatched"], "price": "0.00", "cycle": "Free Account"}}}, &order)
	require.Zero(t, order.InvoiceID)
	w.ask(t, "cron", record{}, nil)
	_, known := w.status(t, order.ServiceIDs[0])
	require.False(t, known)
	w.orderAction(t, order, "accept")
	w.requireDelivered(t, order.ServiceIDs[0])
}

// A payment that WHMCS reports twice, an acceptance after it and the cron are one start.
func eventsComeTwice(t *testing.T, w *world) {
	order := w.place(t, w.client(t), "server")
	id := order.ServiceIDs[0]
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	for range 2 {
		w.ask(t, "hook", record{"point": "OrderPaid", "vars": record{"orderId": order.OrderID, "userId": 0, "invoiceId": order.InvoiceID}}, nil)
		w.ask(t, "hook", record{"point": "InvoicePaid", "vars": record{"invoiceid": order.InvoiceID}}, nil)
		w.ask(t, "cron", record{}, nil)
	}
	w.orderAction(t, order, "accept")
	w.requireDelivered(t, id)
	w.requireInstalledOnce(t, id)
	w.ask(t, "hook", record{"point": "OrderPaid", "vars": record{"orderId": order.OrderID, "userId": 0, "invoiceId": order.InvoiceID}}, nil)
	w.ask(t, "cron", record{}, nil)
	require.Equal(t, 1, w.of(t, id).mailsOf(id))
	w.requireInstalledOnce(t, id)
}

func (w *world) requireInstalledOnce(t *testing.T, id int) {
	t.Helper()
	require.Equal(t, 1, w.installs(t, id))
}

// installs counts what the panel has begun to install for a service.
func (w *world) installs(t *testing.T, id int) (installs int) {
	t.Helper()
	for _, install := range w.panel(t).Installs {
		if strings.Contains(install.Mark, fmt.Sprintf("service-%d ", id)) || strings.HasSuffix(install.Mark, fmt.Sprintf("service-%d", id)) {
			installs++
		}
	}
	return installs
}

// With autosetup the payment runs CreateAccount, which is too early: the row of the
// module queue is completed by the module, and pressing Retry does no harm.
func autosetup(t *testing.T, w *world) {
	order := w.place(t, w.client(t), "autosetup")
	id := order.ServiceIDs[0]
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	rows := w.of(t, id).queueOf(id)
	require.Len(t, rows, 1)
	require.Equal(t, "CreateAccount", rows[0].Action)
	w.ask(t, "queue/retry", record{"id": rows[0].ID}, nil)
	require.Equal(t, "Pending", w.of(t, id).service(id).Status)
	w.requireDelivered(t, id)
	w.requireInstalledOnce(t, id)
	require.True(t, eventually(func() bool {
		w.ask(t, "cron", record{}, nil)
		return len(w.of(t, id).queueOf(id)) == 0
	}), "the row of the module queue is left open")
}

// After hand-over a refund or a fraud order is a matter for people.
func fraudAndRefund(t *testing.T, w *world) {
	refunded, fraud := w.place(t, w.client(t), "unwatched"), w.place(t, w.client(t), "unwatched")
	var servers []panelServer
	for _, order := range []placed{refunded, fraud} {
		w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
		servers = append(servers, w.requireDelivered(t, order.ServiceIDs[0]))
	}
	w.ask(t, "refund", record{"invoiceid": refunded.InvoiceID}, nil)
	w.orderAction(t, fraud, "fraud")
	for i, order := range []placed{refunded, fraud} {
		id := order.ServiceIDs[0]
		require.True(t, eventually(func() bool {
			state := w.state(t)
			return mentions(state.Activity, id) || mentions(state.Notifications, id) || mentions(state.Tickets, id)
		}), "nobody is told")
		require.NotEmpty(t, w.panel(t).byID(servers[i].ID).Owner, "and nothing is taken away")
		require.Equal(t, "on", w.panel(t).byID(servers[i].ID).Power)
	}
}

// mentions tells whether a record of metalease names the service.
func mentions(records []record, id int) bool {
	for _, r := range records {
		text := fmt.Sprint(r)
		if strings.Contains(text, "metalease") && strings.Contains(text, fmt.Sprint(id)) {
			return true
		}
	}
	return false
}

// A package that no server has stays Pending, and both pages and the button say why.
func nothingThatCanBeSold(t *testing.T, w *world) {
	client := w.client(t)
	id := w.order(t, client, "impossible")
	status := w.awaitStatus(t, id, "attention or waiting", func(s api.Status) bool {
		return s.Phase == api.PhaseAttention || s.Phase == api.PhaseWaiting
	})
	require.NotEqual(t, "success", w.press(t, id, "create", nil))
	require.Equal(t, "Pending", w.of(t, id).service(id).Status)
	require.Contains(t, w.requirePage(t, w.login(t, 0), adminPage(id)), string(status.Phase))
	w.requirePage(t, w.login(t, client), clientPage(id))
	w.insist(t, id, "terminate", nil)
	w.awaitPhase(t, id, api.PhaseReleased)
}

// A server that staff named before the set-up is the one, or there is an error.
func aNamedServer(t *testing.T, w *world) {
	wanted := w.panel(t).Servers[len(w.panel(t).Servers)-1].ID
	good, bad := w.place(t, w.client(t), "unwatched"), w.place(t, w.client(t), "unwatched")
	for order, name := range map[*placed]string{&good: wanted, &bad: "987654"} {
		id := order.ServiceIDs[0]
		require.Contains(t, w.requirePage(t, w.login(t, 0), adminPage(id)), "metalease_server_id")
		w.ask(t, "save", record{"serviceid": id, "request": record{"metalease_server_id": name}}, nil)
		w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	}
	require.Equal(t, wanted, w.requireDelivered(t, good.ServiceIDs[0]).ID)
	status := w.awaitPhase(t, bad.ServiceIDs[0], api.PhaseAttention)
	require.Contains(t, status.Attention.Message, "987654")
	require.Contains(t, w.press(t, bad.ServiceIDs[0], "create", nil), "987654", "the button says it too")

	id := bad.ServiceIDs[0]
	begun, over := fmt.Sprintf("Service %d needs attention", id), fmt.Sprintf("Service %d goes on", id)
	require.True(t, eventually(func() bool { return w.notifications(t, begun) == 1 }), "somebody is told")
	w.ask(t, "save", record{"serviceid": id, "request": record{"metalease_server_id": ""}}, nil)
	w.insist(t, id, "retry", nil)
	w.requireDelivered(t, id)
	require.True(t, eventually(func() bool { return w.notifications(t, over) == 1 }), "and that it is over")
	require.Equal(t, 1, w.notifications(t, begun), "once for one cause")
}

// notifications counts those whose title begins with a text.
func (w *world) notifications(t *testing.T, title string) (found int) {
	t.Helper()
	for _, notification := range w.state(t).Notifications {
		if strings.HasPrefix(fmt.Sprint(notification["title"]), title) {
			found++
		}
	}
	return found
}

// What was ordered before the module came may have been built by hand: it is named
// to staff once, and not started.
func anOrderOfAnotherAge(t *testing.T, w *world) {
	order := w.place(t, w.client(t), "unwatched")
	id := order.ServiceIDs[0]
	w.ask(t, "edit", record{"table": "tblorders", "id": order.OrderID, "columns": record{"date": "2020-01-01 00:00:00"}}, nil)
	w.ask(t, "edit", record{"table": "tblinvoices", "id": order.InvoiceID, "columns": record{"status": "Paid", "datepaid": "2020-01-01 00:00:00"}}, nil)
	for range 2 {
		w.ask(t, "cron", record{}, nil)
	}
	_, known := w.status(t, id)
	require.False(t, known)
	named := 0
	for _, line := range w.state(t).Activity {
		if strings.Contains(fmt.Sprint(line["description"]), fmt.Sprintf("starter start --service %d ", id)) {
			named++
		}
	}
	require.Equal(t, 1, named)
	require.NotEqual(t, "success", w.press(t, id, "create", nil), "staff may start it")
	w.requireDelivered(t, id)
}

// The page makes the button that destroys ask first; WHMCS follows the release.
func releasedByStaff(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "unwatched")
	server := w.requireDelivered(t, id)
	require.Contains(t, w.requirePage(t, w.login(t, 0), adminPage(id)), "Release the server now?")
	w.insist(t, id, "releasenow", nil)
	w.requireFree(t, id, server.ID)
	w.awaitShown(t, id, "Terminated")
}
