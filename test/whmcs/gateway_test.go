package whmcs_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/workflows/api"
)

// Each step of a life meets a gateway that is dead. Nothing is lost, no page
// breaks, and what staff press again does no harm.
func theGatewayIsKilledAtEveryStep(t *testing.T, w *world) {
	client := w.client(t)
	var order placed
	var server panelServer

	w.withoutGateway(t, func() {
		order = w.place(t, client, "autosetup", "server")
		w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
		w.ask(t, "cron", record{}, nil)
		for _, id := range order.ServiceIDs {
			require.Equal(t, "Pending", w.of(t, id).service(id).Status)
		}
		require.Len(t, w.of(t, order.ServiceIDs[0]).queueOf(order.ServiceIDs[0]), 1, "autosetup has failed")
		w.pagesOpen(t, client, order.ServiceIDs[1])
	})
	id, other := order.ServiceIDs[1], order.ServiceIDs[0]
	_, known := w.status(t, id)
	require.False(t, known)
	w.ask(t, "cron", record{}, nil)
	w.awaitStatus(t, id, "installing", func(s api.Status) bool { return s.Step == api.StepInstall && s.Install != nil })
	w.withoutGateway(t, func() { // the install ends meanwhile: ModuleCreate meets a module without a gateway
		require.True(t, eventually(func() bool { return w.failedCreate(t, id) }), "ModuleCreate was not tried")
		require.Equal(t, "Pending", w.of(t, id).service(id).Status)
	})
	for _, service := range order.ServiceIDs {
		server = w.requireDelivered(t, service)
		w.requireInstalledOnce(t, service)
	}
	w.retryAll(t, id, other)

	server = w.panel(t).server(id)
	w.withoutGateway(t, func() {
		w.overdue(t, id)
		require.Equal(t, "Active", w.of(t, id).service(id).Status, "nothing was suspended, and WHMCS does not say so")
		require.Contains(t, actions(w.of(t, id).queueOf(id)), "SuspendAccount")
	})
	w.retryAll(t, id)
	w.awaitShown(t, id, "Suspended")
	w.requireBlocked(t, server.ID, true)

	w.edit(t, id, record{"nextduedate": today()})
	w.withoutGateway(t, func() {
		w.renew(t, id)
		require.Equal(t, "Suspended", w.of(t, id).service(id).Status)
		require.Contains(t, actions(w.of(t, id).queueOf(id)), "UnsuspendAccount")
	})
	w.retryAll(t, id)
	w.awaitShown(t, id, "Active")
	w.requireBlocked(t, server.ID, false)

	w.withoutGateway(t, func() {
		w.ask(t, "cancel-request", record{"serviceid": id, "type": "Immediate", "reason": "x"}, nil)
		w.ask(t, "cron", record{"daily": true}, nil)
		require.Equal(t, "Active", w.of(t, id).service(id).Status)
		require.Contains(t, actions(w.of(t, id).queueOf(id)), "TerminateAccount")
	})
	w.retryAll(t, id)
	w.awaitShown(t, id, "Terminated")
	w.requireFree(t, id, server.ID)
	require.Equal(t, 1, w.of(t, id).mailsOf(id))
	w.requireInstalledOnce(t, id)
}

