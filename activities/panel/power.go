package panel

import (
	"context"
	"time"

	"metalease/activities/edge"
	"metalease/dcim"
)

// PowerUp enables the server, powers it on and waits until the panel shows that
// it is on. The limit counts from the power command; an outage
// of the panel starts it anew. Errors: PowerFailed, and those of people at work.
func (p *Panel) PowerUp(ctx context.Context, b Build) error {
	server, err := p.look(ctx, b.ServerID)
	if err == nil {
		err = p.untouched(ctx, server, b)
	}
	if err == nil {
		err = p.powerUp(ctx, b)
	}
	return edge.Convert(ctx, err)
}

func (p *Panel) powerUp(ctx context.Context, b Build) error {
	server, err := p.look(ctx, b.ServerID)
	if err != nil {
		return err
	}
	if server.IsBlocked() {
		if err := p.write(ctx, b.Target, func() error { return p.Client.Enable(ctx, b.ServerID) }); err != nil {
			return err
		}
		if err := p.watch(ctx, b.ServerID, func(s dcim.Server) (bool, error) { return !s.IsBlocked(), nil }); err != nil {
			return err
		}
	}
	if !server.PowerOn || b.MayPowerOff {
		if err := p.write(ctx, b.Target, func() error { return p.Client.PowerOn(ctx, b.ServerID) }); err != nil {
			return err
		}
	}
	sent := time.Now()
	return p.watch(ctx, b.ServerID, func(s dcim.Server) (bool, error) {
		late := time.Since(sent) > b.Limit
		switch {
		case s.PowerOn && (!b.MayPowerOff || late || time.Since(sent) > p.settle):
			return true, nil
		case s.PowerError && (late || time.Since(sent) > p.settle):
			return false, edge.NonRetryable(edge.ErrPower, "panel %s reports a power error on server %s: check its power unit or IPMI, then retry or replace", p.Client.Name(), b.ServerID)
		case late:
			return false, edge.NonRetryable(edge.ErrPower, "server %s did not power on within %s: check its power unit or IPMI, then retry or replace", b.ServerID, b.Limit)
		}
		return false, nil
	})
}
