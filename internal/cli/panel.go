package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"metalease/dcim/profile"
	"metalease/internal/clean"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/workflows/api/fleet"
)

const panelText = `Tells whether orders can be built on a panel now: does it answer, does it know the API account, is it paused or only observed; and what is in stock. A panel that cannot be used is exit code 1.`

// panelCommand tells whether orders can be built on a panel now, and what it could sell.
func (c *commandLine) panelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "panel NAME [--json]", Short: "Tell whether a panel can be used, and what is in stock", Long: panelText,
		Example: "starter panel fra1", Args: oneArgument("one panel, by its configured name"), ValidArgsFunction: c.completePanel,
	}
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.panel(cmd.Context(), args[0]) }
	cmd.AddCommand(c.panelCheckCommand(), c.panelDrillCommand())
	return cmd
}

func (c *commandLine) panel(ctx context.Context, name string) error {
	ctl, done, err := c.openConfigured(ctx)
	if err != nil {
		return err
	}
	defer done()
	health, err := ctl.Health(ctx, name)
	if err != nil {
		return aboutPanel(name, err)
	}
	stock, err := ctl.Stock(ctx, name, false)
	if err != nil {
		return aboutPanel(name, err)
	}
	seen, err := c.keptProfile(name)
	if err != nil {
		return aboutPanel(name, err)
	}
	if c.asJSON {
		err = c.print(struct {
			control.PanelHealth
			Stock   fleet.Stock      `json:"stock"`
			Profile *profile.Profile `json:"profile,omitempty"`
		}{health, stock, seen})
	} else {
		writeHealth(c.Out, health)
		writeProfile(c.Out, name, seen)
		err = c.table(stockRows([]fleet.Stock{stock}))
	}
	if err == nil && !health.Reachable {
		err = aboutPanel(name, errUnusable)
	}
	return err
}

// errUnusable is a panel on which nothing can be built now; why has been told.
var errUnusable = errors.New("it cannot be used")

func writeHealth(w io.Writer, h control.PanelHealth) {
	reachable := "answers, and knows the API account"
	if !h.Reachable {
		reachable = "cannot be used"
	}
	_, _ = fmt.Fprintf(w, "panel %s %s (%s UTC)\n", h.Panel, reachable, utc(h.AsOf))
	if h.Error != nil {
		_, _ = fmt.Fprintf(w, "  why: %s (%s)\n", clean.Visible(h.Error.Message), h.Error.Code)
	}
	if h.Mode == config.ModeObserve {
		_, _ = fmt.Fprintln(w, "  it is only observed: nothing is written, and orders for it are not started")
	}
	if h.Paused {
		_, _ = fmt.Fprintf(w, "  it is paused: %s; it goes on after: starter resume --panel %s\n", clean.Visible(cmp.Or(h.PauseReason, none)), h.Panel)
	}
	for _, c := range h.Contradictions {
		_, _ = fmt.Fprintf(w, "  it contradicts its profile: %s was %s and is %s, seen %s UTC; look with: starter panel check %s\n",
			clean.Visible(c.Fact), clean.Visible(c.Was), clean.Visible(c.Is), utc(c.Since), h.Panel)
	}
	_, _ = fmt.Fprintln(w)
}
