package cart

import (
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/internal/clean"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/call"
)

// An event is tried for three days, ever more slowly; then it is kept.
const (
	deliverFor  = 72 * time.Hour
	slowestTry  = time.Hour
	firstRepeat = 5 * time.Second
	oneDelivery = 30 * time.Second
	// lastTry is for an event that stood behind others for three days: it is tried as well.
	lastTry = time.Minute
)

// deliverEvents sends the outbox in a coroutine of its own: in order, one at a time, and beside
// whatever the cart does.
func (c *cart) deliverEvents() {
	workflow.GoNamed(c.run.Ctx, "events", func(ctx workflow.Context) {
		for {
			_ = workflow.Await(ctx, func() bool { return len(c.s.Outbox) > 0 || c.stopped })
			if c.stopped {
				return
			}
			c.deliver(ctx)
		}
	})
}

// deliver sends the first event. One that was stopped stays where it is, for the next run.
func (c *cart) deliver(ctx workflow.Context) {
	event := &c.s.Outbox[0]
	left := max(lastTry, deliverFor-c.now().Sub(event.Since))
	options := call.Options(c.s.Settings, shop.QueueWebhooks, oneDelivery, "tell the shop: "+event.Type)
	options.ScheduleToCloseTimeout, options.HeartbeatTimeout = left, 0
	options.RetryPolicy.InitialInterval, options.RetryPolicy.MaximumInterval = firstRepeat, slowestTry
	ctx, c.stop = workflow.WithCancel(workflow.WithActivityOptions(ctx, options))
	id := event.ID
	c.delivering = true
	err := workflow.ExecuteActivity(ctx, call.Webhook.Deliver, event.Event).Get(ctx, nil)
	c.delivering = false
	switch {
	case c.stopped, len(c.s.Outbox) == 0 || c.s.Outbox[0].ID != id:
	case err == nil:
		c.s.Outbox = c.s.Outbox[1:]
	default:
		c.s.keep(0, call.WordsOf(err))
	}
}

// stopDelivery leaves what is on its way to the next run: a shop tells a repeat by its id.
func (c *cart) stopDelivery() {
	c.stopped = true
	if c.stop != nil {
		c.stop()
	}
	c.run.Await(func() bool { return !c.delivering })
}

// details is what the cart's page in Temporal says.
func (c *cart) details() string {
	var b strings.Builder
	cart := c.s.Cart
	fmt.Fprintf(&b, "Cart of shop %s: **%s**.", c.s.Shop, cart.State)
	switch cart.State {
	case shop.StateChecking:
		b.WriteString(" WHMCS and the stock are asked; the order is placed.")
	case shop.StateOpen:
		fmt.Fprintf(&b, " Order %d waits for the payment of invoice %d (%s %s)", cart.OrderID, cart.InvoiceID, cart.Total, cart.Currency)
		if cart.HoldExpiresAt != nil {
			fmt.Fprintf(&b, "; its stock is held until %s", cart.HoldExpiresAt.UTC().Format(time.RFC3339))
		}
		b.WriteString(". Signals: cancel, check-payment.")
	case shop.StatePaid:
		fmt.Fprintf(&b, " Order %d is paid.", cart.OrderID)
	case shop.StateExpired, shop.StateCancelled, shop.StateFailed:
		for _, p := range cart.Problems {
			fmt.Fprintf(&b, "\n- %s", clean.Markdown(p.Field+" "+p.Reason, textLimit))
		}
	}
	for _, s := range cart.Services {
		fmt.Fprintf(&b, "\n- service-%d %s", s.ServiceID, clean.Markdown(string(s.Phase), phaseLimit))
	}
	if n := len(c.s.Kept); n > 0 {
		fmt.Fprintf(&b, "\n\nThe shop did not take %d events: signal replay sends them again.", n)
	}
	return b.String()
}
