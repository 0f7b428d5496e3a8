package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"metalease/internal/control"
	"metalease/internal/statusview"
)

// errNotFound is a server that nobody holds or held, as far as is known.
var errNotFound = errors.New("nothing found")

// find tells whose a server is, or was.
func (c *commandLine) find(ctx context.Context, args []string) error {
	panel := c.flags.String("panel", "", "only this panel, by `NAME`")
	day := c.flags.String("at", "", "who held it then: `DATE` as 2026-01-31 (UTC) or 2026-01-31T12:00:00Z")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	c.configurable()
	rest, err := c.parse(args, 1, "one address, hostname, label, server id or client id")
	if err != nil {
		return err
	}
	at, err := spanOf(*day)
	if err != nil {
		return err
	}
	ctl, names, done, err := c.openPanels(ctx, *panel)
	if err != nil {
		return err
	}
	defer done()
	found, err := ctl.Find(ctx, rest[0], names, at)
	if err != nil {
		return err
	}
	for _, why := range found.Unseen {
		_, _ = fmt.Fprintf(c.errOut, "not asked: %s\n", statusview.Clean(why))
	}
	if len(found.Hits) == 0 {
		return fmt.Errorf("%s: %w; lives that ended before Temporal's retention are gone from it: look for \"released\" in the WHMCS service notes", rest[0], errNotFound)
	}
	if c.asJSON {
		return c.print(found)
	}
	return c.writeHits(found.Hits)
}

// spanOf is a day, or a moment; empty is no span.
func spanOf(text string) (control.Span, error) {
	if text == "" {
		return control.Span{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return control.Span{Begin: day, End: day.AddDate(0, 0, 1)}, nil
	}
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return control.Span{}, wrongUsage("--at %q is no date such as 2026-01-31", text)
	}
	return control.Span{Begin: moment, End: moment.Add(time.Second)}, nil
}

func (c *commandLine) writeHits(hits []control.Hit) error {
	table := [][]string{{"SERVICE", "CLIENT", "PANEL", "SERVER", "HOSTNAME", "ADDRESS", "PHASE", "FROM (UTC)", "TO (UTC)", "WORKFLOW", "IN THE PANEL"}}
	for _, h := range hits {
		var now []string
		if h.Owner != "" {
			now = append(now, "owner "+h.Owner)
		}
		now = append(now, h.Marks...)
		table = append(table, []string{orDash(h.ServiceID), or(h.ClientID), h.Panel, or(strings.TrimSpace(h.Server.ID + " " + h.Server.Label)),
			or(h.Server.Hostname), or(h.Server.IP), or(h.Phase), orNever(h.From), orNever(h.To), or(h.WorkflowID), or(strings.Join(now, ", "))})
	}
	return writeTable(c.out, table)
}

func orNever(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return utc(*at)
}
