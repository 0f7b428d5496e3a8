package panel

import (
	"context"

	"metalease/dcim"
)

// CancelOperation stops what runs on the server and waits until it has stopped. An operation
// that ends by itself meanwhile is stopped as well, whatever the panel answers. Errors: NotDone.
func (p *Panel) CancelOperation(ctx context.Context, t Target) error {
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil || !server.Installing {
		return err
	}
	send := func() error {
		return p.writeOurs(ctx, t, func(ctx context.Context) error { return p.backend.CancelOperation(ctx, t.ServerID) })
	}
	done := func(s dcim.Server) (bool, error) { return !s.Installing, nil }
	return p.reach(ctx, t.ServerID, change{what: "cancel the operation on server", send: send, done: done, limit: p.ReleaseTimeout, settle: p.Settle})
}
