package cart

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/checkout"
	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/message"
)

// TestAnOpenCartHoldsItsStockAgain: an allocator that was lost has forgotten it. When others were faster,
// the shop is told, and the cart is still paid and served from the queue.
func TestAnOpenCartHoldsItsStockAgain(t *testing.T) {
	w := newWorld(t)
	w.at(6*time.Minute, func() {
		require.Len(t, w.holds, 3)
		require.Equal(t, *w.cart().HoldExpiresAt, w.holds[2].Until, "a hold that is told again does not last longer")
		require.Equal(t, []int{201, 202}, w.holds[2].Services)
		require.Empty(t, w.cart().Problems)
		w.stock = answerNo
	})
	w.at(12*time.Minute, func() {
		require.Equal(t, []shop.Fault{{Field: "items[0]", Reason: "the stock is not held any more: 1 of these are free, not 2"}}, w.cart().Problems)
		require.Equal(t, shop.StateOpen, w.cart().State)
	})
	w.run(start())
}

// TestAPaidCartHoldsItsStockAgain until its services have their servers.
func TestAPaidCartHoldsItsStockAgain(t *testing.T) {
	w := newWorld(t)
	w.begun["service-201"], w.begun["service-202"] = true, true
	told := 0
	w.at(time.Minute, func() {
		w.pay()
		w.SignalWorkflow(shop.SignalCheckPayment, nil)
	})
	w.at(2*time.Minute, func() {
		w.SignalWorkflow(message.SignalPhase, shop.Service{ServiceID: 201, Phase: api.PhaseWaiting})
		w.SignalWorkflow(message.SignalPhase, shop.Service{ServiceID: 202, Phase: api.PhaseWaiting})
		told = len(w.holds)
	})
	w.at(10*time.Minute, func() {
		require.Greater(t, len(w.holds), told)
		require.Equal(t, []int{201, 202}, w.holds[len(w.holds)-1].Services)
	})
	w.at(11*time.Minute, func() {
		w.phase(201, api.PhaseActive)
		w.phase(202, api.PhaseActive)
	})
	w.at(12*time.Minute, func() { told = len(w.holds) })
	w.at(10*time.Hour, func() {
		require.Len(t, w.holds, told, "every service has its server")
		w.phase(201, api.PhaseReleased)
		w.phase(202, api.PhaseReleased)
	})
	w.run(start())
}

// TestAnAllocatorIsNotAskedInACircle: it answers a hold with the services that have asked already.
func TestAnAllocatorIsNotAskedInACircle(t *testing.T) {
	w := newWorld(t)
	for i := range 20 {
		w.at(time.Minute+time.Duration(i)*time.Second, func() { w.SignalWorkflow(message.SignalAsked, 201) })
	}
	w.at(4*time.Minute, func() { require.Len(t, w.holds, 2) })
	w.run(start())
}

// TestAPaymentOnItsWayIsNotCancelled: the money would come to an order that nobody builds.
func TestAPaymentOnItsWayIsNotCancelled(t *testing.T) {
	for _, by := range []string{"the clock", "the shop"} {
		w := newWorld(t)
		w.at(time.Minute, func() {
			w.status = "Payment Pending"
			if by == "the shop" {
				w.SignalWorkflow(shop.SignalCancel, "left")
			}
		})
		w.at(2*time.Minute, func() { require.Equal(t, shop.StateOpen, w.cart().State) })
		w.at(time.Hour, func() {
			cart := w.cart()
			require.Equal(t, shop.StateExpired, cart.State)
			require.Contains(t, cart.Problems[0].Reason, "a payment is on its way")
			require.Nil(t, cart.HoldExpiresAt)
			w.pay()
		})
		w.at(3*time.Hour, func() {
			w.phase(201, api.PhaseReleased)
			w.phase(202, api.PhaseReleased)
		})
		require.Equal(t, shop.StatePaid, w.run(start()).State, by)
		require.False(t, w.cancelled)
		require.Equal(t, shop.EventPaid, w.events[2])
	}
}

