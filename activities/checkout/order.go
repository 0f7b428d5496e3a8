package checkout

import (
	"context"
	"errors"
	"slices"
	"strings"

	"go.temporal.io/sdk/activity"

	"metalease/activities/edge"
	"metalease/whmcs"
)

// PlaceOrder places the cart's order, once. Only where one may have been asked for before, it looks for
// the cart's mark first: when a reply was lost, now or then, WHMCS may still be at work on it, and it is
// looked for until WHMCS's own time limit is over. What WHMCS does not sell so is an answer, no error; an
// order that it has taken all the same stands then, and is to be cancelled.
func (c *Checkout) PlaceOrder(ctx context.Context, p Purchase) (Placed, error) {
	var f faults
	lines, err := c.sold(ctx, p, &f)
	asked := p.Again || activity.GetInfo(ctx).Attempt > 1
	if err != nil || len(f.list) > 0 {
		return Placed{Problems: f.list, None: !asked}, err
	}
	var orders []whmcs.Order
	if asked {
		if orders, err = c.search(ctx, p.ClientID, p.CartID, true); err != nil {
			return Placed{}, err
		}
	}
	for range 2 { // what WHMCS does not show when its time limit is over was never taken
		if len(orders) > 0 {
			break
		}
		order, err := c.add(ctx, p, lines)
		switch {
		case err == nil:
			return c.accept(ctx, p, order, lines)
		case lost(err):
			if orders, err = c.search(ctx, p.ClientID, p.CartID, true); err != nil {
				return Placed{}, err
			}
		case whmcs.ReasonOf(err) == whmcs.ReasonClientClosed, errors.Is(err, whmcs.ErrNotFound):
			gone, unread := c.gone(ctx, p.ClientID)
			if unread != nil || gone {
				return Placed{ClientGone: gone}, unread
			}
			f.list = refused("client", err) // unless it is open again, and takes the order
		case whmcs.ReasonOf(err) != "":
			c.List.Doubt(0)
			return Placed{Problems: refused(fieldOf(whmcs.ReasonOf(err)), err), None: true}, nil
		default:
			return Placed{}, err
		}
	}
	switch {
	case len(orders) > 0:
		return c.take(ctx, p, orders, lines)
	case len(f.list) > 0:
		return Placed{Problems: f.list, None: true}, nil
	}
	return Placed{}, edge.Retryable(edge.ErrWHMCSUnavailable, "WHMCS lost the reply of AddOrder twice, and shows no order")
}

// lost tells whether nobody knows what became of a change.
func lost(err error) bool {
	return errors.Is(err, whmcs.ErrResultUnknown) || errors.Is(err, whmcs.ErrNotAnAnswer)
}

// sold are the lines of the order by what WHMCS sells now. Where prices must be right, the list is new.
func (c *Checkout) sold(ctx context.Context, p Purchase, f *faults) ([]line, error) {
	if c.strict(p.Shop) {
		c.List.Doubt(c.Fresh)
	}
	lines, err := c.lines(ctx, p.Request, p.Currency, f)
	c.prices(p.Shop, lines, f) // what is only shown, the invoice shows better
	return lines, err
}

// add asks for the order.
func (c *Checkout) add(ctx context.Context, p Purchase, lines []line) (whmcs.PlacedOrder, error) {
	var items []whmcs.NewItem
	for _, l := range lines {
		items = append(items, l.orders()...)
	}
	return c.Client.AddOrder(ctx, whmcs.NewOrder{
		ClientID: p.ClientID, PaymentMethod: p.PaymentMethod, Items: items, PromoCode: p.Request.PromoCode,
		ClientIP: p.Request.Client.IP, Mark: mark(p.CartID),
	})
}

