package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"metalease/activities/drift"
	"metalease/internal/clean"
	"metalease/internal/control"
)

// comparing says on the error output how far a comparison is, each news once.
func (c *commandLine) comparing(panel string) func(control.Comparison) {
	said := ""
	return func(now control.Comparison) {
		if line := comparison(now); line != "" && line != said {
			said = line
			_, _ = fmt.Fprintf(c.Err, "panel %s: %s\n", panel, clean.Visible(line))
		}
	}
}

// comparison is a line about a comparison that runs; a tenth of the forms is news.
func comparison(now control.Comparison) string {
	p := now.Progress
	switch {
	case len(now.Trouble) > 0:
		return fmt.Sprintf("%s; it is tried again", now.Trouble[0].LastError)
	case p.All > 0:
		return fmt.Sprintf("%s, %d %% of %d", p.Doing, p.Done*10/p.All*10, p.All)
	}
	return p.Doing
}

func (c *commandLine) writeDrifts(views []control.DriftView) error {
	for i, view := range views {
		if i > 0 {
			_, _ = fmt.Fprintln(c.Out)
		}
		if err := c.writeDrift(view); err != nil {
			return err
		}
	}
	return nil
}

func (c *commandLine) writeDrift(view control.DriftView) error {
	if f := view.Failed; f != nil {
		_, _ = fmt.Fprintf(c.Out, "panel %s: the comparison of %s %s: %s\n", view.Panel, utc(f.Since), f.Ending, clean.Visible(f.Why))
	}
	if running := view.Running; running != nil {
		_, _ = fmt.Fprintf(c.Out, "panel %s: is being compared since %s; %s\n", view.Panel, utc(running.Since), clean.Visible(comparison(*running)))
	}
	r := view.Report
	if r == nil {
		return c.say("panel %s: not compared yet; starter drift --now does it now", view.Panel)
	}
	_, _ = fmt.Fprintf(c.Out, "panel %s, compared %s; servers: %d, services: %d, lifecycles: %d\n", r.Panel, utc(r.AsOf), r.Servers, r.Services, r.Lifecycles)
	if r.Unread != "" {
		_, _ = fmt.Fprintln(c.Out, clean.Visible(r.Unread))
	}
	if len(r.Drifts) == 0 {
		return c.say("no drift")
	}
	rows := [][]string{{"ID", "SEVERITY", "SINCE (UTC)", "SERVICE", "SERVER", "WHAT"}}
	for _, d := range r.Drifts {
		rows = append(rows,
			[]string{d.ID, string(d.Severity), utc(d.Since), idOr(d.ServiceID, none), cmp.Or(strings.TrimSpace(d.ServerID+" "+d.Label), none), d.What},
			[]string{"", "", "", "", "", "  " + remedy(d)})
		if d.Cause != "" {
			rows = slices.Insert(rows, len(rows)-1, []string{"", "", "", "", "", "  why: " + d.Cause})
		}
	}
	if err := c.table(rows); err != nil {
		return err
	}
	for _, beyond := range r.Beyond {
		_, _ = fmt.Fprintf(c.Out, "and %d more of kind %s, which were not looked at twice\n", beyond.Count, beyond.Kind)
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
