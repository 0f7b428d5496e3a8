package cli

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	onpanel "metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/internal/config"
	"metalease/workflows/api"
)

const planText = `Tells which server an order would get now, for which account, and why not the others. Nothing is written.

With --service alone it is the order of a service that runs; else the order comes from the flags of start, or from a file.`

// planCommand tells which server an order would get now; it writes nothing.
func (c *commandLine) planCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "plan --service N [--json] | the flags of start, or --file order.json",
		Short: "Tell which server an order would get now, and why not the others",
		Long:  planText, Example: "starter plan --service 101\nstarter plan --file order.json --json", Args: noArgument,
	}
	order := c.orderFlags(cmd)
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.plan(cmd, order) }
	return cmd
}

func (c *commandLine) plan(cmd *cobra.Command, g *orderFlags) error {
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return err
	}
	o, running := g.order, onlyService(cmd)
	if !running {
		if o, err = g.read(cmd, c.In, cfg.PanelNames()); err != nil {
			return err
		}
	}
	ctx := cmd.Context()
	ctl, done, err := c.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer done()
	if running {
		status, err := ctl.Status(ctx, o.ServiceID)
		if err != nil {
			return about(o.ServiceID, fmt.Errorf("%w; give the order by flags or --file", err))
		}
		o = status.Order
	}
	plan, err := ctl.Plan(ctx, o)
	switch {
	case err != nil:
		return about(o.ServiceID, err)
	case c.asJSON:
		return c.print(plan)
	}
	writePlan(c.Out, o, plan)
	return c.others(plan)
}

// onlyService tells whether a service alone was named, and not its order. Some flags go with it.
func onlyService(cmd *cobra.Command, with ...string) bool {
	return cmd.Flags().Changed("service") && len(given(cmd, append(with, "service", "json", "config")...)) == 0
}

func writePlan(w io.Writer, o api.Order, p onpanel.Plan) {
	line := func(format string, args ...any) {
		_, _ = fmt.Fprintln(w, clean.Visible(fmt.Sprintf(format, args...)))
	}
	line("service %d, package %s on panel %s, seen %s UTC", o.ServiceID, o.Package, o.Panel, utc(p.AsOf))
	switch {
	case p.Server == nil:
		line("  server     none now: the order would wait")
	case p.Held:
		line("  server     %s: the service has it already", plannedServer(p))
	case p.LastResort:
		line("  server     %s: installs failed on it twice lately, but no other is free", plannedServer(p))
	default:
		line("  server     %s", plannedServer(p))
	}
	line("  account    %s: %s", strings.TrimSpace(fmt.Sprint(p.Account.Kind, " ", p.Account.Name)), p.Account.Why)
	template := "the panel has it"
	if !p.Template {
		template = "the panel does not list it"
	}
	line("  template   %s: %s", cmp.Or(o.OSTemplate, none), template)
	if o.Recipe != "" {
		line("  recipe     %s: unknown, the panel tells only when it installs", o.Recipe)
	}
	if o.IPv4+o.IPv6 > 0 {
		line("  addresses  %d extra IPv4, %d extra IPv6: unknown whether the pool has as many", o.IPv4, o.IPv6)
	}
}

func plannedServer(p onpanel.Plan) string {
	return fmt.Sprintf("%s (%s, %s)", p.Server.ID, cmp.Or(p.Server.Label, none), cmp.Or(p.Server.IP, none))
}

// others says why the other servers are not taken: how many for each reason, then each of the first ones.
func (c *commandLine) others(p onpanel.Plan) error {
	if len(p.Others) == 0 {
		return nil
	}
	_, _ = fmt.Fprint(c.Out, "\nWhy not the others:\n")
	total := 0
	for _, r := range p.Reasons {
		_, _ = fmt.Fprintf(c.Out, "  %4d  %s\n", r.Count, clean.Visible(r.Reason))
		total += r.Count
	}
	_, _ = fmt.Fprintln(c.Out)
	rows := [][]string{{"SERVER", "LABEL", "WHY NOT"}}
	for _, other := range p.Others {
		rows = append(rows, []string{other.ID, cmp.Or(other.Label, none), other.Why})
	}
	if more := total - len(p.Others); more > 0 {
		rows = append(rows, []string{"", "", fmt.Sprintf("and %d more", more)})
	}
	return c.table(rows)
}
