package checkout

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"metalease/activities/edge"
	"metalease/whmcs"
)

// PlaceOrder places the cart's order, once. Only where one may have been asked for before, it looks for
// the cart's mark first: when a reply was lost, now or then, WHMCS may still be at work on it, and it is
// looked for until WHMCS's own time limit is over.
func (c *Checkout) PlaceOrder(ctx context.Context, p Purchase) (Placed, error) {
	items, err := c.items(ctx, p)
	if err != nil {
		return Placed{}, err
	}
	var orders []whmcs.Order
	if p.Again || activity.GetInfo(ctx).Attempt > 1 {
		if orders, err = c.search(ctx, p.ClientID, p.CartID, true); err != nil {
			return Placed{}, err
		}
	}
	for range 2 { // what WHMCS does not show when its time limit is over was never taken
		if len(orders) > 0 {
			return c.take(ctx, p, orders, len(items))
		}
		placed, err := c.add(ctx, p, items)
		switch {
		case err == nil:
			return c.accept(ctx, p, placed, len(items))
		case !lost(err):
			return Placed{}, err
		}
		if orders, err = c.search(ctx, p.ClientID, p.CartID, true); err != nil {
			return Placed{}, err
		}
	}
	if len(orders) > 0 {
		return c.take(ctx, p, orders, len(items))
	}
	return Placed{}, edge.Retryable(edge.ErrWHMCSUnavailable, "WHMCS lost the reply of AddOrder twice, and shows no order")
}

// lost tells whether nobody knows what became of a change.
func lost(err error) bool {
	return errors.Is(err, whmcs.ErrResultUnknown) || errors.Is(err, whmcs.ErrNotAnAnswer)
}

// add asks for the order.
func (c *Checkout) add(ctx context.Context, p Purchase, items []whmcs.NewItem) (whmcs.PlacedOrder, error) {
	placed, err := c.Client.AddOrder(ctx, whmcs.NewOrder{
		ClientID: p.ClientID, PaymentMethod: p.PaymentMethod, Items: items, PromoCode: p.Request.PromoCode,
		ClientIP: p.Request.Client.IP, Mark: mark(p.CartID),
	})
	if reason := whmcs.ReasonOf(err); reason != "" {
		c.List.Doubt(0)
		return placed, refused(err, fieldOf(reason))
	}
	return placed, err
}

// accept reads what was ordered as far as the answer of AddOrder does not say it. Whether WHMCS has taken
// the promotion code, only the order itself tells.
func (c *Checkout) accept(ctx context.Context, p Purchase, is whmcs.PlacedOrder, items int) (Placed, error) {
	order := whmcs.Order{ID: is.OrderID, ClientID: p.ClientID, InvoiceID: is.InvoiceID, Status: orderPending}
	if p.Request.PromoCode != "" || len(is.Services) != items || is.InvoiceID == 0 {
		orders, err := c.search(ctx, p.ClientID, p.CartID, true)
		if err == nil && len(orders) == 0 {
			err = edge.Retryable(edge.ErrWHMCSUnavailable, "WHMCS does not show the order that it has just taken")
		}
		if err != nil {
			return Placed{}, err
		}
		return c.take(ctx, p, orders, items)
	}
	placed := Placed{OrderID: is.OrderID, InvoiceID: is.InvoiceID, Services: slices.Sorted(slices.Values(is.Services))}
	var err error
	placed.Invoice, err = c.invoice(ctx, order, p.Currency)
	return placed, err
}

// fieldOf is the place in a cart that a refusal of AddOrder is about.
func fieldOf(reason whmcs.Reason) string {
	switch reason {
	case whmcs.ReasonPaymentMethod:
		return "payment_method"
	case whmcs.ReasonClientClosed:
		return "client"
	default:
		return "items"
	}
}

