package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/control"
	"metalease/internal/duration"
	"metalease/workflows/api"
)

const detachText = `Ends metalease's care for one service, or with --all for those of a product: their lifecycles end, and nothing is touched but our mark. The customer keeps the server.

It is the way back to the module that a host comes from: adopt takes over, detach gives back.`

// detachAllWait is how long each service of many may take.
const detachAllWait = 20 * time.Second

// detachOptions are those of detach --all.
type detachOptions struct {
	all     bool
	product int
	panel   string
	dry     bool
}

// detachCommand ends one lifecycle, or with --all those of a product.
func (c *commandLine) detachCommand() *cobra.Command {
	var o detachOptions
	cmd := &cobra.Command{
		Use:   "detach SERVICE [flags] | --all --product P [--panel NAME] [--dry-run]",
		Short: "End the lifecycle, touch nothing but our mark", Long: detachText,
		Example:           "starter detach 101 --reason \"moved to another system\"\nstarter detach --all --product 7 --dry-run\nstarter detach --all --product 7",
		ValidArgsFunction: c.completeService,
	}
	signal, _ := api.SignalOf(api.SignalDetach)
	flags := c.signalFlags(cmd, signal)
	cmd.Flags().BoolVar(&o.all, "all", false, "all services of a product")
	cmd.Flags().IntVar(&o.product, "product", 0, "with --all: the WHMCS product, by `ID`; needed")
	cmd.Flags().BoolVar(&o.dry, "dry-run", false, "with --all: only show what would be done")
	c.panelFlag(cmd, &o.panel, "with --all: a panel, by `NAME`, whose worker asks WHMCS; needed when the configuration has several")
	c.configFlag(cmd)
	cmd.Args = func(cmd *cobra.Command, args []string) error { return o.check(cmd, args) }
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if o.all {
			if !cmd.Flags().Changed("wait") {
				flags.wait = duration.Duration(detachAllWait)
			}
			return c.detachAll(cmd.Context(), o, cmp.Or(flags.event.Reason, "detach --all"), time.Duration(flags.wait))
		}
		return onService(func(cmd *cobra.Command, id int) error {
			return c.send(cmd.Context(), signal, id, flags)
		})(cmd, args)
	}
	return cmd
}

// check tells the two ways to call detach apart.
func (o *detachOptions) check(cmd *cobra.Command, args []string) error {
	if !o.all {
		if typed := only(given(cmd), "--product", "--panel", "--dry-run", "--config"); len(typed) > 0 {
			return wrongUsage("detach takes %s with --all only", strings.Join(typed, ", "))
		}
		return oneService(cmd, args)
	}
	switch {
	case len(args) > 0:
		return wrongUsage("detach takes no service beside --all")
	case cmd.Flags().Changed("event-id"):
		return wrongUsage("detach takes --event-id for one service only")
	case o.product <= 0:
		return wrongUsage("detach --all needs --product, the id of a WHMCS product")
	}
	return nil
}

// detachAll gives a product back to the module that the host comes from.
func (c *commandLine) detachAll(ctx context.Context, o detachOptions, reason string, wait time.Duration) error {
	ctl, name, done, err := c.openPanel(ctx, o.panel)
	if err != nil {
		return err
	}
	defer done()
	ids, err := ctl.ProductServices(ctx, name, o.product)
	if err != nil {
		return aboutPanel(name, err)
	}
	rows := [][]string{{"SERVICE", "PHASE", "SERVER", "OUTCOME"}}
	failed, tell := 0, c.progress("detached")
	for i, id := range ids {
		if ctx.Err() != nil {
			return errors.Join(c.table(rows), fmt.Errorf("%w; %d of %d services were not looked at", errInterrupted, len(ids)-i, len(ids)))
		}
		row, ok := c.detachOne(ctx, ctl, id, reason, wait, o.dry)
		if row != nil {
			rows = append(rows, row)
		}
		if !ok {
			failed++
		}
		if !o.dry {
			tell(i+1, len(ids))
		}
	}
	switch {
	case len(rows) == 1:
		return c.say("metalease looks after none of the %d services of product %d", len(ids), o.product)
	case failed > 0:
		err = fmt.Errorf("%d services were not detached", failed)
	}
	return errors.Join(c.table(rows), err)
}

// detachOne returns the row of a service, nil for one that nobody looks after.
func (c *commandLine) detachOne(ctx context.Context, ctl *control.Control, id int, reason string, wait time.Duration, dry bool) (row []string, ok bool) {
	status, err := ctl.Status(ctx, id)
	switch {
	case errors.Is(err, control.ErrUnknownService), err == nil && status.Closed:
		return nil, true
	case err != nil:
		return []string{strconv.Itoa(id), none, none, err.Error()}, false
	}
	server := none
	if status.Server != nil {
		server = cmp.Or(status.Server.ID, none)
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
