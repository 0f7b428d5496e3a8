package cli

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"metalease/internal/clean"
	"metalease/internal/control"
)

const factsText = `Shows what staff ask about a server that a customer has: label, MAC, rack, power, IPMI, what runs on it, and its switch ports. The panel is read now. What the panel does not tell is "unknown".`

func (c *commandLine) factsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "facts SERVICE [--json]", Short: "Show label, MAC, rack, power, IPMI and switch ports of the server", Long: factsText,
		Example: "starter facts 101\nstarter facts 101 --json | jq -r .ipmi_ip", Args: oneService, ValidArgsFunction: c.completeService,
	}
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.RunE = onService(func(cmd *cobra.Command, id int) error { return c.facts(cmd.Context(), id) })
	return cmd
}

func (c *commandLine) facts(ctx context.Context, id int) error {
	ctl, done, err := c.openConfigured(ctx)
	if err != nil {
		return err
	}
	defer done()
	facts, err := ctl.Facts(ctx, id, true)
	switch {
	case err != nil:
		return about(id, err)
	case c.asJSON:
		return c.print(facts)
	}
	return c.table(factRows(facts))
}

// factRows are the facts, one a row.
func factRows(f control.Facts) [][]string {
	yes := map[bool]string{true: "yes", false: "no"}
	rows := [][]string{
		{"FACT", "VALUE"},
		{"server", f.ServerID}, {"label", told(f.Label)}, {"mac", told(f.MAC)}, {"rack", told(f.Rack)}, {"power", told(f.Power)},
		{"ipmi", told(f.IPMIIP)}, {"runs", cmp.Or(value(f.Operation), none)}, {"blocked", yes[f.Blocked]},
	}
	for _, p := range f.Ports {
		rows = append(rows, []string{"port", told(p.Switch) + " " + told(p.Port) + ", " + told(p.State)})
	}
	if len(f.Ports) == 0 {
		rows = append(rows, []string{"port", unknown})
	}
	return append(rows, []string{"seen (UTC)", utc(f.AsOf)})
}

func value(text *string) string {
	if text == nil {
		return ""
	}
	return clean.Visible(*text)
}

// told is what the panel tells.
func told(text *string) string { return cmp.Or(value(text), unknown) }
