package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/clean"
	"metalease/internal/control"
)

const findText = `Tells whose a server is, or was: by address, host name, label, server id or WHMCS client id. It asks the panels as well as the workflows, and shows where they differ.

With --at it is who held it then, as far back as Temporal's retention reaches; what is older stands in the WHMCS service notes.`

// findCommand tells whose a server is, or was.
func (c *commandLine) findCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "find ADDRESS|HOSTNAME|LABEL|SERVER|CLIENT [--at DATE] [--panel NAME] [--json]",
		Short: "Tell whose is, or was, a server", Long: findText,
		Example: "starter find 192.0.2.5\nstarter find 192.0.2.5 --at 2026-01-31\nstarter find s101.example.com",
		Args:    oneArgument("one address, hostname, label, server id or client id"), ValidArgsFunction: cobra.NoFileCompletions,
	}
	panel := ""
	day := cmd.Flags().String("at", "", "who held it then: `DATE` as 2026-01-31 (UTC) or 2026-01-31T12:00:00Z")
	c.panelFlag(cmd, &panel, "only this panel, by `NAME`")
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		at, err := spanOf(*day)
		if err != nil {
			return err
		}
		return c.find(cmd.Context(), args[0], panel, at)
	}
	return cmd
}

func (c *commandLine) find(ctx context.Context, what, panel string, at control.Span) error {
	ctl, names, done, err := c.openPanels(ctx, panel)
	if err != nil {
		return err
	}
	defer done()
	found, err := ctl.Find(ctx, what, names, at)
	if err != nil {
		return err
	}
	for _, why := range found.Unseen {
		_, _ = fmt.Fprintf(c.Err, "not asked: %s\n", clean.Visible(why))
	}
	if len(found.Hits) == 0 {
		return fmt.Errorf("%s: %w; lives that ended before Temporal's retention are gone from it: look for \"released\" in the WHMCS service notes", what, errNotFound)
	}
	if c.asJSON {
		return c.print(found)
	}
	return c.tableWithin(hitRows(found.Hits))
}

// spanOf is a day, or a moment; empty is no span.
func spanOf(text string) (control.Span, error) {
	if text == "" {
		return control.Span{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return control.Span{Begin: day, End: day.AddDate(0, 0, 1)}, nil
	}
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return control.Span{}, wrongUsage("--at %q is no date such as 2026-01-31", text)
	}
	return control.Span{Begin: moment, End: moment.Add(time.Second)}, nil
}

func hitRows(hits []control.Hit) [][]string {
	rows := [][]string{{"SERVICE", "CLIENT", "PANEL", "SERVER", "HOSTNAME", "ADDRESS", "PHASE", "FROM (UTC)", "TO (UTC)", "WORKFLOW", "IN THE PANEL"}}
	for _, h := range hits {
		var now []string
		if h.Owner != "" {
			now = append(now, "the panel shows owner "+h.Owner)
		}
		now = append(now, h.Marks...)
		rows = append(rows, []string{idOr(h.ServiceID, none), cmp.Or(h.ClientID, none), h.Panel, cmp.Or(strings.TrimSpace(h.Server.ID+" "+h.Server.Label), none),
			cmp.Or(h.Server.Hostname, none), cmp.Or(h.Server.IP, none), cmp.Or(h.Phase, none), utcOr(h.From, none), utcOr(h.To, none),
			cmp.Or(h.WorkflowID, none), cmp.Or(strings.Join(now, ", "), none)})
	}
	return rows
}
