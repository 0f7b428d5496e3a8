package cli

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"metalease/internal/control"
	"metalease/workflows/api"
)

// listPage is how many services are asked for at a time.
const listPage = 200

const listText = `Lists services, newest first: those that run, and those that ended within Temporal's retention. Flags narrow it down; a service must fit all of them.

With --attention it is all that waits for a person, with the reason. That includes paid orders without a workflow, such as one that was refused before it began: phase unstarted, as the newest comparison of each panel with WHMCS has found them (starter drift --now compares at once).`

// listCommand lists services.
func (c *commandLine) listCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list [--phase PHASE] [--client N] [--panel NAME] [--ip ADDRESS] [--attention] [--json]",
		Short: "List services, newest first", Long: listText,
		Example: "starter list --attention\nstarter list --phase waiting --panel fra1\nstarter list --client 7 --json", Args: noArgument,
	}
	var f control.Filter
	cmd.Flags().StringVar(&f.Phase, "phase", "", "only this `PHASE`: "+phases())
	cmd.Flags().StringVar(&f.ClientID, "client", "", "only this WHMCS client `ID`")
	cmd.Flags().StringVar(&f.Panel, "panel", "", "only this panel, by `NAME`")
	cmd.Flags().StringVar(&f.IP, "ip", "", "only the service with this main `ADDRESS`")
	cmd.Flags().BoolVar(&f.Attention, "attention", false, "only services that wait for a person")
	c.jsonFlag(cmd, "print JSON")
	must(cmd.RegisterFlagCompletionFunc("phase", completePhase))
	must(cmd.RegisterFlagCompletionFunc("panel", c.completePanel))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.list(cmd.Context(), f) }
	return cmd
}

func (c *commandLine) list(ctx context.Context, f control.Filter) error {
	if f.Phase != "" && !slices.Contains(api.Phases, api.Phase(f.Phase)) {
		return wrongUsage("--phase %s: there are %s", f.Phase, phases())
	}
	ctl, done, err := c.openPlain(ctx)
	if err != nil {
		return err
	}
	defer done()
	rows := []control.Row{}
	for token, more := "", true; more; {
		page, err := ctl.List(ctx, f, token, listPage)
		if err != nil {
			return err
		}
		rows = append(rows, page.Services...)
		token = page.Next
		more = token != ""
	}
	listed, err := withReasons(ctx, ctl, f, rows)
	switch {
	case err != nil:
		return err
	case c.asJSON:
		return c.print(listed)
	case len(listed) == 0:
		return c.say("no services")
	}
	return c.table(serviceRows(listed))
}

// withReasons adds what a list of services that wait for a person has more: why, and the paid
// orders that have no workflow.
func withReasons(ctx context.Context, ctl *control.Control, f control.Filter, rows []control.Row) ([]control.Stopped, error) {
	if !f.Attention {
		listed := make([]control.Stopped, len(rows))
		for i, row := range rows {
			listed[i].Row = row
		}
		return listed, nil
	}
	listed, err := ctl.Reasons(ctx, rows)
	if err != nil {
		return nil, err
	}
	unstarted, err := ctl.Unstarted(ctx, f)
	return append(unstarted, listed...), err
}

func serviceRows(services []control.Stopped) [][]string {
	rows := [][]string{{"SERVICE", "PHASE", "PANEL", "PACKAGE", "CLIENT", "SERVER", "ADDRESS", "STARTED (UTC)", "NOTE"}}
	for _, s := range services {
		var notes []string
		switch {
		case s.Reason != "":
			notes = append(notes, s.Reason)
		case s.Attention:
			notes = append(notes, "needs attention")
		}
		if s.GraceEndsAt != nil {
			notes = append(notes, "grace ends "+utc(*s.GraceEndsAt))
		}
		if s.ClosedAt != nil {
			notes = append(notes, "ended "+utc(*s.ClosedAt))
		}
		rows = append(rows, []string{strconv.Itoa(s.ServiceID), s.Phase, s.Panel, cmp.Or(s.Package, none), s.ClientID,
			cmp.Or(s.ServerID, none), cmp.Or(s.MainIP, none), utc(s.StartedAt), strings.Join(notes, ", ")})
	}
	return rows
}

func phases() string {
	var names []string
	for _, p := range api.Phases {
		names = append(names, string(p))
	}
	return strings.Join(names, ", ")
}
