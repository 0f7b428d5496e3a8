package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api"
)

// listPage is how many services are asked for at a time.
const listPage = 200

func (c *commandLine) list(ctx context.Context, args []string) error {
	var f control.Filter
	c.flags.StringVar(&f.Phase, "phase", "", "only this `PHASE`: "+phases())
	c.flags.StringVar(&f.ClientID, "client", "", "only this WHMCS client `ID`")
	c.flags.StringVar(&f.Panel, "panel", "", "only this panel, by `NAME`")
	c.flags.StringVar(&f.IP, "ip", "", "only the service with this main `ADDRESS`")
	c.flags.BoolVar(&f.Attention, "attention", false, "only services that wait for a person")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	if f.Phase != "" && !slices.Contains(api.Phases, api.Phase(f.Phase)) {
		return wrongUsage("--phase %s: there are %s", f.Phase, phases())
	}
	ctl, done, err := c.open(ctx, &config.Config{})
	if err != nil {
		return err
	}
	defer done()
	rows := []control.Row{}
	for token, more := "", true; more; {
		page, err := ctl.List(ctx, f, token, listPage)
		if err != nil {
			return err
		}
		rows = append(rows, page.Services...)
		token = page.Next
		more = token != ""
	}
	switch {
	case c.asJSON:
		return c.print(rows)
	case len(rows) == 0:
		return c.say("no services")
	}
	return writeServices(c.out, rows)
}

func writeServices(w io.Writer, rows []control.Row) error {
	table := [][]string{{"SERVICE", "PHASE", "PANEL", "PACKAGE", "CLIENT", "SERVER", "ADDRESS", "STARTED (UTC)", "NOTE"}}
	for _, r := range rows {
		var notes []string
		if r.Attention {
			notes = append(notes, "needs attention")
		}
		if r.GraceEndsAt != nil {
			notes = append(notes, "grace ends "+r.GraceEndsAt.UTC().Format(time.DateTime))
		}
		if r.ClosedAt != nil {
			notes = append(notes, "ended "+r.ClosedAt.UTC().Format(time.DateTime))
		}
		table = append(table, []string{strconv.Itoa(r.ServiceID), r.Phase, r.Panel, r.Package, r.ClientID,
			or(r.ServerID), or(r.MainIP), r.StartedAt.UTC().Format(time.DateTime), strings.Join(notes, ", ")})
	}
	return writeTable(w, table)
}

func or(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func writeTable(w io.Writer, rows [][]string) error {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 4, 2, ' ', 0)
	for _, row := range rows {
		for i := range row {
			row[i] = statusview.Clean(row[i])
		}
		_, _ = fmt.Fprintln(table, strings.Join(row, "\t")) // memory takes everything
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

func phases() string {
	var names []string
	for _, p := range api.Phases {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

func (c *commandLine) stock(ctx context.Context, args []string) error {
	panel := c.flags.String("panel", "", "only this panel, by `NAME`")
	refresh := c.flags.Bool("refresh", false, "look at the panel now, and wake who waits for a server")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	c.configurable()
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	ctl, names, done, err := c.openPanels(ctx, *panel)
	if err != nil {
		return err
	}
	defer done()
	stocks := make([]api.Stock, len(names))
	var failed error
	for i, name := range names {
		stocks[i], err = ctl.Stock(ctx, name, *refresh)
		failed = errors.Join(failed, err)
	}
	switch {
	case failed != nil:
		return failed
	case c.asJSON:
		return c.print(stocks)
	}
	for _, name := range names {
		if err := c.warnPaused(ctx, ctl, name); err != nil {
			return err
		}
	}
	return writeStocks(c.out, stocks)
}

func writeStocks(w io.Writer, stocks []api.Stock) error {
	table := [][]string{{"PANEL", "PACKAGE", "FREE", "CLAIMED", "QUARANTINED", "WAITING", "SEEN (UTC)"}}
	for _, s := range stocks {
		seen := "never"
		if s.AsOf != nil {
			seen = s.AsOf.UTC().Format(time.DateTime)
		}
		for _, p := range s.Packages {
			table = append(table, []string{s.Panel, p.Package, count(p.Free), count(p.Claimed), count(p.Quarantined), strconv.Itoa(p.Waiting), seen})
		}
		if len(s.Packages) == 0 {
			unknown := count(nil)
			table = append(table, []string{s.Panel, "-", unknown, unknown, unknown, unknown, seen})
		}
	}
	return writeTable(w, table)
}

// count shows what is not known as such, never as zero.
func count(n *int) string {
	if n == nil {
		return "unknown"
	}
	return strconv.Itoa(*n)
}
