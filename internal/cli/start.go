package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"metalease/internal/config"
	"metalease/internal/control"
)

const startText = `Starts an order, as WHMCS does when it is paid. The same order given twice is started once.

With --service alone everything comes from WHMCS, read by our module there as it does itself: the product's settings, the configurable options, the server that staff named, and the time of payment, which is the place in the queue. So an order goes on whose workflow was terminated by force, or which is older than the module.

A released service is started anew with --restart only: it gets another server.`

const startExample = `starter start --service 101
starter start --service 101 --client 7 --panel fra1 --package E3-16G \
    --os ISPsystem__Debian-12-x86_64 --domain s101.example.com --ipv4 2
starter start --file order.json
starter start --file order.json --restart`

// startCommand starts an order from flags or from a file.
func (c *commandLine) startCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "start --service N [--restart] | --service N --client N --panel NAME --package TEXT --os TEMPLATE --domain NAME ... | --file order.json",
		Short: "Start an order, as WHMCS does when it is paid", Long: startText, Example: startExample, Args: noArgument,
	}
	order := c.orderFlags(cmd)
	restart := cmd.Flags().Bool("restart", false, "start a released service anew")
	c.configFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.start(cmd, order, *restart) }
	return cmd
}

func (c *commandLine) start(cmd *cobra.Command, g *orderFlags, restart bool) error {
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return err
	}
	o, sold := g.order, onlyService(cmd, "restart")
	if !sold || o.ServiceID <= 0 {
		if o, err = g.read(cmd, c.In, cfg.PanelNames()); err != nil {
			return err
		}
	}
	o.Restart = o.Restart || restart
	ctx := cmd.Context()
	ctl, done, err := c.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer done()
	var started bool
	if sold {
		started, err = c.startSold(ctx, ctl, o.ServiceID, o.Restart)
	} else {
		started, err = ctl.Start(ctx, o)
	}
	switch {
	case isRepeat(err, g.file == "" && g.paid == ""), err == nil && !started:
		return c.say("service %d runs already with this order; nothing done", o.ServiceID)
	case errors.Is(err, control.ErrClosed):
		return about(o.ServiceID, errors.New("it has ended; --restart starts it anew, with another server"))
	case err != nil:
		return about(o.ServiceID, unsure(ctx, err, o.ServiceID))
	}
	return c.say("service %d started; follow it with: starter status %d --watch", o.ServiceID, o.ServiceID)
}

// startSold starts the order that WHMCS has of a service.
func (c *commandLine) startSold(ctx context.Context, ctl *control.Control, id int, restart bool) (bool, error) {
	sold, err := ctl.SoldOrder(ctx, id)
	if err != nil {
		return false, err
	}
	if !sold.Due {
		_, _ = fmt.Fprintf(c.Err, "service %d: WHMCS does not show that it is paid; it is started because you say so\n", id)
	}
	sold.Restart = restart
	return ctl.StartSold(ctx, sold)
}

// isRepeat is the same command typed twice: only the time that nobody typed differs.
func isRepeat(err error, paidNow bool) bool {
	conflict, ok := errors.AsType[*control.Conflict](err)
	return ok && paidNow && slices.Equal(conflict.Fields, []string{"paid_at"})
}

// unsure is the error of a call that was interrupted: it may have arrived.
func unsure(ctx context.Context, err error, id int) error {
	if ctx.Err() == nil || !isCancelled(err) {
		return err
	}
	return fmt.Errorf("%w; it may have been sent: starter status %d shows it", errInterrupted, id)
}
