package proving

import (
	"context"
	"crypto/rand"
	"fmt"

	"metalease/dcim"
)

// askInstall announces an install in the mark and asks for it, with a password that nobody knows.
func (d *drill) askInstall(ctx context.Context) error {
	d.installs++
	if err := d.save(ctx, d.notes(fmt.Sprintf("installing %d", d.installs))); err != nil {
		return err
	}
	return d.change(ctx, "install", func() error {
		return d.writes().Install(ctx, d.plan.Server, dcim.Install{Template: d.plan.Template, Password: rand.Text()})
	})
}

func (d *drill) blockedInstall(ctx context.Context) error {
	err := d.oneInstall(ctx)
	switch {
	case dcim.Refused(err):
		d.told("blocked-install", "refused")
		return nil
	case err != nil:
		return err
	}
	d.told("blocked-install", "yes")
	return nil
}

// cancel ends the install that runs, and looks what that leaves.
func (d *drill) cancel(ctx context.Context) error {
	err := d.timed(ctx, "cancel-time", "cancel", func() error { return d.writes().CancelOperation(ctx, d.plan.Server) }, not(installs))
	if err != nil {
		return err
	}
	row, err := d.row(ctx)
	if err != nil {
		return err
	}
	d.told("cancel-leaves", "nothing")
	if row.Has("operation_failed") {
		d.told("cancel-leaves", "operation_failed")
	}
	return nil
}

// install makes one, and where a failure is left another one, to see when that goes.
func (d *drill) install(ctx context.Context) error {
	if err := d.oneInstall(ctx); err != nil {
		return err
	}
	if _, told := d.Seen["failure-clears"]; told || d.Seen["cancel-leaves"].Value != "operation_failed" {
		return nil
	}
	return d.oneInstall(ctx)
}

// oneInstall asks for an install, sees it begin, looks while it runs, and cancels it.
func (d *drill) oneInstall(ctx context.Context) error {
	row, err := d.row(ctx)
	if err != nil {
		return err
	}
	if err := d.askInstall(ctx); err != nil {
		return err
	}
	since := d.Prover.now()
	if row.Has("operation_failed") {
		if err := d.seeFailureGo(ctx); err != nil {
			return err
		}
	}
	took, err := d.await(ctx, since, installs)
	if err != nil {
		return err
	}
	d.took("install-time", took)
	if err := d.whileItRuns(ctx); err != nil {
		return err
	}
	return d.cancel(ctx)
}

// seeFailureGo looks right after an install was accepted whether an old failure is still shown.
func (d *drill) seeFailureGo(ctx context.Context) error {
	row, err := d.row(ctx)
	switch {
	case err != nil:
		return err
	case installs(row): // both came at once
	case row.Has("operation_failed"):
		d.told("failure-clears", "when it begins")
	default:
		d.told("failure-clears", "when accepted")
	}
	return nil
}

// whileItRuns looks at the template, and asks for a second install.
func (d *drill) whileItRuns(ctx context.Context) error {
	template, err := d.Client.InstalledTemplate(ctx, d.plan.Server)
	switch {
	case err != nil:
		return err
	case d.journal.Before.Template == d.plan.Template:
	case template == d.plan.Template:
		d.told("template-shown", "at once")
	default:
		d.told("template-shown", "when done")
	}
	if _, told := d.Seen["second-install"]; told {
		return nil
	}
	err = d.askInstall(ctx)
	switch {
	case dcim.Refused(err):
		d.told("second-install", "refused")
	case err != nil:
		return err
	default:
		d.told("second-install", "accepted")
	}
	return nil
}

// tellDisks says what the installs have left: a server that was free and is free again, without what was on its disks.
func (d *drill) tellDisks(ctx context.Context) {
	if d.installs == 0 {
		return
	}
	shown := func(template string) string {
		if template == "" {
			return "no template"
		}
		return "the template " + template
	}
	text := fmt.Sprintf("what was on the disks is lost: %d installs of %s were asked for, and what began was cancelled, so that no working system is on them", d.installs, d.plan.Template)
	if after, err := d.Client.InstalledTemplate(ctx, d.plan.Server); err == nil {
		text += fmt.Sprintf("; the panel shows %s (before: %s)", shown(after), shown(d.journal.Before.Template))
	}
	d.Notes = append(d.Notes, text+"; every order installs anew")
}
