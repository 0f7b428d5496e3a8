// Package cart is one cart of an external shop: it checks what the shop hands over, holds the stock,
// places one order in WHMCS, waits for its payment, and tells the shop what becomes of it.
package cart

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// Cart is the workflow of one cart. It ends when nothing can follow: its services are released, or it
// came to nothing and the shop knows.
func Cart(ctx workflow.Context, in State) error {
	in.StateVersion = entity.CheckVersion(in.StateVersion, stateVersion)
	c := &cart{s: &in}
	c.run = entity.New(ctx, entity.Options{Notices: &in.Notices, Signals: c.signals(), Cancelled: func() {
		c.s.Cancel = "a cancel request of the engine"
	}, Reset: func(string) { // what was made or ordered after the point of the reset is there
		c.s.Created, c.s.Ordering = c.s.Created || c.s.Request.Client.ID == 0, true
	}})

	err := workflow.SetQueryHandlerWithOptions(c.run.Ctx, shop.QueryCart, func() (shop.Cart, error) { return c.s.view(), nil },
		workflow.QueryHandlerOptions{Description: "The cart as its shop sees it."})
	if err != nil {
		return err
	}
	c.begin()
	c.publishChanges()
	c.deliverEvents()
	for !c.run.Full() {
		c.run.Details(c.details())
		switch {
		case c.s.Cart.State == shop.StateChecking:
			c.check()
		case c.s.Closed && c.mayBePaid():
			c.awaitLateMoney()
		case c.s.Closed:
			c.finish()
			return nil
		case c.s.Cart.State == shop.StatePaid:
			if c.follow() {
				c.finish()
				return nil
			}
		default:
			c.awaitPayment()
		}
	}
	c.stopDelivery()
	return c.run.ContinueAsNew(shop.TypeCart, c.s)
}

// cart is one run of Cart.
type cart struct {
	run *entity.Run
	s   *State
	// delivering is true while an event is on its way; stop ends that.
	delivering bool
	stop       workflow.CancelFunc
	stopped    bool
	// published is the memo as it is; nil before the run has written it.
	published       *shop.Cart
	publishedClosed bool
}

func (c *cart) now() time.Time { return workflow.Now(c.run.Ctx) }

// begin fills in what the first run does not have yet.
func (c *cart) begin() {
	if c.s.Cart.ID != "" {
		return
	}
	c.s.Cart = c.s.Start.Cart(workflow.GetInfo(c.run.Ctx).WorkflowStartTime.UTC())
}

// finish tells the shop what is left to be told. A replay of what it did not take is possible until
// the run is over; what was kept stays readable.
func (c *cart) finish() {
	c.run.AwaitUntil(c.now().Add(lastWord), "tell the shop", func() bool { return len(c.s.Outbox) == 0 })
	c.run.AwaitUntil(c.now().Add(lastWord), "keep what the shop did not take", func() bool { return len(c.s.Kept) == 0 && len(c.s.Outbox) == 0 })
	c.stopDelivery()
	for len(c.s.Outbox) > 0 {
		c.s.keep(0, "the cart has ended")
	}
	c.publish()
	c.run.Details(c.details())
}

// lastWord is how long a cart that is over tries to tell its shop, and how long it keeps what was not
// taken for a replay.
const lastWord = 80 * time.Hour

// signals are the words that a cart understands.
func (c *cart) signals() []entity.Signal {
	return []entity.Signal{
		{Name: shop.SignalCancel, Description: "Cancel the unpaid order and free the stock; input: the reason.", Take: entity.As(c.takeCancel)},
		{Name: shop.SignalCheckPayment, Description: "Read the invoice now.", Take: func(entity.Input) error {
			c.s.Asked = true
			return nil
		}},
		{Name: shop.SignalReplay, Description: "Send the shop again what it did not take; input: an event's id, or nothing for all.", Take: entity.As(func(id string) error {
			c.s.replay(id, c.now())
			return nil
		})},
		{Name: message.SignalHeld, Description: "of an allocator", Take: entity.As(c.takeHeld)},
		{Name: message.SignalAsked, Description: "of an allocator", Take: entity.As(func(int) error {
			c.s.Asked = true
			return nil
		})},
		{Name: message.SignalPhase, Description: "of a service's lifecycle", Take: entity.As(c.takePhase)},
	}
}

func (c *cart) takeCancel(reason string) error {
	if reason == "" {
		reason = "cancelled by the shop"
	}
	c.s.Cancel = clean.CutJSON(reason, textLimit)
	return nil
}

func (c *cart) takeHeld(r message.HoldReply) error {
	for i := range c.s.Holds {
		if h := &c.s.Holds[i]; h.Panel == r.Panel && h.Package == r.Package {
			h.Answer, h.Why = answerNo, clean.CutJSON(r.Why, textLimit)
			if r.Held {
				h.Answer = answerYes
			} else if c.s.Cart.State == shop.StateOpen { // its allocator was lost, and others were faster
				c.s.tell(shop.Fault{Field: h.Field, Reason: "the stock is not held any more: " + h.Why})
			}
		}
	}
	return nil
}

// takePhase keeps how far a service is. A service that is not of this cart is nobody's business.
func (c *cart) takePhase(is shop.Service) error {
	if !clean.FitsJSON(string(is.Phase), phaseLimit) || !clean.FitsJSON(string(is.Step), phaseLimit) || !clean.FitsJSON(is.IP, phaseLimit) {
		return errors.New("the signal names no phase, step and address")
	}
	i := slices.IndexFunc(c.s.Cart.Services, func(s shop.Service) bool { return s.ServiceID == is.ServiceID })
	if i < 0 {
		return nil
	}
	if !slices.Contains(c.s.Followed, is.ServiceID) {
		c.s.Followed = append(c.s.Followed, is.ServiceID)
	}
	before := c.s.Cart.Services[i]
	c.s.Cart.Services[i] = is
	if before != is {
		c.s.Cart.UpdatedAt = c.now()
	}
	if before.Phase != is.Phase {
		c.s.emit(shop.EventService, shop.ServiceEvent{CartID: c.s.CartID, Reference: c.s.Request.Reference, Service: is}, c.now())
	}
	return nil
}

// perform runs an activity until it has ended, or until enough holds. One that changes something is
// awaited even then: what it has done must be known. False is one that was given up.
func (c *cart) perform(summary string, activity, input, result any, writes bool, enough func() bool) (done bool, err error) {
	options := call.Options(c.s.Settings, api.QueueWHMCS, call.OneCall, summary)
	options.WaitForCancellation = writes
	ctx, stop := workflow.WithCancel(workflow.WithActivityOptions(c.run.Ctx, options))
	defer stop()
	future := workflow.ExecuteActivity(ctx, activity, input)
	c.run.Await(func() bool { return future.IsReady() || enough() })
	if !future.IsReady() {
		if !writes {
			return false, nil
		}
		stop()
		c.run.Await(future.IsReady)
	}
	err = future.Get(c.run.Ctx, result)
	return err == nil || edge.TypeOf(err) != "", err
}