// items are what is ordered, by what WHMCS sells now.
func (c *Checkout) items(ctx context.Context, p Purchase) ([]whmcs.NewItem, error) {
	var f faults
	lines, err := c.lines(ctx, p.Request, p.Currency, &f)
	if err != nil {
		return nil, err
	}
	if len(f.list) > 0 {
		return nil, edge.NonRetryable(edge.ErrWHMCSRefused, "%s %s", f.list[0].Field, f.list[0].Reason)
	}
	var items []whmcs.NewItem
	for _, l := range lines {
		items = append(items, l.orders()...)
	}
	return items, nil
}

// search finds the orders that carry the cart's mark. Patiently, it asks until there is one or WHMCS's
// time limit is over.
func (c *Checkout) search(ctx context.Context, client int, cart string, patiently bool) ([]whmcs.Order, error) {
	until := time.Now().Add(c.Settle)
	pause := time.NewTicker(max(c.Settle/10, time.Millisecond))
	defer pause.Stop()
	for {
		orders, err := c.Client.OrdersByMark(ctx, client, mark(cart))
		if err != nil || len(orders) > 0 || !patiently || !time.Now().Before(until) {
			return orders, err
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// take keeps the oldest order of the mark and cancels any other. WHMCS leaves out what it does not sell,
// and a code that it does not take, without a word: such an order is not what was meant.
func (c *Checkout) take(ctx context.Context, p Purchase, orders []whmcs.Order, items int) (Placed, error) {
	for _, double := range orders[1:] {
		if double.Status == orderPending {
			if err := c.Client.CancelOrder(ctx, double.ID, true); err != nil && whmcs.ReasonOf(err) != whmcs.ReasonOrderStatus {
				return Placed{}, err
			}
		}
	}
	order := orders[0]
	services := order.Services()
	slices.Sort(services)
	placed := Placed{OrderID: order.ID, InvoiceID: order.InvoiceID, Services: services}
	switch {
	case order.Status != orderPending && order.Status != orderActive:
		return Placed{}, edge.NonRetryable(edge.ErrWHMCSRefused, "order %d is %s in WHMCS", order.ID, order.Status)
	case len(services) != items:
		c.List.Doubt(0)
		return Placed{}, edge.NonRetryable(edge.ErrWHMCSRefused, "items: WHMCS has taken %d of %d servers: a product may be retired or out of its stock", len(services), items)
	case p.Request.PromoCode != "" && !strings.EqualFold(order.PromoCode, p.Request.PromoCode):
		return Placed{}, edge.NonRetryable(edge.ErrWHMCSRefused, "promo_code: WHMCS did not take it for this client")
	}
	var err error
	placed.Invoice, err = c.invoice(ctx, order, p.Currency)
	return placed, err
}

// Statuses of an order (docs/whmcs-api.md 1.5).
const (
	orderPending   = "Pending"
	orderActive    = "Active"
	orderCancelled = "Cancelled"
)

// invoice is what is to be paid for an order. One without an invoice costs nothing, and is paid; an order
// that was cancelled, or whose invoice is gone, can be paid by nobody.
func (c *Checkout) invoice(ctx context.Context, order whmcs.Order, currency string) (Invoice, error) {
	if order.InvoiceID == 0 {
		if order.Status == orderPending || order.Status == orderActive {
			return Invoice{Status: whmcs.InvoicePaid, Total: whmcs.Amount(0).String()}, nil
		}
		return Invoice{Status: whmcs.InvoiceCancelled}, nil
	}
	invoice, err := c.Client.Invoice(ctx, order.InvoiceID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return Invoice{Status: whmcs.InvoiceCancelled}, nil
	}
	if err != nil {
		return Invoice{}, err
	}
	is := Invoice{Status: invoice.Status, Total: invoice.Total.String(), Currency: currency, PaidAt: invoice.Paid.Time()}
	if !is.Paid() && order.Status != orderPending && order.Status != orderActive {
		is.Status = whmcs.InvoiceCancelled
	}
	return is, nil
}

// ReadInvoice reads what became of the order's invoice.
func (c *Checkout) ReadInvoice(ctx context.Context, ref OrderRef) (Invoice, error) {
	order, err := c.Client.Order(ctx, ref.OrderID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return Invoice{Status: whmcs.InvoiceCancelled}, nil
	}
	if err != nil {
		return Invoice{}, err
	}
	return c.invoice(ctx, order, ref.Currency)
}

// CancelOrder cancels the cart's order unless it is paid. An order that is not known by its id is looked
// for by the cart's mark, patiently, for WHMCS may be at work on it; none is nothing to cancel.
func (c *Checkout) CancelOrder(ctx context.Context, ref OrderRef) (Cancelled, error) {
	orders, err := c.ordersOf(ctx, ref)
	if err != nil {
		return Cancelled{}, err
	}
	var cancelled Cancelled
	for _, order := range orders {
		one, err := c.cancel(ctx, order, ref)
		if err != nil {
			return Cancelled{}, err
		}
		one.OrderID, one.InvoiceID, one.Services = order.ID, order.InvoiceID, order.Services()
		slices.Sort(one.Services)
		if one.Paid || one.Pending || !cancelled.Paid && !cancelled.Pending {
			cancelled = one
		}
	}
	return cancelled, nil
}

func (c *Checkout) ordersOf(ctx context.Context, ref OrderRef) ([]whmcs.Order, error) {
	if ref.OrderID == 0 {
		return c.search(ctx, ref.ClientID, ref.CartID, true)
	}
	order, err := c.Client.Order(ctx, ref.OrderID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return nil, nil
	}
	return []whmcs.Order{order}, err
}

// cancel cancels one order. Money may come between any two calls: it is asked for before and after, and
// an order that was paid meanwhile is opened again. One whose payment is on its way stays: the money
// would come to an order that nobody builds.
func (c *Checkout) cancel(ctx context.Context, order whmcs.Order, ref OrderRef) (Cancelled, error) {
	before, err := c.invoice(ctx, order, ref.Currency)
	if err == nil && before.Paid() && ref.Reopen && order.Status == orderCancelled {
		err = c.Client.ReopenOrder(ctx, order.ID)
	}
	if err != nil || before.Paid() || before.Pending() {
		return Cancelled{Paid: before.Paid(), Pending: before.Pending(), Invoice: before}, err
	}
	if order.Status == orderPending {
		if err := c.Client.CancelOrder(ctx, order.ID, true); err != nil && whmcs.ReasonOf(err) != whmcs.ReasonOrderStatus {
			return Cancelled{}, err
		}
	}
	if order, err = c.Client.Order(ctx, order.ID); errors.Is(err, whmcs.ErrNotFound) {
		return Cancelled{Invoice: Invoice{Status: whmcs.InvoiceCancelled}}, nil
	} else if err != nil {
		return Cancelled{}, err
	}
	after, err := c.raw(ctx, order)
	switch {
	case err != nil:
		return Cancelled{}, err
	case after == whmcs.InvoicePaid, after == whmcs.InvoicePending:
		if order.Status != orderPending && order.Status != orderActive {
			if err := c.Client.ReopenOrder(ctx, order.ID); err != nil {
				return Cancelled{}, err
			}
		}
		before.Status = after
		return Cancelled{Paid: before.Paid(), Pending: before.Pending(), Invoice: before}, nil
	case order.Status == orderActive:
		return Cancelled{}, edge.NonRetryable(edge.ErrWHMCSRefused, "order %d is Active in WHMCS: somebody has accepted it", order.ID)
	case after == whmcs.InvoiceUnpaid:
		if err := c.Client.CancelInvoice(ctx, order.InvoiceID); err != nil {
			return Cancelled{}, err
		}
	}
	if ref.Delete {
		if err := c.Client.DeleteOrder(ctx, order.ID); err != nil && !errors.Is(err, whmcs.ErrNotFound) {
			return Cancelled{}, err
		}
	}
	before.Status = whmcs.InvoiceCancelled
	return Cancelled{Invoice: before}, nil
}

// raw is the status of an order's invoice as it stands; empty when there is none.
func (c *Checkout) raw(ctx context.Context, order whmcs.Order) (string, error) {
	if order.InvoiceID == 0 {
		return "", nil
	}
	invoice, err := c.Client.Invoice(ctx, order.InvoiceID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return "", nil
	}
	return invoice.Status, err
}
