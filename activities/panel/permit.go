package panel

import (
	"context"
	"metalease/activities/engine"
)

// permit asks the panel's brakes for a service. A panel without brakes has none to ask.
func (p *Panel) permit(ctx context.Context, t Target, kind engine.Destruction) error {
	if p.brakes == nil {
		return nil
	}
	limit := p.releasesPerHour
	if kind == engine.DestroyBlock {
		limit = p.blocksPerHour
	}
	return p.brakes.Permit(ctx, p.Client.Name(), engine.Permit{Kind: kind, ServiceID: t.ServiceID, Limit: limit, Approved: t.Approved})
}
