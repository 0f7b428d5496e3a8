package cli

import (
	"context"
	"os/user"

	"github.com/spf13/cobra"

	"metalease/internal/control"
)

const pauseText = `Stops everything that blocks or releases servers on a panel, such as after a broken billing run. Unblocking goes on, and so do orders. An act that has begun ends.

It lasts until resume. What waited is then tried again within a minute.`

// pauseCommand stops everything that destroys on a panel.
func (c *commandLine) pauseCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "pause [--panel NAME] --reason WORDS", Short: "Stop everything that blocks or releases on a panel; unblocking goes on",
		Long: pauseText, Example: `starter pause --panel fra1 --reason "billing run of tonight is broken"`, Args: noArgument,
	}
	panel := ""
	reason := cmd.Flags().String("reason", "", "why, in `WORDS`; everybody who looks will read it")
	c.onePanelFlags(cmd, &panel)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.brake(cmd.Context(), panel, func(ctl *control.Control, name string) error {
			if err := ctl.Pause(cmd.Context(), name, *reason, whoami()); err != nil {
				return err
			}
			return c.say("panel %s is paused: nothing is blocked or released on it; unblocking goes on. An act that has begun ends.", name)
		})
	}
	return cmd
}

// resumeCommand ends a pause.
func (c *commandLine) resumeCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "resume [--panel NAME]", Short: "End a pause", Example: "starter resume --panel fra1", Args: noArgument,
		Long: "Ends a pause. What waited for that, blocks and releases, is tried again within a minute.",
	}
	panel := ""
	c.onePanelFlags(cmd, &panel)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return c.brake(cmd.Context(), panel, func(ctl *control.Control, name string) error {
			if err := ctl.Resume(cmd.Context(), name); err != nil {
				return err
			}
			return c.say("panel %s goes on; what waited is tried again within a minute", name)
		})
	}
	return cmd
}

func (c *commandLine) onePanelFlags(cmd *cobra.Command, panel *string) {
	c.panelFlag(cmd, panel, "the panel, by `NAME`; needed when the configuration has several")
	c.configFlag(cmd)
}

func (c *commandLine) brake(ctx context.Context, panel string, pull func(*control.Control, string) error) error {
	ctl, name, done, err := c.openPanel(ctx, panel)
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
