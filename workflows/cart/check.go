package cart

import (
	"time"

	"metalease/activities/checkout"
	"metalease/activities/engine"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"

	"go.temporal.io/sdk/workflow"
)

// stockTimeout is how long an allocator may take to answer a hold: its look at the panel and the
// claims that run already.
const stockTimeout = 90 * time.Second

// check takes a cart from the request to an open order, or to its end: every fault is told at once,
// and nothing of it is left then.
func (c *cart) check() {
	ask := checkout.Question{CartID: c.s.CartID, Shop: c.s.Shop, Request: c.s.Request}
	done, err := c.perform("check the cart", call.Checkout.Check, ask, &c.s.Checked, false, c.late)
	switch {
	case c.gaveUp(done, err):
	case len(c.s.Checked.Problems) > 0:
		c.fail(shop.StateFailed, c.s.Checked.Problems...)
	case c.known() && c.hold() && c.order():
		c.open()
	}
}

// known keeps the client that the check has found.
func (c *cart) known() bool {
	if c.s.Cart.ClientID == 0 {
		c.s.Cart.ClientID, c.s.Cart.SignIn = c.s.Checked.ClientID, c.s.Request.Client.ID != 0
	}
	return true
}

// late tells that nobody waits for this cart any more: it was cancelled, or its time to be checked is
// over.
func (c *cart) late() bool {
	return c.s.Cancel != "" || !c.now().Before(c.s.Cart.CreatedAt.Add(time.Duration(c.s.Terms.Hold))) || c.run.Full()
}

// gaveUp ends a cart whose call was given up or has failed for good. A run that is full goes on in the
// next one instead.
func (c *cart) gaveUp(done bool, err error) bool {
	switch {
	case done && err == nil:
		return false
	case done:
		c.fail(shop.StateFailed, shop.Fault{Reason: call.WordsOf(err)})
	case c.s.Cancel != "":
		c.fail(shop.StateCancelled, shop.Fault{Reason: c.s.Cancel})
	case !c.run.Full():
		c.fail(shop.StateFailed, shop.Fault{Reason: "WHMCS did not answer in time: try again later"})
	}
	return true
}

// hold asks the allocators for the stock.
func (c *cart) hold() bool {
	if len(c.s.Holds) == 0 {
		for _, want := range c.s.Checked.Wants {
			c.s.Holds = append(c.s.Holds, held{Want: want})
		}
	}
	until := c.s.Cart.CreatedAt.Add(time.Duration(c.s.Terms.Hold))
	c.s.Cart.HoldExpiresAt = &until
	c.tellAllocators(until)
	answered := func() bool {
		for _, h := range c.s.Holds {
			if h.Answer == "" {
				return false
			}
		}
		return true
	}
	c.run.AwaitUntil(c.now().Add(stockTimeout), "wait for the stock", func() bool { return answered() || c.late() })
	if c.s.holding() {
		return true
	}
	var problems []shop.Fault
	for _, h := range c.s.Holds {
		switch h.Answer {
		case answerNo:
			problems = append(problems, shop.Fault{Field: h.Field, Reason: h.Why})
		case "":
			problems = append(problems, shop.Fault{Field: h.Field, Reason: "the stock is not known now: try again later"})
		}
	}
	if !c.gaveUp(!c.late(), nil) {
		c.fail(shop.StateFailed, problems...)
	}
	return false
}

// tellAllocators asks for the holds, or changes them: their end, and the services of the order. An
// allocator that is missing is started, so a hold survives the loss of one.
func (c *cart) tellAllocators(until time.Time) {
	var services []int
	for _, s := range c.s.Cart.Services {
		services = append(services, s.ServiceID)
	}
	for _, h := range c.s.Holds {
		c.message("hold stock of panel "+h.Panel, engine.Message{
			WorkflowID: fleet.InventoryWorkflowID(h.Panel), WorkflowType: api.TypeInventory, TaskQueue: api.QueueWorkflows,
			Signal: message.SignalHold, Start: fleet.Start{Panel: h.Panel, Settings: c.s.Settings}, Summary: "allocator of panel " + h.Panel,
			Input: message.Hold{
				CartID: c.s.CartID, Shop: c.s.Shop, Visitor: c.s.Request.Client.IP, Package: h.Package, Count: h.Count, Until: until,
				MostHeld: c.s.Terms.MostHeld, MostHeldByVisitor: c.s.Terms.MostHeldByVisitor, Services: services,
			},
		})
	}
}

