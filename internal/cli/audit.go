package cli

import (
	"cmp"

	"github.com/spf13/cobra"

	"metalease/internal/clean"
	"metalease/workflows/api"
)

const auditText = `Prints who did what for a service, the oldest first: the signals with their senders and reasons, each change of phase, and each activity that worked on the panel or in WHMCS with its outcome. It comes from Temporal's history and needs no worker; what is older than the namespace's retention is gone.

The worker writes every single call that changed something on a panel, with owner and notes before and after, to its own log (logger audit, or log.audit_file).`

// auditCommand tells who did what.
func (c *commandLine) auditCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "audit SERVICE [--json]", Short: "Tell who did what for a service, and why", Long: auditText,
		Example: "starter audit 101\nstarter audit 101 --json",
		Args:    oneArgument("the id of a service"), ValidArgsFunction: cobra.NoFileCompletions,
	}
	c.jsonFlag(cmd, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		id, err := serviceID(args[0])
		if err != nil {
			return err
		}
		ctl, done, err := c.openPlain(cmd.Context())
		if err != nil {
			return err
		}
		defer done()
		deeds, err := ctl.Audit(cmd.Context(), id)
		if err != nil {
			return about(id, err)
		}
		if c.asJSON {
			return c.print(deeds)
		}
		rows := [][]string{{"AT (UTC)", "WHAT", "WHO", "OUTCOME OR REASON"}}
		for _, d := range deeds {
			what := d.What
			if d.Before != "" {
				what += " (was " + d.Before + ")"
			}
			rows = append(rows, []string{utc(d.At), clean.Line(what, api.LimitID), clean.Line(cmp.Or(d.Who, none), api.LimitID), clean.Line(cmp.Or(d.Outcome, d.Why, none), api.LimitMessage)})
		}
		return c.tableWithin(rows)
	}
	return cmd
}
