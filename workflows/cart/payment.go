package cart

import (
	"fmt"
	"time"

	"metalease/activities/checkout"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/call"
)

// Pauses between two readings of the invoice. An allocator tells of a payment as soon as a service
// asks for its server; the readings are for a payment of which nobody tells.
const (
	pollOpen = 5 * time.Minute
	// pollExpired is for an order that was left in WHMCS after its hold expired.
	pollExpired = time.Hour
	// latePayment is how long such an order is looked after. WHMCS and the lifecycle serve it later too.
	latePayment = 14 * 24 * time.Hour
)

func never() bool { return false }

// awaitPayment waits for whatever comes first: the payment, the end of the hold, or a cancel.
func (c *cart) awaitPayment() {
	next := c.s.PolledAt.Add(pollOpen)
	ends := c.s.Cart.UpdatedAt.Add(latePayment)
	if c.s.Cart.State != shop.StateOpen {
		next = c.s.PolledAt.Add(pollExpired)
	} else if c.s.Cart.HoldExpiresAt != nil {
		ends = *c.s.Cart.HoldExpiresAt
	}
	if ends.Before(next) {
		next = ends
	}
	c.run.AwaitUntil(next, "wait for the payment", func() bool { return c.s.Asked || c.s.Cancel != "" || c.run.Full() })
	due := !c.s.Asked
	switch {
	case c.s.Cancel != "":
		c.cancel(shop.StateCancelled)
	case c.run.Full():
	case c.readInvoice():
		c.paid()
	case c.s.Closed, c.s.Cancel != "", c.run.Full(): // gone in WHMCS; or the invoice was not read
	case c.now().Before(ends):
		if due { // an allocator answers it, also by asking for a reading: that one is not answered
			c.assertHold()
		}
	case c.s.Cart.State == shop.StateOpen:
		c.expire()
	default:
		c.s.Closed = true
	}
}

// assertHold tells the allocators of the hold again: one that was lost holds nothing until then.
func (c *cart) assertHold() {
	if c.s.Cart.State == shop.StateOpen {
		c.repeatHold()
	}
}

// readInvoice asks WHMCS, for as long as it takes: what it does not say decides nothing. True is a
// payment. An order that was cancelled in WHMCS itself ends the cart.
func (c *cart) readInvoice() (paid bool) {
	var invoice checkout.Invoice
	done, err := c.perform("read the invoice", call.Checkout.ReadInvoice, c.orderRef(), &invoice, false,
		func() bool { return c.s.Cancel != "" || c.run.Full() })
	if !done {
		return false
	}
	c.s.Asked, c.s.PolledAt = false, c.now()
	if err != nil {
		c.run.Notice("the invoice could not be read: " + call.WordsOf(err))
		return false
	}
	c.takeInvoice(invoice)
	if invoice.Gone() && c.s.Cart.State != shop.StateCancelled {
		c.free()
		c.s.turn(shop.StateCancelled, c.now(), shop.Fault{Reason: "the order was cancelled in WHMCS"})
		c.s.Closed, c.s.Readings = true, len(lateReadings) // it is its staff's decision
	}
	return invoice.Paid()
}

func (c *cart) takeInvoice(i checkout.Invoice) {
	if i.Total != "" {
		c.s.Cart.Total, c.s.Cart.Currency = i.Total, i.Currency
	}
}

func (c *cart) orderRef() checkout.OrderRef {
	return checkout.OrderRef{CartID: c.s.CartID, ClientID: c.s.Cart.ClientID, OrderID: c.s.Cart.OrderID, InvoiceID: c.s.Cart.InvoiceID, Currency: c.s.Checked.Currency}
}

// paid keeps the stock for the services until they have their servers, and goes on with them.
func (c *cart) paid() {
	if len(c.s.Holds) > 0 {
		until := c.now().Add(afterPayment)
		c.s.Cart.HoldExpiresAt = &until
		c.tellAllocators(until)
	}
	c.s.Closed, c.s.Cancel = false, ""
	c.s.turn(shop.StatePaid, c.now())
}

// afterPayment is how long stock is held for services that are paid and have not asked yet: WHMCS
// starts them as soon as the gateway answers it.
const afterPayment = 24 * time.Hour

// expire frees the stock. The order is cancelled or left, as the shop's terms say; a payment that was
// faster counts.
func (c *cart) expire() {
	if c.s.Terms.CancelExpired {
		c.cancel(shop.StateExpired)
		return
	}
	c.free()
	c.s.turn(shop.StateExpired, c.now())
}

