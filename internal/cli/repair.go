package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"metalease/activities/drift"
	"metalease/internal/clean"
	"metalease/internal/control"
	"metalease/internal/duration"
)

const repairText = `Repairs one difference, by the id that starter drift shows. First it is looked at again: what does not hold any more is left alone. A repair that takes a server from somebody asks before, unless --yes.`

func (c *commandLine) repairCommand(o *driftOptions) *cobra.Command {
	cmd := &cobra.Command{
		Use: "repair ID [--yes] [--wait DURATION] [--json]", Short: "Repair one difference", Long: repairText,
		Example: "starter drift repair orphan-101-12\nstarter drift repair orphan-101-12 --now --yes",
		Args:    oneArgument("one ID, as starter drift shows it"), ValidArgsFunction: cobra.NoFileCompletions,
	}
	yes := cmd.Flags().BoolP("yes", "y", false, "do not ask")
	wait := duration.Duration(longWait)
	cmd.Flags().Var(&wait, "wait", "how long to wait for its end; it goes on in any case")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return c.repair(cmd.Context(), args[0], *o, *yes, time.Duration(wait))
	}
	return cmd
}

// repair repairs one finding, after a look that it still holds.
func (c *commandLine) repair(ctx context.Context, id string, o driftOptions, yes bool, wait time.Duration) error {
	ctl, names, done, err := c.openPanels(ctx, o.panel)
	if err != nil {
		return err
	}
	defer done()
	views, err := c.compare(ctx, ctl, names, o.now)
	if err != nil {
		return err
	}
	panel, reported, err := control.FindDrift(id, views...)
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	found, err := ctl.Recheck(ctx, panel, reported, recheckTimeout)
	switch {
	case err != nil:
		return aboutPanel(panel, err)
	case found == nil:
		return c.say("%s does not hold any more; nothing was done", id)
	case found.Remedy == drift.RemedyNone:
		return fmt.Errorf("%s: only a person can repair this. %s: %s", id, found.What, found.Advice)
	}
	_, _ = fmt.Fprintf(c.Err, "%s\nThe repair: %s.\n", clean.Visible(found.What), clean.Visible(found.Repair))
	if found.Remedy.Destructive() && !yes {
		if !c.canAsk() {
			return wrongUsage("drift repair %s needs --yes when nobody can be asked", id)
		}
		if err := c.ask(ctx, "Do it?"); err != nil {
			return err
		}
	}
	result, err := ctl.Repair(ctx, panel, *found, wait)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w; a repair that has begun goes on", errInterrupted)
	case errors.Is(err, control.ErrStillRepairing):
		return c.say("%s", err)
	case err != nil:
		return aboutPanel(panel, err)
	case c.asJSON:
		return c.print(result)
	}
	return c.say("%s: %s", id, clean.Visible(result.What))
}
