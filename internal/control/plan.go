package control

import (
	"context"

	"metalease/activities"
	"metalease/workflows"
)

// Plan tells what an order would get now; nothing is written. Errors: [Invalid],
// ErrWorkerUnavailable, *[Refused].
func (c *Control) Plan(ctx context.Context, o workflows.Order) (activities.Plan, error) {
	if err := CheckOrder(o, c.config.PanelNames()); err != nil {
		return activities.Plan{}, err
	}
	return askPanel[activities.Plan](ctx, c, o.Panel, "Plan", activities.PlanInput{
		ServiceID: o.ServiceID, ClientID: o.ClientID, Package: o.Package, OSTemplate: o.OSTemplate, ServerID: string(o.ServerID),
	}, formsPatience)
}