// cancel cancels the order in WHMCS and frees the stock, unless the money was faster.
func (c *cart) cancel(to shop.State) {
	reason := c.s.Cancel
	c.s.Cancel = ""
	var gone checkout.Cancelled
	_, err := c.perform("cancel the order", call.Checkout.CancelOrder, c.orderRef(), &gone, true, never)
	if err != nil {
		c.run.Notice("the order could not be cancelled: " + call.WordsOf(err))
		c.s.PolledAt = c.now()
		if to == shop.StateExpired {
			c.free()
			c.s.turn(to, c.now(), shop.Fault{Reason: "the order could not be cancelled in WHMCS: " + call.WordsOf(err)})
		}
		return
	}
	c.takeInvoice(gone.Invoice)
	switch {
	case gone.Paid:
		c.paid()
		return
	case gone.Pending && to == shop.StateExpired: // looked after as a late payment
		c.free()
		c.s.turn(to, c.now(), shop.Fault{Reason: "a payment is on its way: the order stays in WHMCS"})
		return
	case gone.Pending:
		c.run.Notice("not cancelled (" + reason + "): a payment is on its way")
		return
	}
	c.free()
	var problems []shop.Fault
	if reason != "" {
		problems = append(problems, shop.Fault{Reason: reason})
	}
	c.s.turn(to, c.now(), problems...)
	c.s.Closed = true
}

// lateReadings are when the invoice of a cancelled order is read, counted from its end: a bank or a
// payment gateway may book money on it that was on its way already.
var lateReadings = []time.Duration{10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour}

// mayBePaid tells whether there is an order on which money may still be booked.
func (c *cart) mayBePaid() bool { return c.s.Cart.OrderID != 0 && c.s.Readings < len(lateReadings) }

// awaitLateMoney reads the invoice once more. An order that was paid all the same is opened again and
// built: from the stock or from the queue.
func (c *cart) awaitLateMoney() {
	at := c.s.Cart.UpdatedAt.Add(lateReadings[c.s.Readings])
	c.run.AwaitUntil(at, "look for money that came too late", func() bool { return c.s.Asked || c.run.Full() })
	if c.run.Full() && c.now().Before(at) {
		return
	}
	if !c.s.Asked {
		c.s.Readings++
	}
	c.s.Asked = false
	var gone checkout.Cancelled
	ref := c.orderRef()
	ref.Reopen = true
	_, err := c.perform("read the invoice once more", call.Checkout.CancelOrder, ref, &gone, true, never)
	switch {
	case err != nil:
		c.run.Notice("the invoice could not be read: " + call.WordsOf(err))
	case gone.Paid:
		c.takeInvoice(gone.Invoice)
		c.paid()
	}
}

// clear takes back what a cart that failed has left in WHMCS.
func (c *cart) clear() {
	if c.s.Ordering {
		var gone checkout.Cancelled
		ref := c.orderRef()
		ref.Delete = true
		if _, err := c.perform("cancel what was ordered", call.Checkout.CancelOrder, ref, &gone, true, never); err != nil {
			c.run.Notice("an order of this cart may be left in WHMCS: " + call.WordsOf(err))
		}
		if gone.Paid || gone.Pending {
			c.takeOrder(gone.OrderID, gone.InvoiceID, gone.Services)
			c.takeInvoice(gone.Invoice)
		}
		switch {
		case gone.Paid:
			c.paid()
			return
		case gone.Pending: // looked after as a late payment
			c.s.PolledAt = c.now()
			return
		}
	}
	if c.s.Created {
		c.forgetClient()
	}
	c.s.Closed = true
}

// forgetClient removes the client that was made for this cart and has nothing: it is closed, and removed when
// whatever WHMCS was at work on has ended.
func (c *cart) forgetClient() {
	forget := checkout.Forget{CartID: c.s.CartID, ClientID: c.s.Cart.ClientID, Email: c.s.Request.Client.Email}
	told := false
	for range forgetRounds {
		var left checkout.Forgotten
		_, err := c.perform("remove the client that has nothing", call.Checkout.ForgetClient, forget, &left, true, never)
		if err != nil && !told {
			told = true
			c.run.Notice("a client that was made for this cart may be left in WHMCS: " + call.WordsOf(err))
		}
		switch {
		case err != nil && forget.Closed: // a closed client can order nothing: it is opened again or removed, if it takes days
			left.LookAgain = checkout.Duration(forgetAgain)
		case err != nil || left.LookAgain == 0:
			return
		}
		c.run.AwaitUntil(c.now().Add(time.Duration(left.LookAgain)), "let WHMCS end what it has begun for the client", never)
		forget.Closed = true
	}
	c.run.Notice(fmt.Sprintf("client %d was made for this cart and is still closed in WHMCS: open it, or remove it", forget.ClientID))
}

const (
	// forgetAgain is how long a person has each time to repair what keeps a client from being removed.
	forgetAgain = time.Hour
	// forgetRounds bounds that: three days.
	forgetRounds = 72
)
