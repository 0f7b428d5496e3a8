package server

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	panelsim "metalease/dcim/simulator"
	"metalease/internal/control"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// pay places a paid order that nobody has started yet.
func (h *host) pay() (service int) {
	h.t.Helper()
	placed, err := h.billing.PlaceOrder(billingsim.Order{ClientID: 7})
	require.NoError(h.t, err)
	return placed.Services[0].ServiceID
}

// startSold does what `starter start --service N` does.
func (h *host) startSold(service int) error {
	h.t.Helper()
	sold, err := h.SoldOrder(h.t.Context(), service)
	require.NoError(h.t, err)
	require.True(h.t, sold.Due)
	_, err = h.StartSold(h.t.Context(), sold)
	return err
}

// TestAPaidOrderWhoseWorkflowWasTerminatedGoesOn at its old place: who paid later waits behind
// it. Everything that the order says comes from WHMCS.
func TestAPaidOrderWhoseWorkflowWasTerminatedGoesOn(t *testing.T) {
	h := newHost(t, func(c *panelsim.Config) { c.Servers = 1; c.InstallTime = time.Hour })
	holder := h.order()
	taken := h.reaches(holder, api.PhasePending, api.StepInstall).Server.ID
	first := h.pay()
	require.NoError(t, h.startSold(first))
	h.reaches(first, api.PhaseWaiting, "")
	paidAt := h.reaches(first, api.PhaseWaiting, "").Order.PaidAt
	second := h.pay()
	require.NoError(t, h.startSold(second))
	h.reaches(second, api.PhaseWaiting, "")
	require.Empty(t, h.compare(), "who waits is no drift")

	require.NoError(t, h.Client.TerminateWorkflow(t.Context(), api.ServiceWorkflowID(first), "", "by hand"))
	id := fmt.Sprintf("unstarted-%d", first)
	require.Contains(t, h.finds(id, drift.RemedyStart).What, "its lifecycle has ended (terminated)")
	h.repairs(id)
	again := h.reaches(first, api.PhaseWaiting, "")
	require.Equal(t, paidAt, again.Order.PaidAt, "its old place in the queue")
	require.Empty(t, h.compare())

	h.set(holder, whmcs.StatusCancelled)
	_, err := h.Signal(t.Context(), holder, api.SignalTerminate, api.Event{EventID: "end"}, time.Second)
	require.NoError(t, err)
	h.reaches(first, api.PhasePending, api.StepInstall)
	require.Equal(t, taken, h.reaches(first, api.PhasePending, api.StepInstall).Server.ID)
	h.reaches(second, api.PhaseWaiting, "")
	require.Empty(t, h.panel.Violations())
}

// TestStartWithTheServiceAlone: what vanished from Temporal, or was never there, is started with
// all that WHMCS says of it.
func TestStartWithTheServiceAlone(t *testing.T) {
	h := newHost(t)
	h.eventually(func() bool {
		_, err := h.CompareNow(t.Context(), "fra1", func(control.Comparison) {})
		return err == nil
	}, "the worker compares")
	service := h.pay()
	h.finds(fmt.Sprintf("unstarted-%d", service), drift.RemedyStart)
	require.NoError(t, h.startSold(service))
	order := h.reaches(service, api.PhasePending, api.StepHandOver).Order
	row := h.billing.State().Service(service)
	require.Equal(t, []any{"fra1", "E3-16G", row.Domain, row.ClientID, row.OrderID}, []any{order.Panel, order.Package, order.Domain, order.ClientID, order.OrderID})
	require.NoError(t, h.startSold(service), "the same order twice is one")

	h.set(service, whmcs.StatusActive)
	h.reaches(service, api.PhaseActive, "")
	var refused *control.Refused
	require.ErrorAs(t, h.startSold(service), &refused)
	require.ErrorContains(t, refused, "WHMCS shows service")

	_, err := h.SoldOrder(t.Context(), 4711)
	require.ErrorContains(t, err, "WHMCS has no service 4711")
}

// TestADeliveredServiceThatWHMCSShowsPendingIsRepaired without a second welcome mail.
func TestADeliveredServiceThatWHMCSShowsPendingIsRepaired(t *testing.T) {
	h := newHost(t)
	service, server := h.serve()
	mails := len(h.billing.State().MailsOf(service))
	h.set(service, whmcs.StatusPending)
	id := fmt.Sprintf("pending-%d-%s", service, server)
	h.finds(id, drift.RemedyShow)
	h.repairs(id)
	require.Equal(t, "Active", h.billing.State().Service(service).Status)
	require.Len(t, h.billing.State().MailsOf(service), mails)
	require.Empty(t, h.compare())
}
