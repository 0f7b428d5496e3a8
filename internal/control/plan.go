package control

import (
	"context"

	onpanel "metalease/activities/panel"
	"metalease/workflows/api"
)

// Plan tells what an order would get now; nothing is written. Errors: [Invalid],
// ErrWorkerUnavailable, *[Refused].
func (c *Control) Plan(ctx context.Context, o api.Order) (onpanel.Plan, error) {
	if err := CheckOrder(o, c.config.PanelNames()); err != nil {
		return onpanel.Plan{}, err
	}
	return askPanel[onpanel.Plan](ctx, c, o.Panel, "Plan", onpanel.PlanInput{
		ServiceID: o.ServiceID, ClientID: o.ClientID, Package: o.Package, OSTemplate: o.OSTemplate, ServerID: string(o.ServerID),
	}, formsPatience)
}
