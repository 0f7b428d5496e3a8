package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"metalease/activities/drift"
	"metalease/activities/edge"
	"metalease/whmcs"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// soldTimeout is for the answer of our module in WHMCS, by way of a worker.
const soldTimeout = time.Minute

// endingCompleted is a life that ended by itself, most often by a release.
const endingCompleted = "completed"

// Sold is the order of a service as WHMCS has it.
type Sold struct {
	api.Order
	// Status in WHMCS, and whether what starts the service has happened: as a rule, payment.
	Status whmcs.Status
	Due    bool
}

// SoldOrder reads the whole order of a service from WHMCS, by the rule by which the module
// itself would start it. Errors: [Invalid], ErrWorkerUnavailable, *[Refused].
func (c *Control) SoldOrder(ctx context.Context, serviceID int) (Sold, error) {
	var answer whmcs.SoldOrder
	err := ErrUnknownPanel
	for _, name := range c.config.PanelNames() { // a worker of any panel asks
		answer, err = inquire[whmcs.SoldOrder](ctx, c, name, "SoldOrder", serviceID, soldTimeout)
		if !errors.Is(err, ErrWorkerUnavailable) {
			break
		}
	}
	switch {
	case err != nil:
		return Sold{}, err
	case answer.Problem != "":
		return Sold{}, &Refused{edge.ErrBadOrder, answer.Problem}
	}
	order, err := ReadOrder(answer.Order, c.config.PanelNames())
	return Sold{Order: order, Status: answer.Status, Due: answer.Due}, err
}

// StartSold starts an order as WHMCS has it. A life that was ended by force is no reason
// against it, and the panel is searched for what it has left. Errors: those of Start, *[Refused]
// when WHMCS does not show the service as Pending.
func (c *Control) StartSold(ctx context.Context, sold Sold) (started bool, err error) {
	if sold.Status != whmcs.StatusPending {
		return false, &Refused{edge.ErrStatus, fmt.Sprintf("WHMCS shows service %d as %s, not Pending: set it to Pending to have it built", sold.ServiceID, sold.Status)}
	}
	life, err := c.Life(ctx, sold.ServiceID)
	if err != nil {
		return false, err
	}
	if !life.Running && life.Ending != endingCompleted {
		sold.Restart = true
	}
	return c.Start(ctx, sold.Order)
}

// startUnbuilt starts a paid order that nobody builds. Where WHMCS cannot say what it orders,
// its ended life can.
func (c *Control) startUnbuilt(ctx context.Context, d drift.Drift) (fleet.RepairResult, error) {
	sold, err := c.SoldOrder(ctx, d.ServiceID)
	if refused, ok := errors.AsType[*Refused](err); ok && refused.Code == edge.ErrWHMCSCredentials {
		if last, lost := c.Status(ctx, d.ServiceID); lost == nil { // the repair has just seen it Pending
			sold, err = Sold{Order: last.Order, Status: whmcs.StatusPending}, nil
		}
	}
	if err != nil {
		return fleet.RepairResult{}, err
	}
	sold.Restart = true // whatever ended, the person names this order
	started, err := c.StartSold(ctx, sold)
	if err != nil {
		return fleet.RepairResult{}, err
	}
	return fleet.RepairResult{Done: started, What: fmt.Sprintf("service %d is started; follow it with: starter status %d --watch", d.ServiceID, d.ServiceID)}, nil
}

// restart starts the order of an ended lifecycle again, which reads WHMCS and the mark
// before it does anything.
func (c *Control) restart(ctx context.Context, d drift.Drift) (fleet.RepairResult, error) {
	order, err := c.lastOrder(ctx, d.ServiceID)
	if err != nil {
		return fleet.RepairResult{}, err
	}
	order.Restart = true
	started, err := c.Start(ctx, order)
	if err != nil {
		return fleet.RepairResult{}, err
	}
	what := fmt.Sprintf("service %d goes on with server %s; follow it with: starter status %d --watch", d.ServiceID, d.ServerID, d.ServiceID)
	return fleet.RepairResult{Done: started, What: what}, nil
}

// lastOrder is the order with which a life ended, corrections of people included; where that
// is gone, the one that WHMCS has. The configuration may have changed since.
func (c *Control) lastOrder(ctx context.Context, serviceID int) (api.Order, error) {
	last, err := c.Status(ctx, serviceID)
	if err == nil {
		return last.Order, CheckOrder(last.Order, c.config.PanelNames())
	}
	sold, unread := c.SoldOrder(ctx, serviceID)
	if unread != nil {
		return api.Order{}, fmt.Errorf("the order of service %d cannot be read (%w; WHMCS: %w): Create in WHMCS starts it again too", serviceID, err, unread)
	}
	return sold.Order, nil
}
