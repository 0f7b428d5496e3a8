package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows"
)

var discard = slog.New(slog.DiscardHandler)

func (c *commandLine) status(ctx context.Context, args []string) error {
	watch := c.flags.Bool("watch", false, "follow it live until it is released, or Ctrl-C")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	id, err := c.service(args)
	if err != nil {
		return err
	}
	ctl, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	if *watch {
		return explain(id, c.follow(ctx, ctl, id))
	}
	status, err := ctl.Status(ctx, id)
	if err != nil {
		return explain(id, err)
	}
	if c.asJSON {
		return c.print(status)
	}
	_, err = fmt.Fprint(c.out, statusview.Render(status, time.Now(), c.style()))
	return err
}

// watchEach is how often a watched service is looked at.
const watchEach = 500 * time.Millisecond

// follow redraws in place on a terminal, and prints a line a change elsewhere.
func (c *commandLine) follow(ctx context.Context, ctl *control.Control, id int) error {
	file, ok := c.out.(*os.File)
	live := ok && term.IsTerminal(int(file.Fd())) && !c.asJSON
	tick := time.NewTicker(watchEach)
	defer tick.Stop()
	var lines, told int
	var before string
	for {
		status, err := ctl.Status(ctx, id)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, control.ErrUnknownService):
			return err
		case err != nil:
			_, _ = fmt.Fprintf(c.errOut, "%s\n", err)
		case c.asJSON:
			if text := status.UpdatedAt.String() + string(status.Phase) + string(status.Step); text != before {
				before = text
				if err := c.print(status); err != nil {
					return err
				}
			}
		case live:
			if lines > 0 {
				_, _ = fmt.Fprintf(c.out, "\x1b[%dA\x1b[J", lines)
			}
			text := statusview.Render(status, time.Now(), c.style())
			lines = strings.Count(text, "\n")
			_, _ = fmt.Fprint(c.out, text)
		default:
			told = c.news(status, told)
		}
		if err == nil && status.Closed {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// news prints timeline entries that were not printed yet. The timeline forgets
// its oldest entries, so they are told apart by time and text.
func (c *commandLine) news(status control.Status, told int) int {
	if told > len(status.Timeline) {
		told = 0
	}
	for _, entry := range status.Timeline[told:] {
		_, _ = fmt.Fprintf(c.out, "%s  %-9s %s\n", entry.At.UTC().Format(time.TimeOnly), status.Phase, entry.What)
	}
	return len(status.Timeline)
}

func (c *commandLine) list(ctx context.Context, args []string) error {
	var f control.Filter
	c.flags.StringVar(&f.Phase, "phase", "", "only this phase: "+phases())
	c.flags.StringVar(&f.ClientID, "client", "", "only this WHMCS client")
	c.flags.StringVar(&f.Panel, "panel", "", "only this panel")
	c.flags.StringVar(&f.IP, "ip", "", "only the service with this main address")
	c.flags.BoolVar(&f.Attention, "attention", false, "only services that wait for a person")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	ctl, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	rows := []control.Row{}
	for token := ""; ; {
		page, err := ctl.List(ctx, f, token, 200)
		if err != nil {
			return err
		}
		rows = append(rows, page.Services...)
		if token = page.Next; token == "" {
			break
		}
	}
	if c.asJSON {
		return c.print(rows)
	}
	table := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "SERVICE\tPHASE\tPANEL\tPACKAGE\tCLIENT\tSERVER\tIP\tATTENTION\tSINCE")
	for _, r := range rows {
		attention := ""
		if r.Attention {
			attention = "yes"
		}
		_, _ = fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.ServiceID, r.Phase, r.Panel, r.Package, r.ClientID, r.ServerID, r.MainIP, attention, r.StartedAt.UTC().Format(time.DateTime))
	}
	return table.Flush()
}

func phases() string {
	var names []string
	for _, p := range workflows.Phases {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}

func (c *commandLine) stock(ctx context.Context, args []string) error {
	panel := c.flags.String("panel", "", "only this panel")
	refresh := c.flags.Bool("refresh", false, "look at the panel now")
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return exitError{err, exitUsage}
	}
	ctl, done, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer done()
	names := cfg.PanelNames()
	if *panel != "" {
		names = []string{*panel}
	}
	stocks := []workflows.Stock{}
	for _, name := range names {
		stock, err := ctl.Stock(ctx, name, *refresh)
		if errors.Is(err, control.ErrUnknownPanel) {
			return exitError{fmt.Errorf("panel %s: %w", name, err), exitNotFound}
		}
		if err != nil {
			return err
		}
		stocks = append(stocks, stock)
	}
	if c.asJSON {
		return c.print(stocks)
	}
	table := tabwriter.NewWriter(c.out, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "PANEL\tPACKAGE\tFREE\tCLAIMED\tQUARANTINED\tWAITING\tAS OF")
	for _, s := range stocks {
		asOf := "never seen"
		if s.AsOf != nil {
			asOf = s.AsOf.UTC().Format(time.DateTime)
		}
		for _, p := range s.Packages {
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", s.Panel, p.Package, known(p.Free), known(p.Claimed), known(p.Quarantined), p.Waiting, asOf)
		}
		if len(s.Packages) == 0 {
			_, _ = fmt.Fprintf(table, "%s\tunknown\t\t\t\t\t%s\n", s.Panel, asOf)
		}
	}
	return table.Flush()
}

func known(n *int) string {
	if n == nil {
		return "unknown"
	}
	return strconv.Itoa(*n)
}
