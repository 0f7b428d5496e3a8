package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"metalease/activities/drift"
	"metalease/internal/control"
	"metalease/internal/statusview"
)

// drift shows how panel, WHMCS and workflows differ, or repairs one difference.
func (c *commandLine) drift(ctx context.Context, args []string) error {
	panel := c.flags.String("panel", "", "only this panel, by `NAME`")
	now := c.flags.Bool("now", false, "compare now, and wait for it; else the newest report is shown")
	yes := c.flags.BoolP("yes", "y", false, "with repair: do not ask")
	wait := duration(10 * time.Minute)
	c.flags.Var(&wait, "wait", "with repair: how long to wait for its end; it goes on in any case")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	c.configurable()
	id, err := c.finding(args)
	if err != nil {
		return err
	}
	ctl, names, done, err := c.openPanels(ctx, *panel)
	if err != nil {
		return err
	}
	defer done()
	views := make([]control.DriftView, len(names))
	for i, name := range names {
		if views[i], err = c.look(ctx, ctl, name, *now); err != nil {
			return aboutPanel(name, err)
		}
	}
	switch {
	case id != "":
		return c.repair(ctx, ctl, id, views, *yes, time.Duration(wait))
	case c.asJSON:
		return c.print(views)
	}
	return writeDrifts(c.out, views)
}

// look returns the newest report of a panel, or makes one.
func (c *commandLine) look(ctx context.Context, ctl *control.Control, panel string, now bool) (control.DriftView, error) {
	if !now {
		return ctl.Drift(ctx, panel)
	}
	report, err := ctl.CompareNow(ctx, panel, c.tellProgress(panel))
	return control.DriftView{Panel: panel, Report: report}, err
}

// finding reads the flags and, behind the word repair, an id.
func (c *commandLine) finding(args []string) (string, error) {
	if len(args) == 0 || args[0] != "repair" {
		_, err := c.parse(args, 0, "no argument, or: repair ID")
		return "", err
	}
	rest, err := c.parse(args[1:], 1, "repair and one ID, as it shows it")
	if err != nil {
		return "", err
	}
	return rest[0], nil
}

// tellProgress says on the error output how far a comparison is, each news once.
func (c *commandLine) tellProgress(panel string) func(control.Comparison) {
	said := ""
	return func(now control.Comparison) {
		if line := progress(now); line != "" && line != said {
			said = line
			_, _ = fmt.Fprintf(c.errOut, "panel %s: %s\n", panel, statusview.Clean(line))
		}
	}
}

// progress is a line about a comparison that runs; a tenth of the forms is news.
func progress(now control.Comparison) string {
	p := now.Progress
	switch {
	case len(now.Trouble) > 0:
		return fmt.Sprintf("%s; it is tried again", now.Trouble[0].LastError)
	case p.All > 0:
		return fmt.Sprintf("%s, %d %% of %d", p.Doing, p.Done*10/p.All*10, p.All)
	}
	return p.Doing
}

func writeDrifts(w io.Writer, views []control.DriftView) error {
	for i, view := range views {
		if i > 0 {
			_, _ = fmt.Fprintln(w)
		}
		if err := writeDrift(w, view); err != nil {
			return err
		}
	}
	return nil
}

func writeDrift(w io.Writer, view control.DriftView) error {
	if f := view.Failed; f != nil {
		_, _ = fmt.Fprintf(w, "panel %s: the comparison of %s %s: %s\n", view.Panel, utc(f.Since), f.Ending, statusview.Clean(f.Why))
	}
	if running := view.Running; running != nil {
		_, _ = fmt.Fprintf(w, "panel %s: is being compared since %s; %s\n", view.Panel, utc(running.Since), statusview.Clean(progress(*running)))
	}
	r := view.Report
	if r == nil {
		_, err := fmt.Fprintf(w, "panel %s: not compared yet; starter drift --now does it now\n", view.Panel)
		return err
	}
	_, _ = fmt.Fprintf(w, "panel %s, compared %s; servers: %d, services: %d, lifecycles: %d\n", r.Panel, utc(r.AsOf), r.Servers, r.Services, r.Lifecycles)
	if len(r.Drifts) == 0 {
		_, err := fmt.Fprintln(w, "no drift")
		return err
	}
	table := [][]string{{"ID", "SEVERITY", "SINCE (UTC)", "SERVICE", "SERVER", "WHAT"}}
	for _, d := range r.Drifts {
		table = append(table, []string{d.ID, string(d.Severity), utc(d.Since), orDash(d.ServiceID), or(strings.TrimSpace(d.ServerID + " " + d.Label)), d.What})
		table = append(table, []string{"", "", "", "", "", "  " + remedy(d)})
	}
	if err := writeTable(w, table); err != nil {
		return err
	}
	for _, beyond := range r.Beyond {
		_, _ = fmt.Fprintf(w, "and %d more of kind %s, which were not looked at twice\n", beyond.Count, beyond.Kind)
	}
	return nil
}

// remedy says who can repair it, and how.
func remedy(d drift.Drift) string {
	if d.Repair == "" {
		return "by hand: " + d.Advice
	}
	return "repair: " + d.Repair
}

// repair repairs one finding, after a look that it still holds.
func (c *commandLine) repair(ctx context.Context, ctl *control.Control, id string, views []control.DriftView, yes bool, wait time.Duration) error {
	panel, reported, err := control.FindDrift(id, views...)
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	found, err := ctl.Recheck(ctx, panel, reported, recheckPatience)
	switch {
	case err != nil:
		return aboutPanel(panel, err)
	case found == nil:
		return c.say("%s does not hold any more; nothing was done", id)
	case found.Remedy == drift.RemedyNone:
		return fmt.Errorf("%s: only a person can repair this. %s: %s", id, found.What, found.Advice)
	}
	_, _ = fmt.Fprintf(c.errOut, "%s\nThe repair: %s.\n", statusview.Clean(found.What), statusview.Clean(found.Repair))
	if found.Remedy.Destructive() && !yes {
		if !c.asks() {
			return wrongUsage("drift repair %s needs --yes when nobody can be asked", id)
		}
		_, _ = fmt.Fprint(c.errOut, "Do it? [y/N] ")
		if err := c.yes(ctx); err != nil {
			return err
		}
	}
	result, err := ctl.Repair(ctx, panel, *found, wait)
	switch {
	case errors.Is(err, control.ErrStillRepairing):
		return c.say("%s", err)
	case err != nil:
		return aboutPanel(panel, err)
	case c.asJSON:
		return c.print(result)
	}
	return c.say("%s: %s", id, statusview.Clean(result.What))
}

// recheckPatience is how long a second look may take while a person waits.
const recheckPatience = 2 * time.Minute

func utc(at time.Time) string { return at.UTC().Format(time.DateTime) }

func orDash(id int) string {
	if id == 0 {
		return or("")
	}
	return strconv.Itoa(id)
}
