package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/statusview"
	"metalease/workflows/api"
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
			Stock api.Stock `json:"stock"`
		}{health, stock})
	}
	writeHealth(c.out, health)
	return writeStocks(c.out, []api.Stock{stock})
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

// openPanels connects a command about the named panel, or about all.
func (c *commandLine) openPanels(ctx context.Context, panel string) (ctl *control.Control, names []string, done func(), err error) {
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return nil, nil, nil, err
	}
	names = cfg.PanelNames()
	if panel != "" {
		if _, there := cfg.Panel(panel); !there {
			return nil, nil, nil, aboutPanel(panel, control.ErrUnknownPanel)
		}
		names = []string{panel}
	}
	ctl, done, err = c.open(ctx, cfg)
	return ctl, names, done, err
}

// openPanel connects a command about one panel: the named one, or the only one there is.
func (c *commandLine) openPanel(ctx context.Context, panel string) (ctl *control.Control, name string, done func(), err error) {
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return nil, "", nil, err
	}
	if panel == "" {
		if len(cfg.Panels) != 1 {
			return nil, "", nil, wrongUsage("--panel is missing: there are %s", strings.Join(cfg.PanelNames(), ", "))
		}
		panel = cfg.Panels[0].Name
	}
	ctl, done, err = c.open(ctx, cfg)
	return ctl, panel, done, err
}

// parseAny reads the flags and returns whatever words there are.
func (c *commandLine) parseAny(args []string) ([]string, error) {
	err := c.flags.Parse(args)
	if err != nil && !errors.Is(err, pflag.ErrHelp) {
		return nil, wrongUsage("%s", err)
	}
	return c.flags.Args(), err
}
