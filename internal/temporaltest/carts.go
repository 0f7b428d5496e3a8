package temporaltest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api"
	"metalease/workflows/api/shop"
)

// The reference of a cart tells its stand-in what becomes of it; any other is open.
const (
	ReferencePaid   = "stand-in: paid"
	ReferenceFailed = "stand-in: failed"
	// ReferenceExpired is a cart that expired, and whose invoice is still read.
	ReferenceExpired = "stand-in: expired"
	// ReferenceLost is a cart whose shop took no event.
	ReferenceLost = "stand-in: events are lost"
)

// WorkCarts runs stand-ins for carts until the test ends or stop is called, and for nothing else.
func (s Server) WorkCarts(t testing.TB) (stop func()) {
	t.Helper()
	w := worker.New(s.Client, api.QueueWorkflows, worker.Options{})
	w.RegisterWorkflowWithOptions(cart, workflow.RegisterOptions{Name: shop.TypeCart})
	require.NoError(t, w.Start())
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			w.Stop()
		}
	}
	t.Cleanup(stop)
	return stop
}

// cart ends when it is cancelled, or at once when it has failed.
func cart(ctx workflow.Context, in shop.Start) error {
	now := workflow.Now(ctx)
	c := shop.Cart{
		ID: in.CartID, Shop: in.Shop, Reference: in.Request.Reference, State: shop.StateOpen, ClientID: 7, OrderID: 5, InvoiceID: 6,
		Total: "50.00", Currency: "EUR", Services: []shop.Service{{ServiceID: 201}}, CreatedAt: now, UpdatedAt: now,
	}
	publish := func() error {
		return workflow.UpsertMemo(ctx, map[string]any{shop.MemoCart: c, shop.MemoClosed: c.State == shop.StateExpired})
	}
	switch in.Request.Reference {
	case ReferencePaid:
		c.State = shop.StatePaid
	case ReferenceExpired:
		c.State = shop.StateExpired
	case ReferenceFailed:
		c.State, c.Problems = shop.StateFailed, []shop.Fault{{Field: "items[0].quantity", Reason: "0 of these are free, not 1"}}
		return publish()
	case ReferenceLost:
		c.Undelivered = []shop.Undelivered{{ID: "evt_1", Type: shop.EventOpen, At: now, Why: Refusal}, {ID: "evt_2", Type: shop.EventPaid, At: now, Why: Refusal}}
	}
	over := false
	for !over {
		if err := publish(); err != nil {
			return err
		}
		workflow.NewSelector(ctx).
			AddReceive(workflow.GetSignalChannel(ctx, shop.SignalCancel), func(channel workflow.ReceiveChannel, _ bool) {
				var reason string
				channel.Receive(ctx, &reason)
				c.State, c.UpdatedAt, c.Problems, over = shop.StateCancelled, workflow.Now(ctx), []shop.Fault{{Reason: reason}}, true
			}).
			AddReceive(workflow.GetSignalChannel(ctx, shop.SignalReplay), func(channel workflow.ReceiveChannel, _ bool) {
				var id string
				channel.Receive(ctx, &id)
				if c.UpdatedAt = workflow.Now(ctx); id == "" {
					c.Undelivered = nil
				} else {
					c.Undelivered = c.Undelivered[1:]
				}
			}).Select(ctx)
	}
	return publish()
}