func (c *cart) message(summary string, m engine.Message) {
	ctx := workflow.WithActivityOptions(c.run.Ctx, call.Options(c.s.Settings, api.QueueWorkflows, call.OneCall, summary))
	sent := workflow.ExecuteActivity(ctx, call.Messenger.Tell, m)
	c.run.Await(sent.IsReady)
	if err := sent.Get(c.run.Ctx, nil); err != nil {
		c.run.Notice(summary + ": " + call.WordsOf(err))
	}
}

// free gives the stock back. A hold that the allocator never heard of ends by its own time.
func (c *cart) free() {
	told := map[string]bool{}
	for _, h := range c.s.Holds {
		if !told[h.Panel] {
			c.run.Post(entity.Letter{To: fleet.InventoryWorkflowID(h.Panel), Signal: message.SignalFree, Input: c.s.CartID})
		}
		told[h.Panel] = true
	}
	c.s.Holds, c.s.Cart.HoldExpiresAt = nil, nil
	c.run.Flush()
}

// order finds or creates the client and places the order. A client may be gone by then, made by another cart
// that came to nothing: then this cart makes its own.
func (c *cart) order() bool {
	for c.client() {
		again := c.s.Ordering || c.run.WasReset()
		c.s.Ordering = true
		var placed checkout.Placed
		done, err := c.perform("place the order", call.Checkout.PlaceOrder, checkout.Purchase{
			CartID: c.s.CartID, Shop: c.s.Shop, Request: c.s.Request, ClientID: c.s.Cart.ClientID, PaymentMethod: c.s.Checked.PaymentMethod,
			Currency: c.s.Checked.Currency, Again: again,
		}, &placed, true, c.late)
		switch {
		case c.gaveUp(done, err):
			return false
		case len(placed.Problems) > 0:
			c.s.Ordering = !placed.None
			c.fail(shop.StateFailed, placed.Problems...)
			return false
		case !placed.ClientGone:
			c.takeOrder(placed.OrderID, placed.InvoiceID, placed.Services)
			c.takeInvoice(placed.Invoice)
			c.s.Checked.Notes, c.s.Asked = placed.Notes, placed.Paid()
			return true
		}
		c.s.Cart.ClientID, c.s.Ordering = 0, false
	}
	return false
}

// client finds or creates the client, unless it is known.
func (c *cart) client() bool {
	if c.s.Cart.ClientID != 0 {
		return true
	}
	c.s.Created = c.s.Request.Client.ID == 0 // perhaps, until the answer is known
	var known checkout.Known
	done, err := c.perform("find or create the client", call.Checkout.EnsureClient,
		checkout.NewClient{CartID: c.s.CartID, Shop: c.s.Shop, Client: c.s.Request.Client, Currency: c.s.Checked.Currency}, &known, true, c.late)
	if c.gaveUp(done, err) {
		return false
	}
	c.s.Cart.ClientID, c.s.Created, c.s.Checked.Currency = known.ClientID, known.Created, known.Currency
	c.s.Cart.SignIn = known.Created || c.s.Request.Client.ID != 0
	if len(known.Problems) > 0 {
		c.fail(shop.StateFailed, known.Problems...)
		return false
	}
	return true
}

// takeOrder keeps what the order is in WHMCS.
func (c *cart) takeOrder(order, invoice int, services []int) {
	c.s.Cart.OrderID, c.s.Cart.InvoiceID, c.s.Cart.Services = order, invoice, nil
	for _, service := range services {
		c.s.Cart.Services = append(c.s.Cart.Services, shop.Service{ServiceID: service})
	}
}

// open has the holds serve the services of the order, and waits for the payment from then on. The time
// to pay begins now, not when the shop asked.
func (c *cart) open() {
	until := c.now().Add(time.Duration(c.s.Terms.Hold))
	c.s.Cart.HoldExpiresAt = &until
	c.tellAllocators(until)
	c.s.PolledAt = c.now()
	c.s.turn(shop.StateOpen, c.now(), c.s.Checked.Notes...)
}

// fail ends a cart that has no order to wait for. What there may be in WHMCS is cancelled, for as long
// as WHMCS takes; money that was faster makes it a paid one all the same.
func (c *cart) fail(state shop.State, problems ...shop.Fault) {
	c.free()
	c.s.turn(state, c.now(), problems...)
	c.s.Cancel = ""
	c.clear()
}
