package panel

import (
	"cmp"
	"context"
	"time"

	"go.temporal.io/sdk/activity"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/dcim"
)

// SwitchPower switches a customer's server on or off, or reboots it, and waits until the panel shows
// it. What is so already is not switched again. A reboot is asked for once: no read tells whether it
// was done. Errors: OwnershipLost, NotNow, TooLate, PowerFailed, RebootUnknown.
func (p *Panel) SwitchPower(ctx context.Context, in tenant.Power) error {
	in.Limit = cmp.Or(in.Limit, defaultLimit)
	switch to := dcim.Power(in.Action); to {
	case dcim.PowerOn, dcim.PowerOff:
		return p.switchTo(ctx, in, to)
	case dcim.Reboot:
		return p.reboot(ctx, in)
	}
	return edge.NonRetryable(edge.ErrBadOrder, "power is switched on or off, or rebooted, and not %q", in.Action)
}

// askedPowerKey tells the attempts after one that it may have asked: from then on it is not too late.
const askedPowerKey = "asked"

func (p *Panel) switchTo(ctx context.Context, in tenant.Power, to dcim.Power) error {
	_, asked := edge.Recall[bool](ctx, askedPowerKey)
	if err := stillInTime(in.Server, asked); err != nil {
		return err
	}
	server, err := p.fresh(ctx, in.ServerID)
	if err != nil {
		return err
	}
	if !asked {
		if err := p.ready(ctx, server); err != nil {
			return err
		}
	}
	if shows(server, to) && !in.Unsettled {
		_, err := p.theirs(ctx, in.Server)
		return err
	}
	done := p.powered(to, in.Unsettled, in.Limit, func() error { return p.powerError(in) })
	return p.reach(ctx, in.ServerID, change{what: "power " + in.Action + " server", kind: edge.ErrPower, limit: in.Limit,
		send: func() error { return p.askPower(ctx, in, to) },
		done: p.whileTheirs(in.Server, done)})
}

// askPower asks for the power once more, unless nobody would want that any more.
func (p *Panel) askPower(ctx context.Context, in tenant.Power, to dcim.Power) error {
	_, asked := edge.Recall[bool](ctx, askedPowerKey)
	if asked && inTime(in.Server) != nil {
		return nil
	}
	edge.Keep(ctx, askedPowerKey, true)
	err := p.wish(ctx, in.Server, func(ctx context.Context) error { return p.sendPower(ctx, in.Server, to) })
	if err != nil && !asked && !dcim.Uncertain(err) {
		edge.Forget(ctx, askedPowerKey)
	}
	return err
}

func (p *Panel) sendPower(ctx context.Context, in tenant.Server, to dcim.Power) error {
	if in.AsCustomer {
		return p.backend.PowerAs(ctx, in.Account, in.ServerID, to)
	}
	return p.backend.Power(ctx, in.ServerID, to)
}

func (p *Panel) powerError(in tenant.Power) error {
	return edge.NonRetryable(edge.ErrPower, "panel %s reports a power error on server %s after power %s, for which it has %s: check its power unit or IPMI",
		p.backend.Name(), in.ServerID, in.Action, in.Limit)
}

// acceptedKey is when the panel has accepted a reboot.
const acceptedKey = "accepted"

// rebootNumber stands for a reboot where installs have their number.
const rebootNumber = 0

// reboot asks once. An attempt that was asked for before, and cannot tell whether it was heard,
// reboots nothing: two reboots are worse than none.
func (p *Panel) reboot(ctx context.Context, in tenant.Power) error {
	if _, accepted := edge.Recall[time.Time](ctx, acceptedKey); !accepted {
		if !mayReboot(activity.GetInfo(ctx).Attempt, unsentBefore(ctx, rebootNumber)) {
			return p.rebootUnknown(in)
		}
		if err := p.askReboot(ctx, in); err != nil {
			return err
		}
	}
	done := p.powered(dcim.PowerOn, true, in.Limit, func() error { return p.powerError(in) })
	return p.reach(ctx, in.ServerID, change{what: "show power on after the reboot of server", kind: edge.ErrPower, limit: in.Limit,
		done: p.whileTheirs(in.Server, done)})
}

// mayReboot tells whether an attempt knows that none before it has asked.
func mayReboot(attempt int32, unsent bool) bool { return attempt <= 1 || unsent }

func (p *Panel) askReboot(ctx context.Context, in tenant.Power) error {
	if err := inTime(in.Server); err != nil {
		return err
	}
	server, err := p.fresh(ctx, in.ServerID)
	if err == nil {
		err = p.ready(ctx, server)
	}
	if err == nil {
		err = p.wish(ctx, in.Server, func(ctx context.Context) error { return p.sendPower(ctx, in.Server, dcim.Reboot) })
	}
	switch {
	case err == nil:
		edge.Forget(ctx, unsentKey)
		edge.Keep(ctx, acceptedKey, time.Now())
	case dcim.Uncertain(err):
		return p.rebootUnknown(in)
	default:
		keepUnsent(ctx, rebootNumber)
	}
	return err
}

func (p *Panel) rebootUnknown(in tenant.Power) error {
	return edge.NonRetryable(edge.ErrRebootUnknown, "panel %s was asked to reboot server %s, or may have been, and its answer was lost: nobody can tell whether it was rebooted, and it is not asked again",
		p.backend.Name(), in.ServerID)
}
