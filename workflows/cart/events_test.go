package cart

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/checkout"
	"metalease/internal/clean"
	"metalease/workflows/api"
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

// TestEventsThatStandBehindOthersAreNotTriedForWeeks: a shop that takes nothing has each event tried for
// three days from when it happened, and what was not taken is kept when the cart ends.
func TestEventsThatStandBehindOthersAreNotTriedForWeeks(t *testing.T) {
	w := newWorld(t)
	w.refuses = 1 << 30
	in := start()
	for range 8 {
		in.emit(shop.EventService, shop.ServiceEvent{CartID: cartID}, began.Add(-deliverFor))
	}
	w.at(time.Minute, func() { w.SignalWorkflow(shop.SignalCancel, "left") })
	w.at(20*time.Minute, func() { require.Len(t, w.cart().Undelivered, 8) })
	cart := w.run(in)
	require.Len(t, cart.Undelivered, 10, "it ended, and what it did not tell stays readable")
}

// TestAFullStateFitsIntoAPayload: 20 items, 20 services, every list full of the longest texts.
func TestAFullStateFitsIntoAPayload(t *testing.T) {
	long := strings.Repeat("<", 9999) // six bytes each in JSON
	in := start()
	s := &in
	in.Request.Reference = long[:255]
	in.Request.ReturnURL, in.Request.CancelURL = "https://a.example/"+long[:1900], "https://a.example/"+long[:1900]
	in.Request.Items = nil
	for i := range 20 {
		item := shop.Item{Product: 1, Hostname: "a.example.com", OSTemplate: long[:255], Recipe: long[:255], Options: map[string]string{}}
		for j := range 4 { // as much as the gateway reads of a body
			item.Options[fmt.Sprint(j, long[:250])] = long[:250]
		}
		in.Request.Items = append(in.Request.Items, item)
		s.Checked.Wants = append(s.Checked.Wants, checkout.Want{Panel: long[:60], Package: long[:80], Count: 20, Field: fmt.Sprintf("items[%d].quantity", i)})
		s.Checked.Notes = append(s.Checked.Notes, shop.Fault{Field: long[:30], Reason: long[:80]})
		s.Holds = append(s.Holds, held{Want: s.Checked.Wants[i], Answer: answerNo, Why: clean.CutJSON(long, textLimit)})
		s.Cart.Services = append(s.Cart.Services, shop.Service{ServiceID: 1<<40 + i, Phase: api.Phase(strings.Repeat("p", phaseLimit)), IP: strings.Repeat("1", phaseLimit)})
		s.Followed = append(s.Followed, 1<<40+i)
	}
	body, err := json.Marshal(in.Request)
	require.NoError(t, err)
	require.Greater(t, len(body), 6*48<<10)
	in.Cart.Reference, in.Cart.ReturnURL, in.Cart.CancelURL = in.Request.Reference, in.Request.ReturnURL, in.Request.CancelURL
	for i := range 100 {
		s.tell(shop.Fault{Field: fmt.Sprint(i, long), Reason: long})
		s.Checked.Problems = append(s.Checked.Problems, shop.Fault{Field: clean.CutJSON(fmt.Sprint(i, long), 200), Reason: clean.CutJSON(long, 500)})
	}
	for range 3 { // a cart turns at most from open to expired to paid
		for _, to := range []shop.State{shop.StateOpen, shop.StateExpired} {
			s.turn(to, began)
		}
	}
	for i := range 200 {
		s.emit(shop.EventService, shop.ServiceEvent{CartID: cartID, Reference: in.Request.Reference, Service: s.Cart.Services[i%20]}, began)
		if i == 70 {
			for range keepEvents {
				s.keep(0, long)
			}
		}
	}
	require.Len(t, s.Outbox, keepEvents)
	require.Len(t, s.Kept, keepEvents)
	written, err := json.Marshal(s)
	require.NoError(t, err)
	require.Less(t, len(written), 2<<20-100_000)
	view, err := json.Marshal(s.view())
	require.NoError(t, err)
	require.Less(t, len(view), 1<<20)
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