// TestPaidByCreditWhileItFailed: the cart learns its order from the attempt to cancel it.
func TestPaidByCreditWhileItFailed(t *testing.T) {
	w := newWorld(t)
	w.status, w.lost = "Paid", true
	w.placing = temporal.NewNonRetryableApplicationError("items: WHMCS has taken 1 of 2 servers", edge.ErrWHMCSRefused, nil)
	w.at(time.Hour, func() {
		cart := w.cart()
		require.Equal(t, shop.StatePaid, cart.State)
		require.Equal(t, []int{5, 6}, []int{cart.OrderID, cart.InvoiceID})
		require.Equal(t, []shop.Service{{ServiceID: 201}, {ServiceID: 202}}, cart.Services)
		w.phase(201, api.PhaseReleased)
		w.phase(202, api.PhaseReleased)
	})
	w.run(start())
	require.Equal(t, []string{shop.EventFailed, shop.EventPaid, shop.EventService, shop.EventService}, w.events)
}

// TestANewRunOrdersWithCare: an earlier one may have asked for the order, and WHMCS may still be at it.
func TestANewRunOrdersWithCare(t *testing.T) {
	w := newWorld(t)
	w.hangs, w.placing = time.Minute, temporal.NewApplicationError("lost", edge.ErrWHMCSUnavailable)
	w.at(30*time.Second, func() {
		w.SetContinueAsNewSuggested(true)
		w.SignalWorkflow(shop.SignalCheckPayment, nil)
	})
	w.ExecuteWorkflow(Cart, start())
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, w.GetWorkflowError(), &again)
	require.False(t, w.again)
	var next State
	require.NoError(t, w.decode(again, &next))

	w = newWorld(t)
	w.at(time.Minute, func() { w.SignalWorkflow(shop.SignalCancel, "left") })
	require.Equal(t, shop.StateCancelled, w.run(next).State)
	require.True(t, w.again)
}

// TestAPaymentInTheLastHour of those in which an expired order is looked after.
func TestAPaymentInTheLastHour(t *testing.T) {
	w := newWorld(t)
	w.at(15*time.Minute+latePayment-time.Minute, w.pay)
	w.at(15*time.Minute+latePayment+time.Hour, func() {
		w.phase(201, api.PhaseReleased)
		w.phase(202, api.PhaseReleased)
	})
	cart := w.run(start(func(s *shop.Start) { s.Terms.CancelExpired = false }))
	require.Equal(t, shop.StatePaid, cart.State)
}

// TestWhatOthersWroteIsNoMarkdown on the cart's page.
func TestWhatOthersWroteIsNoMarkdown(t *testing.T) {
	c := &cart{s: &State{}}
	c.s.Cart.State = shop.StateFailed
	c.s.Cart.Problems = []shop.Fault{{Field: "items[0].options.[x](https://example.com)", Reason: "<b>no</b>"}}
	c.s.Cart.Services = []shop.Service{{ServiceID: 201, Phase: "<i>"}}
	page := c.details()
	require.Contains(t, page, `\[x\](https:\//example.com)`)
	require.NotContains(t, page, " <b>")
	require.NotContains(t, page, " <i>")
}

// TestWordsOfAnySizeEndNothing: a signal may hold 2 MiB.
func TestWordsOfAnySizeEndNothing(t *testing.T) {
	c := &cart{s: &State{Start: shop.Start{CartID: cartID}, Holds: []held{{Want: checkout.Want{Panel: "fra1", Package: "A"}}}}}
	c.s.Cart.Services = []shop.Service{{ServiceID: 201}}
	long := string(make([]byte, 1<<20))
	require.ErrorContains(t, c.takePhase(shop.Service{ServiceID: 201, Phase: api.Phase(long)}), "names no phase")
	require.ErrorContains(t, c.takePhase(shop.Service{ServiceID: 201, IP: long}), "names no phase")
	require.NoError(t, c.takeHeld(message.HoldReply{Panel: "fra1", Package: "A", Why: long}))
	require.NoError(t, c.takeCancel(long))
	require.Less(t, len(c.s.Holds[0].Why)+len(c.s.Cancel), 2*textLimit)
}
