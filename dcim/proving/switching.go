package proving

import (
	"context"
	"errors"
	"slices"
	"time"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

func isBlocked(row dci5.Element) bool { return row.Has("blocked") || row.Has("disabled") }
func isOn(row dci5.Element) bool      { return row.Has("poweron") }
func isOff(row dci5.Element) bool     { return row.Has("poweroff") && !row.Has("poweron") }
func installs(row dci5.Element) bool  { return row.Has("install_in_progress") }

func not(is func(dci5.Element) bool) func(dci5.Element) bool {
	return func(row dci5.Element) bool { return !is(row) }
}

// timed makes a change and waits until the list shows it.
func (d *drill) timed(ctx context.Context, fact, what string, send func() error, shown func(dci5.Element) bool) error {
	since := d.Prover.now()
	if err := d.change(ctx, what, send); err != nil {
		return err
	}
	took, err := d.await(ctx, since, shown)
	if errors.Is(err, errLate) {
		if fact != "" {
			d.Unanswered[fact] = err.Error()
		}
		d.Notes = append(d.Notes, what+": "+err.Error())
		return nil
	}
	if err == nil && fact != "" {
		d.took(fact, took)
	}
	return err
}

func (d *drill) power(ctx context.Context, to dcim.Power) func() error {
	return func() error { return d.writes().Power(ctx, d.plan.Server, to) }
}

// powerOn switches the server on, so that it is known whether a blocked one is switched off.
func (d *drill) powerOn(ctx context.Context) error {
	row, err := d.row(ctx)
	if err != nil || isOn(row) {
		return err
	}
	return d.timed(ctx, "power-on-time", "power on", d.power(ctx, dcim.PowerOn), isOn)
}

func (d *drill) block(ctx context.Context) error {
	err := d.timed(ctx, "block-time", "block", func() error { return d.writes().Block(ctx, d.plan.Server) }, isBlocked)
	if err != nil {
		return err
	}
	if err := d.quiet(ctx, ""); err != nil {
		return err
	}
	row, err := d.row(ctx)
	switch {
	case err != nil:
		return err
	case row.Has("blocked") && row.Has("disabled"):
		d.told("blocked-flags", "blocked and disabled")
	case row.Has("disabled"):
		d.told("blocked-flags", "disabled")
	case row.Has("blocked"):
		d.told("blocked-flags", "blocked")
	}
	return nil
}

// quiet waits until no port is being switched.
func (d *drill) quiet(ctx context.Context, fact string) error {
	since := d.Prover.now()
	for {
		ports, err := d.Client.Ports(ctx, d.plan.Server)
		took := d.Prover.now().Sub(since)
		switch {
		case err != nil:
			return err
		case !slices.ContainsFunc(ports, func(p dcim.Port) bool { return p.Busy }):
			if fact != "" {
				d.took(fact, took.Round(time.Millisecond))
			}
			return nil
		case took > d.plan.Limit:
			d.Notes = append(d.Notes, "ports stayed busy for longer than "+d.plan.Limit.String())
			return nil
		}
		if err := d.sleep(ctx, d.plan.Poll); err != nil {
			return err
		}
	}
}

// blockedPower tries both commands on the blocked server.
func (d *drill) blockedPower(ctx context.Context) error {
	for _, try := range []struct {
		fact, timed string
		to          dcim.Power
		shown       func(dci5.Element) bool
	}{
		{"blocked-power-off", "power-off-time", dcim.PowerOff, isOff},
		{"blocked-power-on", "power-on-time", dcim.PowerOn, isOn},
	} {
		row, err := d.row(ctx)
		if err != nil {
			return err
		}
		timed := try.timed
		if _, told := d.Seen[timed]; told || try.shown(row) {
			timed = ""
		}
		err = d.timed(ctx, timed, "power "+string(try.to)+" while blocked", d.power(ctx, try.to), try.shown)
		switch {
		case dcim.Refused(err):
			d.told(try.fact, "refused")
		case err != nil:
			return err
		default:
			d.told(try.fact, "yes")
		}
	}
	return nil
}

func (d *drill) cancelIdle(ctx context.Context) error {
	err := d.change(ctx, "cancel", func() error { return d.writes().CancelOperation(ctx, d.plan.Server) })
	switch {
	case dcim.Refused(err):
		d.told("cancel-idle", "refused")
	case err != nil:
		return err
	default:
		d.told("cancel-idle", "accepted")
	}
	return nil
}

func (d *drill) unblock(ctx context.Context) error {
	since := d.Prover.now()
	err := d.timed(ctx, "unblock-time", "unblock", func() error { return d.writes().Unblock(ctx, d.plan.Server) }, not(isBlocked))
	if err != nil {
		return err
	}
	if err := d.quiet(ctx, "ports-time"); err != nil {
		return err
	}
	d.took("ports-time", d.Prover.now().Sub(since).Round(time.Millisecond))
	return errors.Join(d.timePower(ctx, "power-off-time", dcim.PowerOff, isOn, isOff), d.timePower(ctx, "power-on-time", dcim.PowerOn, isOff, isOn))
}

// timePower makes a power command for its time alone, if that is not known yet.
func (d *drill) timePower(ctx context.Context, fact string, to dcim.Power, from, shown func(dci5.Element) bool) error {
	row, err := d.row(ctx)
	if _, told := d.Seen[fact]; told || err != nil || !from(row) {
		return err
	}
	return d.timed(ctx, fact, "power "+string(to), d.power(ctx, to), shown)
}
