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

	onpanel "metalease/activities/panel"
	"metalease/internal/control"
	"metalease/internal/duration"
)

// longWait is for work that touches a panel for minutes and goes on without its caller.
const longWait = 10 * time.Minute

// quarantineCommand lists servers that were set aside, or returns one to stock.
func (c *commandLine) quarantineCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "quarantine list | clear", Short: "List servers that were set aside; put one back into stock",
		Long: `A server that failed is set aside with the reason in its notes, and offered to nobody until a person puts it back.`,
		Example: `starter quarantine list
starter quarantine clear --panel fra1 12 --reason "disk replaced"`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrongUsage("quarantine takes list, or clear and one server id")
			}
			return unknownCommand(cmd, args[0])
		},
	}
	panel := ""
	c.panelFlag(cmd, &panel, "the panel, by `NAME`; list without it shows all")
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	list := &cobra.Command{
		Use: "list [--panel NAME] [--json]", Short: "List servers that were set aside", Example: "starter quarantine list --panel fra1",
		Args: noArgument,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.listQuarantine(cmd.Context(), panel) },
	}
	cmd.AddCommand(list, c.clearCommand(&panel))
	return cmd
}

func (c *commandLine) clearCommand(panel *string) *cobra.Command {
	cmd := &cobra.Command{
		Use: "clear --panel NAME SERVER --reason WORDS", Short: "Put a server back into stock",
		Long: "Puts a server back into stock, the way a release does: powered off, no owner, no extra addresses, no mark. Orders may get it from then on.\n" +
			"With resale: hold it rests before that, and the command ends with the date; with after-diagnostics the panel tests it.",
		Example: `starter quarantine clear --panel fra1 12 --reason "disk replaced"`,
		Args:    oneArgument("one server id"), ValidArgsFunction: cobra.NoFileCompletions,
	}
	reason := cmd.Flags().String("reason", "", "why it is good again, in `WORDS`; needed")
	wait := duration.Duration(longWait)
	cmd.Flags().Var(&wait, "wait", "how long to wait for its end; it goes on in any case")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if *panel == "" || strings.TrimSpace(*reason) == "" {
			return wrongUsage("quarantine clear needs --panel and --reason")
		}
		return c.clearQuarantine(cmd.Context(), *panel, args[0], *reason, time.Duration(wait))
	}
	return cmd
}

func (c *commandLine) clearQuarantine(ctx context.Context, panel, server, reason string, wait time.Duration) error {
	ctl, _, done, err := c.openPanels(ctx, panel)
	if err != nil {
		return err
	}
	defer done()
	_, _ = fmt.Fprintf(c.Err, "Server %s of panel %s goes back into stock. Waiting for its end for up to %s; it goes on without this command.\n", server, panel, duration.Duration(wait))
	err = ctl.ClearQuarantine(ctx, panel, server, reason, whoami(), wait)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("%w; what has begun goes on", errInterrupted)
	case errors.Is(err, control.ErrStillClearing):
		return c.say("%s", err)
	case err != nil:
		return aboutPanel(panel, err)
	}
	return c.say("server %s of panel %s is free", server, panel)
}

func (c *commandLine) listQuarantine(ctx context.Context, panel string) error {
	ctl, names, done, err := c.openPanels(ctx, panel)
	if err != nil {
		return err
	}
	defer done()
	found, err := perPanel(names, func(name string) ([]onpanel.Quarantined, error) {
		all, err := ctl.Quarantine(ctx, name)
		return all, aboutPanel(name, err)
	})
	if err != nil {
		return err
	}
	type row struct {
		Panel string `json:"panel"`
		onpanel.Quarantined
	}
	all := []row{}
	for i, name := range names {
		for _, q := range found[i] {
			all = append(all, row{name, q})
		}
	}
	switch {
	case c.asJSON:
		return c.print(all)
	case len(all) == 0:
		return c.say("no server is in quarantine")
	}
	rows := [][]string{{"PANEL", "SERVER", "LABEL", "ADDRESS", "SINCE (UTC)", "SERVICE", "REASON"}}
	for _, q := range all {
		since := none
		if !q.Since.IsZero() {
			since = q.Since.Format(time.DateOnly)
		}
		rows = append(rows, []string{q.Panel, q.ID, cmp.Or(q.Label, none), cmp.Or(q.IP, none), since, strconv.Itoa(q.ServiceID), q.Reason})
	}
	return c.table(rows)
}
