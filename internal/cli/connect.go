package cli

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.uber.org/zap"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/temporalclient"
)

// open connects to Temporal. A namespace that belongs to another installation than the configuration says is an error.
func (c *commandLine) open(ctx context.Context, cfg *config.Config) (*control.Control, func(), error) {
	options, err := temporalclient.Options()
	if err != nil {
		return nil, nil, wrongUsage("%s", err)
	}
	quiet := func(o *client.Options) { o.Logger = sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }
	temporal, err := temporalclient.Dial(ctx, zap.NewNop(), "starter", cfg.Temporal.Encryption, quiet)
	if err != nil {
		return nil, nil, err
	}
	ctl := control.New(temporal, options.Namespace, cfg)
	if cfg.Installation != "" { // a command that reads no configuration says nothing of installations
		if err := ctl.Belongs(ctx); err != nil {
			temporal.Close()
			return nil, nil, err
		}
	}
	return ctl, temporal.Close, nil
}

// openPlain connects a command that needs no configuration. Where there is one, its keys are used: what Temporal keeps may be encrypted.
func (c *commandLine) openPlain(ctx context.Context) (*control.Control, func(), error) {
	cfg, err := config.Load(c.configFile, config.ForConnection)
	if err != nil {
		return nil, nil, err
	}
	return c.open(ctx, cfg)
}

// openConfigured connects a command that needs of its configuration no more than that.
func (c *commandLine) openConfigured(ctx context.Context) (*control.Control, func(), error) {
	cfg, err := config.Load(c.configFile, config.ForCommandLine)
	if err != nil {
		return nil, nil, err
	}
	return c.open(ctx, cfg)
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

// about names the service in an error.
func about(id int, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("service %d: %w", id, err)
}

// aboutPanel names the panel in an error.
func aboutPanel(panel string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("panel %s: %w", panel, err)
}
