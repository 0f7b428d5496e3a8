package proving

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

// Undo puts back the server of a drill that was cut short. It may be repeated.
func (p *Prover) Undo(ctx context.Context, plan Plan) (server string, err error) {
	journal, err := OpenJournal(plan.Journal)
	if err != nil {
		return "", err
	}
	if journal.Panel != p.Client.Name() {
		return "", fmt.Errorf("%s is the journal of a drill on panel %s", plan.Journal, journal.Panel)
	}
	// The save that takes the server may still be on its way: whoever looks too early takes it for one that never came.
	if rest := plan.Window - p.now().Sub(journal.Began); len(journal.Changes) == 0 && rest > 0 {
		if err := p.sleep(ctx, min(rest, plan.Window)); err != nil {
			return journal.Server, err
		}
	}
	return journal.Server, p.undo(ctx, journal, plan)
}

// undo brings the server to what the journal says of it, looks, and ends the journal.
func (p *Prover) undo(ctx context.Context, j *Journal, plan Plan) error {
	self, err := p.Client.Self(ctx)
	if err == nil {
		plan.Server, plan.Holder = j.Server, j.Holder
		d := &drill{Prover: p, plan: plan, self: self, journal: j, teller: teller{newReport(j.Panel), byDrill, p.now}}
		err = d.restore(ctx)
	}
	if err != nil {
		return fmt.Errorf("server %s was not put back: %w; what is left stands in %s, and starter panel drill %s --undo goes on", j.Server, err, j.file, j.Panel)
	}
	return j.done()
}

// restore is complete in itself whatever was done before. Nothing is written to a server that the
// drill does not hold: it never got it, or has given it back already.
func (d *drill) restore(ctx context.Context) error {
	d.say("putting server " + d.plan.Server + " back")
	record, err := d.Client.Record(ctx, d.plan.Server)
	if err != nil {
		return err
	}
	if !strings.Contains(record.Notes, d.journal.Holder) {
		return nil
	}
	for _, step := range []func(context.Context) error{d.stop, d.open, d.dropAddresses, d.repower, d.rename, d.release} {
		if err := d.ours(ctx); err != nil { // the one before may have waited long
			return err
		}
		if err := step(ctx); err != nil {
			return err
		}
	}
	return d.sameAsBefore(ctx)
}

// reach makes a change, if it is needed, and waits for it.
func (d *drill) reach(ctx context.Context, send func() error, shown func(dci5.Element) bool) error {
	row, err := d.row(ctx)
	if err != nil || shown(row) {
		return err
	}
	if err := send(); err != nil {
		return err
	}
	_, err = d.await(ctx, d.Prover.now(), shown)
	return err
}

// stop ends what runs. An install that was accepted and is not shown yet is cancelled as well.
func (d *drill) stop(ctx context.Context) error {
	if slices.Contains(d.journal.Changes, "install") {
		err := d.writes().CancelOperation(ctx, d.plan.Server)
		if err != nil && !dcim.Refused(err) {
			return err
		}
	}
	_, err := d.await(ctx, d.Prover.now(), not(installs))
	return err
}

// open unblocks the server. A block that was accepted and is not shown yet is undone as well.
func (d *drill) open(ctx context.Context) error {
	if !slices.Contains(d.journal.Changes, "block") {
		return nil
	}
	if err := d.writes().Unblock(ctx, d.plan.Server); err != nil {
		return err
	}
	if _, err := d.await(ctx, d.Prover.now(), not(isBlocked)); err != nil {
		return err
	}
	return d.quiet(ctx, "")
}

func (d *drill) dropAddresses(ctx context.Context) error {
	addresses, err := d.Client.Addresses(ctx, d.plan.Server)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		if slices.Contains(d.journal.Before.Addresses, a.ID) {
			continue
		}
		if err := d.writes().DeleteAddress(ctx, d.plan.Server, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// repower sends the command whatever is shown, if there was one: an earlier one may not show yet.
func (d *drill) repower(ctx context.Context) error {
	touched := slices.ContainsFunc(d.journal.Changes, func(c string) bool { return strings.HasPrefix(c, "power ") || c == "install" })
	to, shown := dcim.PowerOn, isOn
	switch {
	case !touched:
		return nil
	case d.journal.Before.PowerOff:
		to, shown = dcim.PowerOff, isOff
	case !d.journal.Before.PowerOn:
		return nil
	}
	if err := d.writes().Power(ctx, d.plan.Server, to); err != nil {
		return err
	}
	_, err := d.await(ctx, d.Prover.now(), shown)
	return err
}

func (d *drill) rename(ctx context.Context) error {
	return d.reach(ctx, func() error {
		return d.writes().NameAddress(ctx, d.plan.Server, d.journal.Before.Main, d.journal.Before.Hostname)
	}, func(row dci5.Element) bool { return row.Get("hostname") == d.journal.Before.Hostname })
}

// release gives the server up, and is the last change.
func (d *drill) release(ctx context.Context) error {
	err := d.writes().Update(ctx, d.plan.Server, func(r dcim.Record) (dcim.Change, error) {
		if err := held(r, d.journal, d.self); err != nil {
			return dcim.Change{}, err
		}
		return dcim.Unassign(d.journal.Before.Notes), nil
	})
	if dcim.Uncertain(err) {
		record, readErr := d.Client.Record(ctx, d.plan.Server)
		if readErr == nil && record.Owner == "" && !strings.Contains(record.Notes, d.journal.Holder) {
			return nil
		}
	}
	return err
}

// sameAsBefore looks once more. Diagnostics that the panel starts by itself are its own affair.
func (d *drill) sameAsBefore(ctx context.Context) error {
	b := d.journal.Before
	record, err := d.Client.Record(ctx, d.plan.Server)
	if err != nil {
		return err
	}
	if strings.ReplaceAll(record.Notes, "\r\n", "\n") != strings.ReplaceAll(b.Notes, "\r\n", "\n") {
		return errors.New("its notes differ from those before")
	}
	_, err = d.await(ctx, d.Prover.now(), func(row dci5.Element) bool {
		return row.Get("owner") == "" && row.Get("hostname") == b.Hostname && !isBlocked(row) && !installs(row)
	})
	if errors.Is(err, errLate) {
		return errors.New("the panel does not show it as free")
	}
	return err
}

// DefaultPlan has the times of a real panel, whose calls take up to a timeout: a claim that had
// looked before ours looks and saves within two.
func DefaultPlan(timeout time.Duration) Plan {
	return Plan{Group: "public", Limit: 10 * time.Minute, Poll: time.Second, Window: 2 * timeout}
}
