package checkout

import (
	"context"
	"errors"
	"slices"

	"metalease/activities/edge"
	"metalease/whmcs"
)

// Statuses of an order (docs/whmcs-api.md 1.5).
const (
	orderPending   = "Pending"
	orderActive    = "Active"
	orderCancelled = "Cancelled"
)

// invoice is what is to be paid for an order. One without an invoice costs nothing, and is paid; an order
// that was cancelled, or whose invoice is gone, can be paid by nobody.
func (c *Checkout) invoice(ctx context.Context, order whmcs.Order, currency string) (Invoice, error) {
	is, _, err := c.invoiceWithItems(ctx, order, currency)
	return is, err
}

// invoiceWithItems is invoice, and what is on it.
func (c *Checkout) invoiceWithItems(ctx context.Context, order whmcs.Order, currency string) (Invoice, []whmcs.InvoiceItem, error) {
	stands := order.Status == orderPending || order.Status == orderActive
	if order.InvoiceID == 0 && stands {
		return Invoice{Status: whmcs.InvoicePaid, Total: whmcs.Amount(0).String()}, nil, nil
	}
	if order.InvoiceID == 0 {
		return Invoice{Status: whmcs.InvoiceCancelled}, nil, nil
	}
	invoice, err := c.Client.Invoice(ctx, order.InvoiceID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return Invoice{Status: whmcs.InvoiceCancelled}, nil, nil
	}
	if err != nil {
		return Invoice{}, nil, err
	}
	is := Invoice{Status: invoice.Status, Total: invoice.Total.String(), Currency: currency, PaidAt: invoice.Paid.Time()}
	if !is.Paid() && !stands {
		is.Status = whmcs.InvoiceCancelled
	}
	return is, invoice.Items, nil
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
