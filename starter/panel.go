package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/pflag"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows"
)

// panel tells whether orders can be built on a panel now, and what it could sell.
func (c *commandLine) panel(ctx context.Context, args []string) error {
	c.flags.BoolVar(&c.asJSON, "json", false, "print JSON")
	c.configurable()
	rest, err := c.parse(args, 1, "one panel, by its configured name")
	if err != nil {
		return err
	}
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return err
	}
	ctl, done, err := c.open(ctx, cfg)
	if err != nil {
		return err
	}
	defer done()
	health, err := ctl.Health(ctx, rest[0])
	if err != nil {
		return aboutPanel(rest[0], err)
	}
	stock, err := ctl.Stock(ctx, rest[0], false)
	switch {
	case err != nil:
		return aboutPanel(rest[0], err)
	case c.asJSON:
		return c.print(struct {
			control.PanelHealth
			Stock workflows.Stock `json:"stock"`
		}{health, stock})
	}
	writeHealth(c.out, health)
	return writeStocks(c.out, []workflows.Stock{stock})
}

func writeHealth(w io.Writer, h control.PanelHealth) {
	reachable := "answers, and knows the API account"
	if !h.Reachable {
		reachable = "cannot be used"
	}
	_, _ = fmt.Fprintf(w, "panel %s %s (%s UTC)\n", h.Panel, reachable, h.AsOf.UTC().Format(time.DateTime))
	if h.Error != nil {
		_, _ = fmt.Fprintf(w, "  why: %s (%s)\n", statusview.Clean(h.Error.Message), h.Error.Code)
	}
	if h.Mode == config.ModeObserve {
		_, _ = fmt.Fprintln(w, "  it is only observed: nothing is written, and orders for it are not started")
	}
	if h.Paused {
		_, _ = fmt.Fprintf(w, "  it is paused: %s; it goes on after: starter resume --panel %s\n", statusview.Clean(or(h.PauseReason)), h.Panel)
	}
	_, _ = fmt.Fprintln(w)
}

// panelNames are the panels that a command is about: the named one, or all.
func panelNames(cfg *config.Config, panel string) ([]string, error) {
	if panel == "" {
		return cfg.PanelNames(), nil
	}
	if _, there := cfg.Panel(panel); !there {
		return nil, aboutPanel(panel, control.ErrUnknownPanel)
	}
	return []string{panel}, nil
}

// parseAny reads the flags and returns whatever words there are.
func (c *commandLine) parseAny(args []string) ([]string, error) {
	err := c.flags.Parse(args)
	if err != nil && !errors.Is(err, pflag.ErrHelp) {
		return nil, wrongUsage("%s", err)
	}
	return c.flags.Args(), err
}
