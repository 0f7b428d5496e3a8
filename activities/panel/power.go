package panel

import (
	"context"
	"time"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/dcim"
	"metalease/internal/lanes"
)

// asBuilt is a server that is being built, as the panel shows it now, if nobody has touched it. One
// that somebody blocked is unblocked when a person wants that. Errors: those of people at work.
func (p *Panel) asBuilt(ctx context.Context, b Build) (dcim.Server, error) {
	server, err := p.fresh(ctx, b.ServerID)
	if err != nil {
		return dcim.Server{}, err
	}
	if err := p.untouched(ctx, server, b); err != nil || !server.Blocked {
		return server, err
	}
	return p.fresh(ctx, b.ServerID)
}

// powerUp enables and powers on a server that was just seen so.
func (p *Panel) powerUp(ctx context.Context, b Build, server dcim.Server) error {
	return p.powerUpBy(ctx, b, server, func() error {
		return p.write(ctx, b.Target, func(ctx context.Context) error { return p.backend.Power(ctx, b.ServerID, dcim.PowerOn) })
	})
}

// powerUpBy is powerUp with how the server is switched on, which one that is on is not.
func (p *Panel) powerUpBy(ctx context.Context, b Build, server dcim.Server, power func() error) error {
	if server.Blocked {
		if err := p.unblock(ctx, b.Target); err != nil {
			return err
		}
	}
	if server.PowerOn && !b.MayPowerOff {
		power = nil
	}
	done := p.powered(dcim.PowerOn, b.MayPowerOff, b.Limit, func() error {
		return edge.NonRetryable(edge.ErrPower, "panel %s reports a power error on server %s: check its power unit or IPMI, then retry or replace", p.backend.Name(), b.ServerID)
	})
	return p.reach(ctx, b.ServerID, change{what: "power on server", send: power, done: done, kind: edge.ErrPower, limit: b.Limit})
}

// PowerDown powers the server off while it is still blocked and verifies it. Only a server that
// was taken from its customer is powered off. Errors: NotDue; NotPoweredOff.
func (p *Panel) PowerDown(ctx context.Context, t Target) error {
	ctx = lanes.Urgent(ctx)
	if err := p.permitDue(ctx, t, engine.DestroyStep, billing.NotForRelease); err != nil {
		return err
	}
	power := func() error {
		return p.writeOurs(ctx, t, func(ctx context.Context) error { return p.backend.Power(ctx, t.ServerID, dcim.PowerOff) })
	}
	done := p.powered(dcim.PowerOff, false, p.ReleaseTimeout, func() error {
		return edge.NonRetryable(edge.ErrNotOff, "panel %s reports a power error on server %s", p.backend.Name(), t.ServerID)
	})
	err := p.reach(ctx, t.ServerID, change{what: "power off server", send: power, done: done, kind: edge.ErrNotOff, limit: p.ReleaseTimeout})
	if refusedForServer(err) {
		return edge.NonRetryable(edge.ErrNotOff, "panel %s refuses to power off the blocked server %s: %s", p.backend.Name(), t.ServerID, err)
	}
	return err
}

// powered is what a wait for a power state looks for. A power error may be left from before, so it
// counts once the panel has had time to show what it was asked for; in doubt about what else may
// come, so does the wanted state.
func (p *Panel) powered(to dcim.Power, doubt bool, limit time.Duration, failed func() error) func(dcim.Server) (bool, error) {
	sent := time.Now()
	return func(s dcim.Server) (bool, error) {
		settled := time.Since(sent) > min(p.Settle, limit)
		switch {
		case shows(s, to) && (!doubt || settled):
			return true, nil
		case s.PowerError && settled:
			return false, failed()
		}
		return false, nil
	}
}

// shows tells whether the panel shows a power state. A power error is not off.
func shows(s dcim.Server, to dcim.Power) bool {
	if to == dcim.PowerOff {
		return s.PowerOff && !s.PowerOn && !s.PowerError
	}
	return s.PowerOn
}
