package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// detach ends one lifecycle, or with --all those of a product.
func (c *commandLine) detach(ctx context.Context, args []string) error {
	if slices.ContainsFunc(args, func(a string) bool { return a == "--all" || a == "--all=true" }) {
		return c.detachAll(ctx, args)
	}
	// Named in the help of the command, and refused without --all.
	c.flags.Bool("all", false, "detach all services of a product: starter detach --all --product ID [--dry-run]")
	return c.send(ctx, api.SignalDetach, args)
}

// detachAll gives a product back to the module that the host comes from.
func (c *commandLine) detachAll(ctx context.Context, args []string) error {
	c.flags.Bool("all", false, "all services of a product")
	product := c.flags.Int("product", 0, "the WHMCS product, by `ID`; needed")
	reason := c.flags.String("reason", "detach --all", "why; people will read it")
	panel := c.flags.String("panel", "", "a panel, by `NAME`, whose worker asks WHMCS; needed when the configuration has several")
	dry := c.flags.Bool("dry-run", false, "only show what would be done")
	wait := duration(20 * time.Second)
	c.flags.Var(&wait, "wait", "how long to wait for each effect; the signal is safe in any case")
	c.configurable()
	if _, err := c.parse(args, 0, "no service beside --all"); err != nil {
		return err
	}
	if *product <= 0 {
		return wrongUsage("detach --all needs --product, the id of a WHMCS product")
	}
	ctl, name, done, err := c.openPanel(ctx, *panel)
	if err != nil {
		return err
	}
	defer done()
	ids, err := ctl.ProductServices(ctx, name, *product)
	if err != nil {
		return aboutPanel(name, err)
	}
	table := [][]string{{"SERVICE", "PHASE", "SERVER", "OUTCOME"}}
	failed, tell := 0, c.progress("detached")
	for i, id := range ids {
		row, ok := c.detachOne(ctx, ctl, id, *reason, time.Duration(wait), *dry)
		if row != nil {
			table = append(table, row)
		}
		if !ok {
			failed++
		}
		if !*dry {
			tell(i+1, len(ids))
		}
	}
	switch {
	case len(table) == 1:
		return c.say("metalease looks after none of the %d services of product %d", len(ids), *product)
	case failed > 0:
		err = fmt.Errorf("%d services were not detached", failed)
	}
	return errors.Join(writeTable(c.out, table), err)
}

// detachOne returns the row of a service, nil for one that nobody looks after.
func (c *commandLine) detachOne(ctx context.Context, ctl *control.Control, id int, reason string, wait time.Duration, dry bool) (row []string, ok bool) {
	status, err := ctl.Status(ctx, id)
	switch {
	case errors.Is(err, control.ErrUnknownService), err == nil && status.Closed:
		return nil, true
	case err != nil:
		return []string{strconv.Itoa(id), "-", "-", err.Error()}, false
	}
	server := "-"
	if status.Server != nil {
		server = or(status.Server.ID)
	}
	row = []string{strconv.Itoa(id), string(status.Phase), server, "would be detached"}
	if dry {
		return row, true
	}
	result, err := ctl.Signal(ctx, id, api.SignalDetach, api.Event{Reason: reason, Source: "cli"}, wait)
	switch {
	case err != nil:
		row[3] = err.Error()
	case !result.Reached:
		row[3] = "asked for; not done within " + wait.String()
	case result.Outcome != api.OutcomeApplied:
		row[3] = string(result.Outcome) + ": " + result.Reason
	default:
		row[3] = "detached"
		return row, true
	}
	return row, false
}
