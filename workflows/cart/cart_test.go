package cart

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"metalease/activities/checkout"
	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/message"
)

func TestFromTheCartToItsLastServer(t *testing.T) {
	w := newWorld(t)
	w.begun["service-201"], w.begun["service-202"] = true, true
	w.at(time.Minute, func() {
		cart := w.cart()
		require.Equal(t, shop.StateOpen, cart.State)
		require.Equal(t, 7, cart.ClientID)
		require.True(t, cart.SignIn, "its client was created for it")
		require.Equal(t, []int{5, 6}, []int{cart.OrderID, cart.InvoiceID})
		require.Equal(t, "178.00", cart.Total)
		require.Equal(t, []shop.Service{{ServiceID: 201}, {ServiceID: 202}}, cart.Services)
		require.Len(t, w.holds, 2)
		require.Equal(t, []int{201, 202}, w.holds[1].Services, "the hold serves the services of the order")
		w.pay()
		w.SignalWorkflow(message.SignalAsked, 201)
	})
	w.at(2*time.Minute, func() {
		require.Equal(t, shop.StatePaid, w.cart().State)
		require.Subset(t, w.follows, []string{"service-201", "service-202"})
		require.Len(t, w.holds, 3, "the stock is kept until the services have it")
		w.phase(201, api.PhaseActive)
		w.phase(999, api.PhaseActive)
		w.phase(202, api.PhaseActive)
	})
	w.at(time.Hour, func() { w.phase(201, api.PhaseReleased) })
	w.at(2*time.Hour, func() { w.phase(202, api.PhaseReleased) })
	cart := w.run(start())
	require.Equal(t, "192.0.2.9", cart.Services[0].IP)
	require.Nil(t, cart.HoldExpiresAt)
	require.Equal(t, []string{shop.EventOpen, shop.EventPaid, shop.EventService, shop.EventService, shop.EventService, shop.EventService}, w.events)
	require.Equal(t, 1, w.freed, "once all have their servers, nothing of it is held for nobody")
	require.Empty(t, w.forgotten)
}

func TestEveryFaultIsToldAndNothingIsLeft(t *testing.T) {
	w := newWorld(t)
	w.checked = checkout.Checked{Problems: []checkout.Fault{{Field: "items[0].cycle", Reason: "is not offered"}, {Field: "promo_code", Reason: "is refused"}}}
	cart := w.run(start())
	require.Equal(t, shop.StateFailed, cart.State)
	require.Equal(t, w.checked.Problems, cart.Problems)
	require.Empty(t, w.holds)
	require.Zero(t, w.order)
	require.Equal(t, []string{shop.EventFailed}, w.events)
}

func TestOutOfStock(t *testing.T) {
	w := newWorld(t)
	w.stock = answerNo
	cart := w.run(start())
	require.Equal(t, shop.StateFailed, cart.State)
	require.Equal(t, []shop.Fault{{Field: "items[0]", Reason: "1 of these are free, not 2"}}, cart.Problems)
	require.Equal(t, 1, w.freed)
	require.Zero(t, w.order)
}

func TestAStockThatNobodyKnowsIsNotSold(t *testing.T) {
	w := newWorld(t)
	w.stock = ""
	cart := w.run(start())
	require.Equal(t, shop.StateFailed, cart.State)
	require.Contains(t, cart.Problems[0].Reason, "not known now")
	require.Equal(t, 1, w.freed, "an allocator that answers later holds nothing")
}

// TestARefusedOrderLeavesNothing: neither a hold, nor an order whose reply was lost, nor a new client.
func TestARefusedOrderLeavesNothing(t *testing.T) {
	for _, lost := range []bool{false, true} {
		w := newWorld(t)
		w.placing, w.lost = temporal.NewNonRetryableApplicationError("WHMCS said no", edge.ErrWHMCSRefused, nil), lost
		cart := w.run(start())
		require.Equal(t, shop.StateFailed, cart.State)
		require.Equal(t, "WHMCS said no", cart.Problems[0].Reason)
		require.Equal(t, lost, w.cancelled)
		require.Equal(t, 1, w.freed)
		require.Equal(t, []checkout.Forget{{CartID: cartID, ClientID: 7, Email: "a@example.com"}}, w.forgotten)
	}
}

func TestAClientThatTheShopNamedIsNeverRemoved(t *testing.T) {
	w := newWorld(t)
	w.placing = temporal.NewNonRetryableApplicationError("WHMCS said no", edge.ErrWHMCSRefused, nil)
	w.checked.ClientID = 44
	cart := w.run(start(func(s *shop.Start) { s.Request.Client = shop.Client{ID: 44} }))
	require.Equal(t, 44, cart.ClientID)
	require.Empty(t, w.forgotten)
}

// TestWHMCSDownForLongerThanTheHold: nobody waits for such a cart.
func TestWHMCSDownForLongerThanTheHold(t *testing.T) {
	w := newWorld(t)
	w.down = time.Hour
	cart := w.run(start())
	require.Equal(t, shop.StateFailed, cart.State)
	require.Contains(t, cart.Problems[0].Reason, "WHMCS did not answer in time")
}

func TestExpiredAndCancelled(t *testing.T) {
	w := newWorld(t)
	w.at(14*time.Minute, func() { require.Equal(t, shop.StateOpen, w.cart().State) })
	cart := w.run(start())
	require.Equal(t, shop.StateExpired, cart.State)
	require.True(t, w.cancelled)
	require.Equal(t, 1, w.freed)
	require.Nil(t, cart.HoldExpiresAt)
	require.Equal(t, []string{shop.EventOpen, shop.EventExpired}, w.events)
}

