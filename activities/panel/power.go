package panel

import (
	"context"
	"errors"
	"time"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/dcim"
)

// PowerUp enables the server, powers it on and waits until the panel shows that
// it is on. The limit counts from the power command; an outage
// of the panel starts it anew. Errors: PowerFailed, and those of people at work.
func (p *Panel) PowerUp(ctx context.Context, b Build) error {
	server, err := p.fresh(ctx, b.ServerID)
	if err != nil {
		return err
	}
	if err := p.untouched(ctx, server, b); err != nil {
		return err
	}
	return p.powerUp(ctx, b)
}

func (p *Panel) powerUp(ctx context.Context, b Build) error {
	server, err := p.fresh(ctx, b.ServerID)
	if err != nil {
		return err
	}
	if server.Blocked {
		if err := p.write(ctx, b.Target, func() error { return p.backend.Unblock(ctx, b.ServerID) }); err != nil {
			return err
		}
		if err := p.watch(ctx, b.ServerID, func(s dcim.Server) (bool, error) { return !s.Blocked, nil }); err != nil {
			return err
		}
	}
	if !server.PowerOn || b.MayPowerOff {
		if err := p.write(ctx, b.Target, func() error { return p.backend.Power(ctx, b.ServerID, dcim.PowerOn) }); err != nil {
			return err
		}
	}
	sent := time.Now()
	return p.watch(ctx, b.ServerID, func(s dcim.Server) (bool, error) {
		late := time.Since(sent) > b.Limit
		switch {
		case s.PowerOn && (!b.MayPowerOff || late || time.Since(sent) > p.Settle):
			return true, nil
		case s.PowerError && (late || time.Since(sent) > p.Settle):
			return false, edge.NonRetryable(edge.ErrPower, "panel %s reports a power error on server %s: check its power unit or IPMI, then retry or replace", p.backend.Name(), b.ServerID)
		case late:
			return false, edge.NonRetryable(edge.ErrPower, "server %s did not power on within %s: check its power unit or IPMI, then retry or replace", b.ServerID, b.Limit)
		}
		return false, nil
	})
}

// PowerDown powers the server off while it is still blocked and verifies it.
// Errors: NotPoweredOff; then nothing more may be undone.
func (p *Panel) PowerDown(ctx context.Context, t Target) error {
	if err := p.permit(ctx, t, engine.DestroyStep); err != nil {
		return err
	}
	ctx = dcim.Urgent(ctx)
	err := p.write(ctx, t, func() error { return p.backend.Power(ctx, t.ServerID, dcim.PowerOff) })
	if refusedPowerOff(err) {
		return edge.NonRetryable(edge.ErrNotOff, "panel %s refuses to power off the blocked server %s: %s", p.backend.Name(), t.ServerID, err)
	}
	if err != nil {
		return err
	}
	sent := time.Now()
	return p.watch(ctx, t.ServerID, func(s dcim.Server) (bool, error) {
		late := time.Since(sent) > p.ReleaseTimeout
		switch {
		case s.PowerError && (late || time.Since(sent) > p.Settle):
			return false, edge.NonRetryable(edge.ErrNotOff, "panel %s reports a power error on server %s", p.backend.Name(), t.ServerID)
		case s.PowerOff && !s.PowerOn && !s.PowerError:
			return true, nil
		case late:
			return false, edge.NonRetryable(edge.ErrNotOff, "server %s did not power off within %s", t.ServerID, p.ReleaseTimeout)
		}
		return false, nil
	})
}

// refusedPowerOff tells whether the panel has refused the power off of this server: not our
// login or rights, which a person repairs, and not the read before it.
func refusedPowerOff(err error) bool {
	return dcim.Refused(err) && !errors.Is(err, dcim.ErrCredentials) && !errors.Is(err, dcim.ErrAccess) && !errors.Is(err, dcim.ErrLicense)
}
