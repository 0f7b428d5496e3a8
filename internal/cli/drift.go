package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/control"
)

const driftText = `Shows how panel, WHMCS and workflows differ, and what can be done about each difference. Comparing writes nothing; the worker does it by itself every so often (reconcile_every), and with --now at once.

A difference is repaired when you name it: starter drift repair ID.`

// driftOptions are those of drift and of what is below it.
type driftOptions struct {
	panel string
	now   bool
}

// driftCommand shows how panel, WHMCS and workflows differ, or repairs one difference.
func (c *commandLine) driftCommand() *cobra.Command {
	var o driftOptions
	cmd := &cobra.Command{
		Use: "drift [--panel NAME] [--now] [--json]", Short: "Show how panel, WHMCS and workflows differ; repair what you name",
		Long: driftText, Example: "starter drift\nstarter drift --now --panel fra1\nstarter drift repair orphan-101-12",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return wrongUsage("drift takes no argument, or: repair ID")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return c.drift(cmd.Context(), o) },
	}
	cmd.PersistentFlags().BoolVar(&o.now, "now", false, "compare now, and wait for it; else the newest report is shown")
	c.panelFlag(cmd, &o.panel, "only this panel, by `NAME`")
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.AddCommand(c.repairCommand(&o))
	return cmd
}

func (c *commandLine) drift(ctx context.Context, o driftOptions) error {
	ctl, names, done, err := c.openPanels(ctx, o.panel)
	if err != nil {
		return err
	}
	defer done()
	views, err := c.compare(ctx, ctl, names, o.now)
	switch {
	case err != nil:
		return err
	case c.asJSON:
		return c.print(views)
	}
	return c.writeDrifts(views)
}

// compare returns the newest report of each panel, or makes them, one panel after the other: what is told of each stays readable.
func (c *commandLine) compare(ctx context.Context, ctl *control.Control, panels []string, now bool) ([]control.DriftView, error) {
	views := make([]control.DriftView, len(panels))
	for i, name := range panels {
		var err error
		if now {
			views[i].Panel = name
			views[i].Report, err = ctl.CompareNow(ctx, name, c.comparing(name))
		} else {
			views[i], err = ctl.Drift(ctx, name)
		}
		if err != nil {
			return nil, aboutPanel(name, err)
		}
	}
	return views, nil
}

// recheckTimeout is how long a second look may take while a person waits.
const recheckTimeout = 2 * time.Minute
