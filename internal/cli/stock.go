package cli

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api/fleet"
)

const stockText = `Shows for each package how many servers are free, held for carts of shops, claimed and in quarantine, how many orders wait, and when the panel was looked at. What is not known is "unknown", never 0.`

// stockCommand shows what the panels could sell.
func (c *commandLine) stockCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "stock [--panel NAME] [--refresh] [--json]", Short: "Show what each panel could sell", Long: stockText,
		Example: "starter stock\nstarter stock --panel fra1 --refresh", Args: noArgument,
	}
	panel := ""
	refresh := cmd.Flags().Bool("refresh", false, "look at the panel now, and wake who waits for a server")
	c.panelFlag(cmd, &panel, "only this panel, by `NAME`")
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.stock(cmd.Context(), panel, *refresh) }
	return cmd
}

func (c *commandLine) stock(ctx context.Context, panel string, refresh bool) error {
	ctl, names, done, err := c.openPanels(ctx, panel)
	if err != nil {
		return err
	}
	defer done()
	stocks, err := perPanel(names, func(name string) (fleet.Stock, error) { return ctl.Stock(ctx, name, refresh) })
	switch {
	case err != nil:
		return err
	case c.asJSON:
		return c.print(stocks)
	}
	for _, name := range names {
		if err := c.warnPaused(ctx, ctl, name); err != nil {
			return err
		}
	}
	return c.table(stockRows(stocks))
}

// perPanel asks all panels side by side, for each may be slow, and names all that do not answer.
func perPanel[T any](names []string, ask func(name string) (T, error)) ([]T, error) {
	answers, failed := make([]T, len(names)), make([]error, len(names))
	var asking sync.WaitGroup
	for i, name := range names {
		asking.Go(func() { answers[i], failed[i] = ask(name) })
	}
	asking.Wait()
	return answers, errors.Join(failed...)
}

func stockRows(stocks []fleet.Stock) [][]string {
	rows := [][]string{{"PANEL", "PACKAGE", "FREE", "HELD", "CLAIMED", "QUARANTINED", "WAITING", "SEEN (UTC)"}}
	for _, s := range stocks {
		seen := utcOr(s.AsOf, "never")
		for _, p := range s.Packages {
			rows = append(rows, []string{s.Panel, p.Package, count(p.Free), strconv.Itoa(p.Held), count(p.Claimed), count(p.Quarantined), strconv.Itoa(p.Waiting), seen})
		}
		if len(s.Packages) == 0 {
			rows = append(rows, []string{s.Panel, none, unknown, unknown, unknown, unknown, unknown, seen})
		}
	}
	return rows
}

// warnPaused tells of a pause in one line.
func (c *commandLine) warnPaused(ctx context.Context, ctl *control.Control, panel string) error {
	view, err := ctl.Brakes(ctx, panel)
	if err != nil || view.Paused == nil {
		return nil // the table tells that nobody answers
	}
	return c.say("panel %s is %s", panel, statusview.Pause(*view.Paused, time.Now()))
}
