package cli

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"metalease/internal/control"
)

const trafficText = `Shows what a server has used in a month, or with --panel what the servers of all services of a panel have, from one question to it.

A panel counts by server, whoever has it, and tells the running month only. So of a service that got its server within the month, and of a month that is over, nothing is known: that is "unknown", never 0, and COMPLETE is no.`

// trafficOptions are those of usage.
type trafficOptions struct{ panel, month string }

func (c *commandLine) trafficCommand() *cobra.Command {
	var o trafficOptions
	cmd := &cobra.Command{
		Use: "usage SERVICE | --panel NAME [--month 2026-11] [--json]", Short: "Show what servers have used in a month", Long: trafficText,
		Example: "starter usage 101\nstarter usage --panel fra1 --json", ValidArgsFunction: c.completeService,
	}
	c.panelFlag(cmd, &o.panel, "all services of this panel, by `NAME`")
	cmd.Flags().StringVar(&o.month, "month", "", "the `MONTH`, such as 2026-11, in UTC (default: the running one)")
	c.jsonFlag(cmd, "print JSON")
	c.configFlag(cmd)
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if o.panel == "" {
			return oneService(cmd, args)
		}
		if len(args) > 0 {
			return wrongUsage("usage takes a service or --panel, not both")
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.traffic(cmd.Context(), args, o) }
	return cmd
}

func (c *commandLine) traffic(ctx context.Context, args []string, o trafficOptions) error {
	month, is := control.MonthOf(o.month, time.Now())
	if !is {
		return wrongUsage("--month %s: must be a month such as 2026-11 that has begun", o.month)
	}
	ctl, done, err := c.openConfigured(ctx)
	if err != nil {
		return err
	}
	defer done()
	if o.panel != "" {
		all, err := ctl.PanelUsage(ctx, o.panel, month)
		switch {
		case err != nil:
			return aboutPanel(o.panel, err)
		case c.asJSON:
			return c.print(all)
		case len(all) == 0:
			return c.say("no service has a server on panel %s", o.panel)
		}
		return c.table(trafficRows(all))
	}
	id, err := serviceID(args[0])
	if err != nil {
		return err
	}
	usage, err := ctl.Usage(ctx, id, month)
	switch {
	case err != nil:
		return about(id, err)
	case c.asJSON:
		return c.print(usage)
	}
	return c.table(trafficRows([]control.ServiceUsage{{ServiceID: id, Usage: usage}}))
}

func trafficRows(all []control.ServiceUsage) [][]string {
	rows := [][]string{{"SERVICE", "IN", "OUT", "95TH PERCENTILE", "COMPLETE", "FROM (UTC)", "TO (UTC)"}}
	for _, u := range all {
		p95 := unknown
		if u.P95Mbit != nil {
			p95 = strconv.FormatFloat(*u.P95Mbit, 'f', -1, 64) + " Mbit/s"
		}
		rows = append(rows, []string{
			strconv.Itoa(u.ServiceID), volume(u.InBytes), volume(u.OutBytes), p95, map[bool]string{true: "yes", false: "no"}[u.Complete], utc(u.From), utc(u.To),
		})
	}
	return rows
}

// volume is a number of bytes in the unit in which traffic is sold: a million of them is a megabyte.
func volume(bytes *int64) string {
	if bytes == nil {
		return unknown
	}
	size, unit := float64(*bytes), "B"
	for _, next := range []string{"kB", "MB", "GB", "TB", "PB"} {
		if size < 1000 {
			break
		}
		size, unit = size/1000, next
	}
	if unit == "B" {
		return strconv.FormatInt(*bytes, 10) + " B"
	}
	return fmt.Sprintf("%.1f %s", size, unit)
}
