package cart

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/checkout"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/webhook"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// world is a cart in the test environment, over a WHMCS that is a few fields.
type world struct {
	*testsuite.TestWorkflowEnvironment
	t  *testing.T
	mu sync.Mutex

	checked checkout.Checked
	// down is how long WHMCS takes to answer the next call.
	down time.Duration
	// order is 0 until there is one; status is that of its invoice.
	order     int
	cancelled bool
	// reopen is true when an order may be opened again.
	reopen bool
	status string
	// placing fails PlaceOrder, after the order was placed when lost is true.
	placing error
	lost    bool
	// hangs is how long PlaceOrder takes; again is what it was told last.
	hangs time.Duration
	again bool
	// lostClient fails EnsureClient; goneOnce has PlaceOrder find its client gone the first time.
	lostClient error
	goneOnce   bool
	// refusal and notes are PlaceOrder's answer.
	refusal, notes []checkout.Fault
	none           bool
	// forgotten are clients that were to be removed.
	forgotten []checkout.Forget
	// lookAgain is how long after they were closed; closedAt and lookedAt are when that was.
	lookAgain checkout.Duration
	// refused is how often WHMCS refuses to remove one that is closed.
	refused            int
	closedAt, lookedAt time.Time
	// stock is what the allocator answers; empty: nothing at all.
	stock string
	// holds and freed are what the allocator was told.
	holds []message.Hold
	freed int
	// events are what the shop has taken; refuses is how often it does not.
	events  []string
	refuses int
	// follows are the services that were asked to tell; begun have a lifecycle.
	follows []string
	begun   map[string]bool
	// memo is what can be read without a worker.
	memo shop.Cart
}

const cartID = "c1"

var began = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &world{TestWorkflowEnvironment: suite.NewTestWorkflowEnvironment(), t: t, status: "Unpaid", stock: answerYes, begun: map[string]bool{}}
	w.checked = checkout.Checked{Wants: []checkout.Want{{Panel: "fra1", Package: "A", Count: 2, Field: "items[0]"}}, PaymentMethod: "banktransfer"}
	w.SetStartTime(began)
	w.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{entity.NewSignalOrder()}})
	w.SetTestTimeout(30 * time.Second)
	w.RegisterWorkflow(Cart)
	w.RegisterActivity(&checkout.Checkout{})
	w.RegisterActivity(&engine.Messenger{})
	w.RegisterActivity(&webhook.Sender{})
	slow := func() time.Duration {
		w.mu.Lock()
		defer w.mu.Unlock()
		wait := w.down
		w.down = 0
		return wait
	}
	w.OnActivity(call.Checkout.Check, mock.Anything, mock.Anything).Maybe().AfterFn(slow).Return(
		func(context.Context, checkout.Question) (checkout.Checked, error) { return w.checked, nil })
	w.OnActivity(call.Checkout.EnsureClient, mock.Anything, mock.Anything).Maybe().Return(
		func(_ context.Context, in checkout.NewClient) (checkout.Known, error) {
			return checkout.Known{ClientID: 7, Created: in.Client.ID == 0, Currency: "EUR"}, w.lostClient
		})
	w.OnActivity(call.Checkout.PlaceOrder, mock.Anything, mock.Anything).Maybe().AfterFn(func() time.Duration { return w.hangs }).Return(w.place)
	w.OnActivity(call.Checkout.ReadInvoice, mock.Anything, mock.Anything).Maybe().AfterFn(slow).Return(
		func(context.Context, checkout.OrderRef) (checkout.Invoice, error) { return w.invoice(), nil })
	w.OnActivity(call.Checkout.CancelOrder, mock.Anything, mock.Anything).Maybe().AfterFn(slow).Return(w.cancelOrder)
	w.OnActivity(call.Checkout.ForgetClient, mock.Anything, mock.Anything).Maybe().Return(
		func(_ context.Context, in checkout.Forget) (checkout.Forgotten, error) {
			w.forgotten = append(w.forgotten, in)
			if w.lookAgain > 0 && !in.Closed {
				w.closedAt = w.Now()
				return checkout.Forgotten{LookAgain: w.lookAgain}, nil
			}
			if w.refused > 0 && in.Closed {
				w.refused--
				return checkout.Forgotten{}, temporal.NewNonRetryableApplicationError("the API role lacks DeleteClient", edge.ErrWHMCSCredentials, nil)
			}
			w.lookedAt = w.Now()
			return checkout.Forgotten{}, nil
		})
	w.OnActivity(call.Messenger.Tell, mock.Anything, mock.Anything).Maybe().Return(w.tell)
	w.OnActivity(call.Webhook.Deliver, mock.Anything, mock.Anything).Maybe().Return(w.take)
	w.OnUpsertMemo(mock.Anything).Maybe().Run(func(args mock.Arguments) { w.memo = args.Get(0).(map[string]any)[shop.MemoCart].(shop.Cart) })
	w.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, mock.Anything, mock.Anything).Maybe().Return(w.letter)
	return w
}

