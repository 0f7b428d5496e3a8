package main

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/workflows/api"
)

// start starts an order from flags or from a file.
func (c *commandLine) start(ctx context.Context, args []string) error {
	var o api.Order
	file, paid := c.orderFlags(&o)
	restart := c.flags.Bool("restart", false, "start a released service anew")
	c.configurable()
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return err
	}
	if *file != "" {
		o, err = c.orderOf(*file, cfg.PanelNames())
	} else {
		o.PaidAt, err = paidAt(*paid)
	}
	if err != nil {
		return err
	}
	o.Restart = o.Restart || *restart
	if err := control.CheckOrder(o, cfg.PanelNames()); err != nil {
		return err
	}
	ctl, done, err := c.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer done()
	started, err := ctl.Start(ctx, o)
	switch {
	case isRepeat(err, *file == "" && *paid == ""), err == nil && !started:
		return c.say("service %d runs already with this order; nothing done", o.ServiceID)
	case errors.Is(err, control.ErrClosed):
		return about(o.ServiceID, errors.New("it has ended; --restart starts it anew, with another server"))
	case err != nil:
		return about(o.ServiceID, err)
	}
	return c.say("service %d started; follow it with: starter status %d --watch", o.ServiceID, o.ServiceID)
}

// isRepeat is the same command typed twice: only the time that nobody typed differs.
func isRepeat(err error, paidNow bool) bool {
	conflict, ok := errors.AsType[*control.Conflict](err)
	return ok && paidNow && slices.Equal(conflict.Fields, []string{"paid_at"})
}

func paidAt(text string) (time.Time, error) {
	if text == "" {
		return time.Now().UTC().Truncate(time.Second), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, wrongUsage("--paid-at %q is no time such as 2026-01-31T12:00:00Z", text)
	}
	return at.UTC(), nil
}

// orderOf reads an order from a file, or from standard input.
func (c *commandLine) orderOf(file string, panels []string) (api.Order, error) {
	var mixed []string
	c.flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains([]string{"file", "restart", "config", "json"}, f.Name) {
			mixed = append(mixed, "--"+f.Name)
		}
	})
	if len(mixed) > 0 {
		return api.Order{}, wrongUsage("--file holds the whole order; it does not go with %s", strings.Join(mixed, ", "))
	}
	read := func() ([]byte, error) { return os.ReadFile(file) }
	if file == "-" {
		read = func() ([]byte, error) { return io.ReadAll(c.in) }
	}
	text, err := read()
	if err != nil {
		return api.Order{}, wrongUsage("--file: %s", err)
	}
	order, err := control.ReadOrder(text, panels)
	if errors.Is(err, control.ErrNotJSON) {
		return order, wrongUsage("--file %s: %s", file, err)
	}
	return order, err
}
