package cli

import (
	"context"
	"errors"
	"fmt"
	"os/user"

	"github.com/spf13/cobra"

	"metalease/internal/control"
)

const pauseText = `Stops everything that blocks or releases servers on a panel, such as after a broken billing run. Unblocking goes on, and so do orders. An act that has begun ends.

It lasts until resume. What waited is then tried again within a minute. It holds as soon as it is said, also while no worker runs: after a restore of Temporal's database say it before the first worker is started (docs/restore.md).`

// pauseCommand stops everything that destroys on a panel.
func (c *commandLine) pauseCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "pause [--panel NAME | --all] --reason WORDS", Short: "Stop everything that blocks or releases on a panel; unblocking goes on",
		Long: pauseText, Example: "starter pause --panel fra1 --reason \"billing run of tonight is broken\"\nstarter pause --all --reason \"restored from the backup of Monday\"", Args: noArgument,
	}
	var to brakesOf
	reason := cmd.Flags().String("reason", "", "why, in `WORDS`; everybody who looks will read it")
	c.brakesFlags(cmd, &to)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.brake(cmd.Context(), to, func(ctl *control.Control, name string) error {
			if err := ctl.Pause(cmd.Context(), name, *reason, whoami()); err != nil {
				return err
			}
			return c.say("panel %s is paused: nothing is blocked or released on it; unblocking goes on. An act that has begun ends.", name)
		})
	}
	return cmd
}

const resumeText = `Ends a pause. What waited for that, blocks and releases, is tried again within a minute.

With --when-clean panel, WHMCS and workflows are compared first, as starter drift --now does. A panel where something is found that harms a customer or loses a server stays paused, and what was found is shown.`

// resumeCommand ends a pause.
func (c *commandLine) resumeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "resume [--panel NAME | --all] [--when-clean]", Short: "End a pause", Example: "starter resume --panel fra1\nstarter resume --all --when-clean",
		Args: noArgument, Long: resumeText,
	}
	var to brakesOf
	clean := cmd.Flags().Bool("when-clean", false, "compare first, and go on only where nothing is wrong")
	c.brakesFlags(cmd, &to)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.brake(cmd.Context(), to, func(ctl *control.Control, name string) error {
			if *clean {
				if err := c.requireClean(cmd.Context(), ctl, name); err != nil {
					return err
				}
			}
			if err := ctl.Resume(cmd.Context(), name); err != nil {
				return err
			}
			return c.say("panel %s goes on; what waited is tried again within a minute", name)
		})
	}
	return cmd
}

// requireClean compares a panel; what is wrong is shown, and is an error.
func (c *commandLine) requireClean(ctx context.Context, ctl *control.Control, panel string) error {
	views, err := c.compare(ctx, ctl, []string{panel}, true)
	if err != nil {
		return err
	}
	wrong := views[0].Report.Wrong()
	if wrong == "" {
		return nil
	}
	if err := c.writeDrifts(views); err != nil {
		return err
	}
	return fmt.Errorf("it stays paused: %s", wrong)
}

// brakesOf says whose brakes a command means.
type brakesOf struct {
	panel string
	all   bool
}

func (c *commandLine) brakesFlags(cmd *cobra.Command, to *brakesOf) {
	cmd.Flags().BoolVar(&to.all, "all", false, "every panel of the configuration")
	c.onePanelFlags(cmd, &to.panel)
}

func (c *commandLine) onePanelFlags(cmd *cobra.Command, panel *string) {
	c.panelFlag(cmd, panel, "the panel, by `NAME`; needed when the configuration has several")
	c.configFlag(cmd)
}

// brake does it to one panel, or to each: what is wrong with one stops none of the others.
func (c *commandLine) brake(ctx context.Context, to brakesOf, pull func(*control.Control, string) error) error {
	if to.all {
		if to.panel != "" {
			return wrongUsage("--all and --panel exclude each other")
		}
		ctl, names, done, err := c.openPanels(ctx, "")
		if err != nil {
			return err
		}
		defer done()
		var failed []error
		for _, name := range names {
			failed = append(failed, aboutPanel(name, pull(ctl, name)))
		}
		return errors.Join(failed...)
	}
	ctl, name, done, err := c.openPanel(ctx, to.panel)
	if err != nil {
		return err
	}
	defer done()
	return aboutPanel(name, pull(ctl, name))
}

// whoami is the name under which a pause is shown.
func whoami() string {
	if me, err := user.Current(); err == nil {
		return me.Username
	}
	return ""
}
