package reconciler

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/whmcs"
)

const (
	// maxOrders bounds how many Pending services are asked for: the newest ones.
	maxOrders = 2000
	// largestOrder is far above what an order has, in bytes.
	largestOrder = 64 << 10
	// maxOrdersOneByOne bounds them where each is a call of its own.
	maxOrdersOneByOne = 100
)

// unlooked are the Pending services that no lifecycle of the panel looks after, the newest
// first. One of another panel may look after them: that is asked when they are suspected.
func unlooked(v drift.View) []drift.Billed {
	running := map[int]bool{}
	for _, l := range v.Lives {
		running[l.ServiceID] = l.Running
	}
	pending := slices.DeleteFunc(slices.Clone(v.Services), func(b drift.Billed) bool {
		return b.Status != whmcs.StatusPending || running[b.ID]
	})
	slices.SortFunc(pending, func(a, b drift.Billed) int { return b.ID - a.ID })
	return pending[:min(len(pending), maxOrders)]
}

// orders asks our module in WHMCS what it would order, and whether that is due. Where the
// module cannot be asked, WHMCS itself says whether an order is paid.
func (r *Reconciler) orders(ctx context.Context, of []drift.Billed) ([]drift.Order, error) {
	if len(of) == 0 {
		return nil, nil
	}
	activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads the orders in WHMCS"})
	var ids []int
	for _, b := range of {
		ids = append(ids, b.ID)
	}
	sold, err := r.WHMCS.SoldOrders(ctx, ids, false)
	if errors.Is(err, whmcs.ErrCredentials) || errors.Is(err, whmcs.ErrUnknownAction) {
		return r.ordersOneByOne(ctx, of)
	}
	if err != nil {
		return nil, err
	}
	var orders []drift.Order
	for _, s := range sold {
		order := drift.Order{ServiceID: s.ServiceID, Due: s.Due, Panel: s.Panel, Problem: s.Problem, Notice: s.Notice}
		if at, err := time.Parse(time.RFC3339, s.PaidAt); err == nil {
			order.PaidAt = at
		}
		orders = append(orders, order)
	}
	return orders, nil
}

// ordersOneByOne reads whether orders are paid, where nobody says what they order.
func (r *Reconciler) ordersOneByOne(ctx context.Context, of []drift.Billed) ([]drift.Order, error) {
	var orders []drift.Order
	for _, b := range of[:min(len(of), maxOrdersOneByOne)] {
		if b.OrderID == 0 || !drift.Home(r.Only, r.Entries)(b) {
			continue
		}
		activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads the orders in WHMCS", Done: len(orders), All: len(of)})
		order, err := r.WHMCS.Order(ctx, b.OrderID)
		switch {
		case errors.Is(err, whmcs.ErrNotFound):
			continue
		case err != nil:
			return nil, err
		}
		paid := order.PaymentStatus == "Paid" && order.Status != "Cancelled" && order.Status != "Fraud"
		orders = append(orders, drift.Order{ServiceID: b.ID, Due: paid, Panel: r.panelName()})
	}
	return orders, nil
}

// passes tells whether an error about orders costs only what is said about orders. A WHMCS
// that does not answer at all is waited for.
func passes(err error) bool {
	var failure *whmcs.Error
	return errors.As(err, &failure) && failure.Kind != whmcs.KindUnavailable
}

// builds tells whether an order is told of with this panel.
func (r *Reconciler) builds(panel string) bool {
	if slices.Contains(r.Panels, panel) {
		return panel == r.panelName()
	}
	return len(r.Panels) == 0 || r.Panels[0] == r.panelName()
}

// readOrdersAgain asks once more for the orders of which it was said that nobody builds them.
func (r *Reconciler) readOrdersAgain(ctx context.Context, v *drift.View, suspects []drift.Drift) error {
	var again []drift.Billed
	for _, b := range v.Services {
		if slices.ContainsFunc(suspects, func(d drift.Drift) bool { return d.Kind == drift.DriftUnstarted && d.ServiceID == b.ID }) {
			again = append(again, b)
		}
	}
	var err error
	v.Orders, err = r.orders(ctx, again)
	return err
}

// SoldOrder reads the order of a service from WHMCS, for a person who starts it: its empty
// username and password are filled. Error: BadOrder when no service of our module is there.
func (r *Reconciler) SoldOrder(ctx context.Context, serviceID int) (whmcs.SoldOrder, error) {
	sold, err := r.WHMCS.SoldOrders(ctx, []int{serviceID}, true)
	switch {
	case err != nil:
		return whmcs.SoldOrder{}, err
	case len(sold) > 0 && len(sold[0].Order) > largestOrder:
		return whmcs.SoldOrder{}, edge.NonRetryable(edge.ErrBadOrder, "the order of service %d has %d bytes in WHMCS", serviceID, len(sold[0].Order))
	case len(sold) == 0:
		return whmcs.SoldOrder{}, edge.NonRetryable(edge.ErrBadOrder, "WHMCS has no service %d that uses the module metalease", serviceID)
	}
	return sold[0], nil
}