// A gateway that takes connections and never answers keeps no payment waiting: the
// payment provider behind the callback would give up and send it again.
func aGatewayThatHangs(t *testing.T, w *world) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // the kernel accepts, and nobody reads
	require.NoError(t, err)
	defer func() { _ = silent.Close() }()
	var entry struct{ ID int }
	w.ask(t, "server", record{"name": "Silent", "type": "metalease", "hostname": "127.0.0.1", "port": silent.Addr().(*net.TCPAddr).Port,
		"username": stack.Panel, "password": stack.GatewaySecret}, &entry)
	id := w.order(t, w.client(t), "unwatched")
	w.requireDelivered(t, id)
	w.edit(t, id, record{"domainstatus": "Suspended", "suspendreason": "Overdue on Payment", "server": entry.ID})
	begun := time.Now()
	w.renew(t, id)
	require.Less(t, time.Since(begun), 7*time.Second, "5 s, and WHMCS's own work")
	require.Equal(t, "Suspended", w.of(t, id).service(id).Status)
	require.Contains(t, actions(w.of(t, id).queueOf(id)), "UnsuspendAccount")

	order := w.place(t, w.client(t), "server", "server")
	for _, service := range order.ServiceIDs {
		w.edit(t, service, record{"server": entry.ID})
	}
	begun = time.Now()
	w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
	require.Less(t, time.Since(begun), 7*time.Second)
	for _, service := range append(order.ServiceIDs, id) {
		w.edit(t, service, record{"server": w.entry})
	}
	require.True(t, eventually(func() bool { return len(w.retry(t, id)) == 0 }), "the rows are pressed again")
	w.ask(t, "cron", record{}, nil)
	for _, service := range order.ServiceIDs {
		w.requireDelivered(t, service)
	}
}

// An order that is cancelled, or a service that is deleted, while the gateway is
// dead is ended by the cron.
func whatEndsWithoutAGateway(t *testing.T, w *world) {
	cancelled, deleted := w.place(t, w.client(t), "server"), w.place(t, w.client(t), "server")
	held := map[int]string{}
	for _, order := range []placed{cancelled, deleted} {
		w.ask(t, "pay", record{"invoiceid": order.InvoiceID}, nil)
		id := order.ServiceIDs[0]
		held[id] = w.awaitStatus(t, id, "installing", func(s api.Status) bool { return s.Step == api.StepInstall && s.Server != nil }).Server.ID
	}
	w.withoutGateway(t, func() {
		w.orderAction(t, cancelled, "cancel")
		w.ask(t, "delete", record{"serviceid": deleted.ServiceIDs[0]}, nil)
	})
	w.ask(t, "cron", record{}, nil)
	for id, server := range held {
		w.awaitPhase(t, id, api.PhaseReleased)
		w.requireFree(t, id, server)
		require.Zero(t, w.of(t, id).mailsOf(id))
	}
}

// withoutGateway kills the gateway, lets something happen, and starts it again.
func (w *world) withoutGateway(t *testing.T, happens func()) {
	t.Helper()
	w.Gateway.Kill()
	happens()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, w.AwaitGateway(ctx))
}

// failedCreate tells whether the worker has asked WHMCS to create the service and
// the module has refused.
func (w *world) failedCreate(t *testing.T, id int) bool {
	t.Helper()
	for _, call := range w.of(t, id).Calls {
		if call.Function == "CreateAccount" && call.ServiceID == id && call.Result != "success" {
			return true
		}
	}
	return false
}

// pagesOpen checks that a dead gateway breaks no page and keeps nobody waiting.
func (w *world) pagesOpen(t *testing.T, client, id int) {
	t.Helper()
	begun := time.Now()
	w.requirePage(t, w.login(t, client), clientPage(id))
	w.requirePage(t, w.login(t, 0), adminPage(id))
	require.Less(t, time.Since(begun), 15*time.Second)
}

// retryAll presses Retry twice on every open row of the module queue: the second
// time on what has failed again only.
func (w *world) retryAll(t *testing.T, ids ...int) {
	t.Helper()
	for _, id := range ids {
		before := w.of(t, id).mailsOf(id)
		for range 2 {
			w.retry(t, id)
		}
		require.Equal(t, before, w.of(t, id).mailsOf(id), "no second mail")
	}
}

// retry presses Retry on every open row of a service and returns what failed again.
func (w *world) retry(t *testing.T, id int) (failures []string) {
	t.Helper()
	for _, row := range w.of(t, id).queueOf(id) {
		var answer struct{ Result string }
		w.ask(t, "queue/retry", record{"id": row.ID}, &answer)
		if answer.Result != "success" {
			failures = append(failures, row.Action+": "+answer.Result)
		}
	}
	return failures
}

func actions(rows []queueRow) (names []string) {
	for _, row := range rows {
		names = append(names, row.Action)
	}
	return names
}