// TestPaidInTheSecondInWhichTheHoldExpires: the invoice is read before, and the cancel itself reads it.
func TestPaidInTheSecondInWhichTheHoldExpires(t *testing.T) {
	for _, quick := range []bool{true, false} {
		w := newWorld(t)
		w.at(15*time.Minute, func() {
			if quick {
				w.pay()
			}
		})
		w.at(15*time.Minute+10*time.Second, w.pay)
		w.at(time.Minute, func() { w.down = 0 })
		w.at(14*time.Minute+59*time.Second, func() {
			if !quick { // the invoice is read as unpaid, and the money comes before the cancel
				w.SignalWorkflow(shop.SignalCancel, "late")
				w.down = time.Minute
			}
		})
		w.at(30*time.Minute, func() {
			require.Equal(t, shop.StatePaid, w.cart().State)
			require.Greater(t, w.holds[len(w.holds)-1].Until.Sub(w.Now()), 20*time.Hour, "its stock is kept")
			w.phase(201, api.PhaseReleased)
			w.phase(202, api.PhaseReleased)
		})
		cart := w.run(start())
		require.Equal(t, shop.StatePaid, cart.State)
		require.False(t, w.cancelled)
	}
}

// TestAPaymentAfterTheHoldIsServed: the shop leaves its orders in WHMCS.
func TestAPaymentAfterTheHoldIsServed(t *testing.T) {
	w := newWorld(t)
	w.at(time.Hour, func() {
		require.Equal(t, shop.StateExpired, w.cart().State)
		require.Equal(t, 1, w.freed)
		w.pay()
	})
	w.at(3*time.Hour, func() {
		require.Equal(t, shop.StatePaid, w.cart().State)
		w.phase(201, api.PhaseReleased)
		w.phase(202, api.PhaseReleased)
	})
	w.run(start(func(s *shop.Start) { s.Terms.CancelExpired = false }))
	require.False(t, w.cancelled)
	require.Equal(t, []string{shop.EventOpen, shop.EventExpired, shop.EventPaid, shop.EventService, shop.EventService}, w.events)
}

func TestAnUnpaidOrderIsNotLookedAfterForEver(t *testing.T) {
	w := newWorld(t)
	cart := w.run(start(func(s *shop.Start) { s.Terms.CancelExpired = false }))
	require.Equal(t, shop.StateExpired, cart.State)
	require.WithinDuration(t, began.Add(latePayment), w.Now(), 2*time.Hour)
}

func TestDeleted(t *testing.T) {
	w := newWorld(t)
	w.at(time.Minute, func() { w.SignalWorkflow(shop.SignalCancel, "the visitor left") })
	cart := w.run(start())
	require.Equal(t, shop.StateCancelled, cart.State)
	require.Equal(t, "the visitor left", cart.Problems[0].Reason)
	require.True(t, w.cancelled)
	require.Equal(t, 1, w.freed)
}

func TestDeletedWhileItIsPaid(t *testing.T) {
	w := newWorld(t)
	w.at(time.Minute, func() {
		w.pay()
		w.SignalWorkflow(shop.SignalCancel, "the visitor left")
	})
	w.at(time.Hour, func() {
		w.SignalWorkflow(shop.SignalCancel, "again")
		w.phase(201, api.PhaseReleased)
		w.phase(202, api.PhaseReleased)
	})
	cart := w.run(start())
	require.Equal(t, shop.StatePaid, cart.State)
	require.False(t, w.cancelled)
}

func TestCancelledInWHMCS(t *testing.T) {
	w := newWorld(t)
	w.at(time.Minute, func() {
		w.mu.Lock()
		w.status = "Cancelled"
		w.mu.Unlock()
		w.SignalWorkflow(shop.SignalCheckPayment, nil)
	})
	cart := w.run(start())
	require.Equal(t, shop.StateCancelled, cart.State)
	require.Equal(t, 1, w.freed)
	require.Contains(t, cart.Problems[0].Reason, "in WHMCS")
}

// TestServicesThatBeginLateAreAskedAgain: WHMCS tells the gateway of a payment when it can.
func TestServicesThatBeginLateAreAskedAgain(t *testing.T) {
	w := newWorld(t)
	w.at(time.Minute, func() {
		w.pay()
		w.SignalWorkflow(shop.SignalCheckPayment, nil)
	})
	w.at(2*time.Hour, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.begun["service-201"], w.begun["service-202"] = true, true
	})
	w.at(5*time.Hour, func() {
		require.Subset(t, w.follows, []string{"service-201", "service-202"})
		w.phase(201, api.PhaseReleased)
		w.phase(202, api.PhaseReleased)
	})
	w.run(start())
}

// TestMoneyForACancelledOrderIsNotLost: it was on its way when the hold expired.
func TestMoneyForACancelledOrderIsNotLost(t *testing.T) {
	w := newWorld(t)
	w.at(20*time.Minute, func() {
		require.Equal(t, shop.StateExpired, w.cart().State)
		require.True(t, w.cancelled)
		w.pay()
	})
	w.at(3*time.Hour, func() {
		require.Equal(t, shop.StatePaid, w.cart().State)
		w.phase(201, api.PhaseReleased)
		w.phase(202, api.PhaseReleased)
	})
	w.run(start())
	require.True(t, w.reopen)
}
