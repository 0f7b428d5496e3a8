package cart

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api/shop"
)

func TestEventsAreRetriedInOrder(t *testing.T) {
	w := newWorld(t)
	w.refuses = 6
	w.at(time.Minute, func() { w.SignalWorkflow(shop.SignalCancel, "left") })
	cart := w.run(start())
	require.Equal(t, []string{shop.EventOpen, shop.EventCancelled}, w.events)
	require.Empty(t, cart.Undelivered)
}

// TestWhatAShopDidNotTakeIsKeptAndReplayed: the test environment gives an activity ten attempts, not three days.
func TestWhatAShopDidNotTakeIsKeptAndReplayed(t *testing.T) {
	w := newWorld(t)
	w.refuses = 1 << 30
	w.at(time.Minute, func() { w.SignalWorkflow(shop.SignalCancel, "left") })
	w.at(76*time.Hour, func() {
		cart := w.cart()
		require.Len(t, cart.Undelivered, 2)
		require.Equal(t, shop.EventOpen, cart.Undelivered[0].Type)
		require.Equal(t, "evt_c1_1", cart.Undelivered[0].ID)
		require.Contains(t, cart.Undelivered[0].Why, "503")
		w.mu.Lock()
		w.refuses = 0
		w.mu.Unlock()
	})
	w.at(77*time.Hour, func() { w.SignalWorkflow(shop.SignalReplay, "evt_c1_2") })
	w.at(78*time.Hour, func() {
		require.Len(t, w.cart().Undelivered, 1)
		w.SignalWorkflow(shop.SignalReplay, nil)
	})
	cart := w.run(start())
	require.Empty(t, cart.Undelivered)
	require.Equal(t, []string{shop.EventCancelled, shop.EventOpen}, w.events)
}

func TestAShopWithoutAWebhookIsToldNothing(t *testing.T) {
	w := newWorld(t)
	w.at(time.Minute, func() { w.SignalWorkflow(shop.SignalCancel, "left") })
	w.run(start(func(s *shop.Start) { s.Terms.Webhook = false }))
	require.Empty(t, w.events)
}

// TestACartGoesOnInANewRun: at any state, with an event on its way.
func TestACartGoesOnInANewRun(t *testing.T) {
	w := newWorld(t)
	w.refuses = 1 << 30
	w.at(2*time.Minute, func() {
		w.SetContinueAsNewSuggested(true)
		w.SignalWorkflow(shop.SignalCheckPayment, nil)
	})
	w.ExecuteWorkflow(Cart, start())
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, w.GetWorkflowError(), &again)
	var next State
	require.NoError(t, w.decode(again, &next))
	require.Len(t, next.Outbox, 1, "it is sent by the next run, with its id")

	w = newWorld(t)
	w.order = 5
	w.at(time.Minute, func() { w.SignalWorkflow(shop.SignalCancel, "left") })
	cart := w.run(next)
	require.Equal(t, shop.StateCancelled, cart.State)
	require.Equal(t, []string{shop.EventOpen, shop.EventCancelled}, w.events)
}