// accept reads what was ordered as far as the answer of AddOrder does not say it. Whether WHMCS has taken
// the promotion code, only the order itself tells.
func (c *Checkout) accept(ctx context.Context, p Purchase, is whmcs.PlacedOrder, lines []line) (Placed, error) {
	if p.Request.PromoCode == "" && len(is.Services) == servers(lines) && is.InvoiceID != 0 {
		order := whmcs.Order{ID: is.OrderID, ClientID: p.ClientID, InvoiceID: is.InvoiceID, Status: orderPending}
		return c.compare(ctx, p, order, is.Services, lines)
	}
	orders, err := c.search(ctx, p.ClientID, p.CartID, true)
	if err == nil && len(orders) == 0 {
		err = edge.Retryable(edge.ErrWHMCSUnavailable, "WHMCS does not show the order that it has just taken")
	}
	if err != nil {
		return Placed{}, err
	}
	return c.take(ctx, p, orders, lines)
}

func servers(lines []line) (count int) {
	for _, l := range lines {
		count += l.count()
	}
	return count
}

// fieldOf is the place in a cart that a refusal of AddOrder is about.
func fieldOf(reason whmcs.Reason) string {
	if reason == whmcs.ReasonPaymentMethod {
		return "payment_method"
	}
	return "items"
}

// refused makes a refusal of WHMCS a problem of the cart, in its own words.
func refused(field string, err error) []Fault {
	var f faults
	f.add(true, field, "%s", err)
	return f.list
}

// search finds the orders that carry the cart's mark. Patiently, it asks until there is one or WHMCS's
// time limit is over.
func (c *Checkout) search(ctx context.Context, client int, cart string, patiently bool) (orders []whmcs.Order, err error) {
	err = c.patiently(ctx, func() (bool, error) {
		orders, err = c.Client.OrdersByMark(ctx, client, mark(cart))
		return len(orders) > 0 || !patiently || err != nil, err
	})
	if errors.Is(err, whmcs.ErrNotFound) { // nobody is there who could have one
		return nil, nil
	}
	return orders, err
}

// take keeps the oldest order of the mark and cancels any other. WHMCS leaves out what it does not sell,
// and a code that it does not take, without a word: such an order is not what was meant.
func (c *Checkout) take(ctx context.Context, p Purchase, orders []whmcs.Order, lines []line) (Placed, error) {
	for _, double := range orders[1:] {
		if double.Status == orderPending {
			if err := c.Client.CancelOrder(ctx, double.ID, true); err != nil && whmcs.ReasonOf(err) != whmcs.ReasonOrderStatus {
				return Placed{}, err
			}
		}
	}
	order, services := orders[0], orders[0].Services()
	var f faults
	f.add(order.Status != orderPending && order.Status != orderActive, "", "order %d is %s in WHMCS", order.ID, order.Status)
	if is, want := len(services), servers(lines); is != want {
		c.List.Doubt(0)
		f.add(true, "items", "WHMCS has taken %d of %d servers: a product may be retired or out of its stock", is, want)
	}
	f.add(p.Request.PromoCode != "" && !strings.EqualFold(order.PromoCode, p.Request.PromoCode), "promo_code", "WHMCS did not take it for this client")
	if len(f.list) > 0 {
		return Placed{Problems: f.list}, nil
	}
	return c.compare(ctx, p, order, services, lines)
}

// compare reads the invoice of the order, and whether its prices are those that the shop has shown. An
// order without an invoice costs nothing.
func (c *Checkout) compare(ctx context.Context, p Purchase, order whmcs.Order, services []int, lines []line) (Placed, error) {
	placed := Placed{OrderID: order.ID, InvoiceID: order.InvoiceID, Services: slices.Sorted(slices.Values(services))}
	invoice, items, err := c.invoiceWithItems(ctx, order, p.Currency)
	if err != nil {
		return Placed{}, err
	}
	placed.Invoice = invoice
	if invoice.Gone() { // a moment after it was made: perhaps the client went, with all that was theirs
		gone, err := c.gone(ctx, p.ClientID)
		if err != nil || gone {
			return Placed{ClientGone: gone}, err
		}
		return placed, nil
	}
	if order.InvoiceID == 0 {
		return placed, nil
	}
	var f faults
	placed.Notes = c.billed(p.Shop, lines, placed.Services, items, &f)
	if len(f.list) > 0 {
		c.List.Doubt(0)
		return Placed{Problems: f.list}, nil
	}
	return placed, nil
}
