package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	onpanel "metalease/activities/panel"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api"
)

// plan tells which server an order would get now; it writes nothing.
func (c *commandLine) plan(ctx context.Context, args []string) error {
	var o api.Order
	file, paid := c.orderFlags(&o)
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	c.configurable()
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return err
	}
	known := *file == "" && c.onlyService()
	switch {
	case *file != "":
		o, err = c.orderOf(*file, cfg.PanelNames())
	case !known:
		o.PaidAt, err = paidAt(*paid)
	}
	if err != nil {
		return err
	}
	if !known {
		if err := control.CheckOrder(o, cfg.PanelNames()); err != nil {
			return err
		}
	}
	ctl, done, err := c.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer done()
	if known {
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
	return writePlan(c.out, o, plan)
}

// onlyService tells whether the order is that of a service that runs.
func (c *commandLine) onlyService() bool {
	service, others := false, false
	c.flags.Visit(func(f *pflag.Flag) {
		service = service || f.Name == "service"
		others = others || !slices.Contains([]string{"service", "json", "config"}, f.Name)
	})
	return service && !others
}

func writePlan(w io.Writer, o api.Order, p onpanel.Plan) error {
	line := func(format string, args ...any) {
		_, _ = fmt.Fprintln(w, statusview.Clean(fmt.Sprintf(format, args...)))
	}
	line("service %d, package %s on panel %s, seen %s UTC", o.ServiceID, o.Package, o.Panel, p.AsOf.UTC().Format(time.DateTime))
	switch {
	case p.Server == nil:
		line("  server     none now: the order would wait")
	case p.Held:
		line("  server     %s (%s, %s): the service has it already", p.Server.ID, or(p.Server.Label), or(p.Server.IP))
	case p.LastResort:
		line("  server     %s (%s, %s): installs failed on it twice lately, but no other is free", p.Server.ID, or(p.Server.Label), or(p.Server.IP))
	default:
		line("  server     %s (%s, %s)", p.Server.ID, or(p.Server.Label), or(p.Server.IP))
	}
	line("  account    %s: %s", strings.TrimSpace(fmt.Sprint(p.Account.Kind, " ", p.Account.Name)), p.Account.Why)
	template := "the panel has it"
	if !p.Template {
		template = "the panel does not list it"
	}
	line("  template   %s: %s", or(o.OSTemplate), template)
	if o.Recipe != "" {
		line("  recipe     %s: unknown, the panel tells only when it installs", o.Recipe)
	}
	if o.IPv4+o.IPv6 > 0 {
		line("  addresses  %d extra IPv4, %d extra IPv6: unknown whether the pool has as many", o.IPv4, o.IPv6)
	}
	if len(p.Others) == 0 {
		return nil
	}
	total := 0
	line("\nWhy not the others:")
	for _, r := range p.Reasons {
		line("  %4d  %s", r.Count, r.Reason)
		total += r.Count
	}
	line("")
	table := [][]string{{"SERVER", "LABEL", "WHY NOT"}}
	for _, other := range p.Others {
		table = append(table, []string{other.ID, or(other.Label), other.Why})
	}
	if more := total - len(p.Others); more > 0 {
		table = append(table, []string{"", "", fmt.Sprintf("and %d more", more)})
	}
	return writeTable(w, table)
}
