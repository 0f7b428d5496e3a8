package control

import (
	"context"

	"metalease/activities/panel"
	"metalease/workflows/api"
)

// Plan tells what an order would get now; nothing is written. Errors: [Invalid],
// ErrWorkerUnavailable, *[Refused].
func (c *Control) Plan(ctx context.Context, o api.Order) (panel.Plan, error) {
	if err := CheckOrder(o, c.config.PanelNames()); err != nil {
		return panel.Plan{}, err
	}
	return askPanel[panel.Plan](ctx, c, o.Panel, "Plan", panel.PlanInput{
		ServiceID: o.ServiceID, ClientID: o.ClientID, Package: o.Package, OSTemplate: o.OSTemplate, ServerID: string(o.ServerID),
	}, formsTimeout)
}