func (w *world) invoice() checkout.Invoice {
	w.mu.Lock()
	defer w.mu.Unlock()
	return checkout.Invoice{Status: w.status, Total: "178.00", Currency: "EUR"}
}

func (w *world) place(_ context.Context, p checkout.Purchase) (checkout.Placed, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.again = p.Again
	if w.goneOnce {
		w.goneOnce = false
		return checkout.Placed{ClientGone: true}, nil
	}
	if w.placing != nil && !w.lost {
		return checkout.Placed{}, w.placing
	}
	w.order = 5
	return checkout.Placed{
		OrderID: 5, InvoiceID: 6, Services: []int{201, 202}, Invoice: checkout.Invoice{Status: w.status, Total: "178.00", Currency: "EUR"},
		Problems: w.refusal, None: w.none, Notes: w.notes,
	}, w.placing
}

func (w *world) cancelOrder(_ context.Context, ref checkout.OrderRef) (checkout.Cancelled, error) {
	is := w.invoice()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reopen = ref.Reopen
	if is.Paid() || is.Pending() {
		return checkout.Cancelled{Paid: is.Paid(), Pending: is.Pending(), OrderID: 5, InvoiceID: 6, Services: []int{201, 202}, Invoice: is}, nil
	}
	if w.order != 0 {
		w.cancelled, w.status, is.Status = true, "Cancelled", "Cancelled"
	}
	return checkout.Cancelled{Invoice: is}, nil
}

func (w *world) tell(_ context.Context, m engine.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	require.Equal(w.t, message.SignalHold, m.Signal)
	in := m.Input.(map[string]any)
	hold := message.Hold{CartID: in["cart_id"].(string), Package: in["package"].(string), Count: int(in["count"].(float64))}
	until, err := time.Parse(time.RFC3339, in["until"].(string))
	require.NoError(w.t, err)
	hold.Until = until
	for _, service := range anyList(in["services"]) {
		hold.Services = append(hold.Services, int(service.(float64)))
	}
	w.holds = append(w.holds, hold)
	if w.stock != "" {
		reply := message.HoldReply{Panel: "fra1", Package: hold.Package, Held: w.stock == answerYes, Why: "1 of these are free, not 2"}
		w.RegisterDelayedCallback(func() { w.SignalWorkflow(message.SignalHeld, reply) }, time.Second)
	}
	return nil
}

func anyList(value any) []any {
	list, _ := value.([]any)
	return list
}

func (w *world) take(_ context.Context, e webhook.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuses > 0 {
		w.refuses--
		return temporal.NewApplicationError("the shop answered 503", edge.ErrUnexpected)
	}
	w.events = append(w.events, e.Type)
	return nil
}

func (w *world) letter(_, id, _, signal string, arg any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch signal {
	case message.SignalFree:
		require.Equal(w.t, fleet.InventoryWorkflowID("fra1"), id)
		require.Equal(w.t, cartID, arg)
		w.freed++
		return nil
	case message.SignalFollow:
		if !w.begun[id] {
			return errors.New("not found")
		}
		w.follows = append(w.follows, id)
		return nil
	}
	return fmt.Errorf("no such signal: %s", signal)
}

// start is a cart of two servers, held for 15 minutes.
func start(change ...func(*shop.Start)) State {
	in := shop.Start{
		CartID: cartID, Shop: "web", Terms: shop.Terms{Hold: api.Duration(15 * time.Minute), CancelExpired: true, Webhook: true},
		Request: shop.Request{Reference: "r1", Client: shop.Client{Email: "a@example.com"}, Items: []shop.Item{{Product: 1, Cycle: "monthly", Quantity: 2}}},
	}
	for _, c := range change {
		c(&in)
	}
	return State{Start: in}
}

// run runs the cart to its end.
func (w *world) run(in State) shop.Cart {
	w.t.Helper()
	w.ExecuteWorkflow(Cart, in)
	require.True(w.t, w.IsWorkflowCompleted())
	require.NoError(w.t, w.GetWorkflowError())
	return w.cart()
}

func (w *world) cart() (view shop.Cart) {
	w.t.Helper()
	value, err := w.QueryWorkflow(shop.QueryCart)
	require.NoError(w.t, err)
	require.NoError(w.t, value.Get(&view))
	told, err := json.Marshal(view)
	require.NoError(w.t, err)
	kept, err := json.Marshal(w.memo)
	require.NoError(w.t, err)
	require.JSONEq(w.t, string(told), string(kept), "nobody needs a worker to know it")
	return view
}

// at does something at a time after the start.
func (w *world) at(after time.Duration, do func()) { w.RegisterDelayedCallback(do, after) }

// pay has the invoice paid, and tells nobody.
func (w *world) pay() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status = "Paid"
}

func (w *world) phase(service int, phase api.Phase) {
	w.SignalWorkflow(message.SignalPhase, shop.Service{ServiceID: service, Phase: phase, IP: "192.0.2.9"})
}

// decode reads the state with which the next run begins.
func (w *world) decode(next *workflow.ContinueAsNewError, into *State) error {
	return converter.GetDefaultDataConverter().FromPayloads(next.Input, into)
}
