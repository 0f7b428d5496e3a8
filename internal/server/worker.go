package server

import (
	"context"
	"fmt"
	"os"

	"go.temporal.io/sdk/client"
	"go.uber.org/zap"

	"metalease/activities/engine"
	"metalease/internal/audit"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/logging"
	"metalease/internal/temporalclient"
	"metalease/workflows/api"
)

// Worker runs the workflows and activities of all configured panels until the context ends. Then it takes nothing new and lets
// running activities end within worker.stop_timeout. An error is one that no wait mends: settings, Temporal, or a worker that
// cannot go on.
func Worker(ctx context.Context, cfg *config.Config) error {
	logger, err := logging.New(cfg.Log, cfg.Secrets()...)
	if err != nil {
		return err
	}
	defer func() { _ = logger.Sync() }()

	lines, err := logging.Audit(cfg.Log, logger, cfg.Secrets()...)
	if err != nil {
		return fmt.Errorf("log.audit_file: %w", err)
	}
	defer func() { _ = lines.Sync() }()
	written := audit.New(lines)
	for _, warning := range config.Warnings("", cfg) {
		logger.Warn(warning)
	}
	counted, err := newCounted(cfg.Worker.MetricsListen, logger)
	if err != nil {
		return fmt.Errorf("worker.metrics_listen: %w", err)
	}
	defer counted.stop()
	line := &engine.BrakeLine{TaskQueue: api.QueueWorkflows}
	asked := &lives{}
	messenger := &engine.Messenger{}
	built, err := newBackends(cfg, wiring{line, asked, messenger, counted.calls, written, logger})
	if err != nil {
		return err
	}
	identity := fmt.Sprintf("worker-%d@%s", os.Getpid(), hostname())
	temporal, err := temporalclient.Dial(ctx, logger, identity, cfg.Temporal.Encryption, func(o *client.Options) { o.MetricsHandler = counted.handler })
	if err != nil {
		return err
	}
	defer temporal.Close()
	line.Client, asked.temporal, messenger.Client = temporal, temporal, temporal
	if err := claim(ctx, temporal, cfg); err != nil {
		return err
	}
	if err := prepare(ctx, temporal, cfg); err != nil {
		return err
	}
	if err := writeAnew(ctx, temporal, cfg); err != nil {
		return fmt.Errorf("temporal.encryption: %w", err)
	}
	if built.reconcilers, err = newReconcilers(temporal, cfg, built.panels, counted.handler); err != nil {
		return err
	}

	shared := &sharing{temporal: temporal, logger: logger, vendors: built.vendors}
	shared.look(ctx, 1)
	all := newWorkers(temporal, cfg, built, written)
	if err := all.start(); err != nil {
		return err
	}
	defer all.stop()
	tellDeployment(ctx, temporal, cfg.Worker, logger)
	counting, end := context.WithCancel(ctx)
	defer end()
	go shared.run(counting)
	logger.Info("worker ready", zap.Strings("panels", cfg.PanelNames()), zap.String("installation", cfg.Installation))
	select {
	case <-ctx.Done():
		logger.Info("stopping: running activities may end", zap.Duration("within", cfg.Worker.StopTimeout))
		return nil
	case err := <-all.failed:
		return fmt.Errorf("a worker cannot go on: %w", err)
	}
}

// claim makes the namespace that of the configured installation, before anything else is written to it. One that belongs to
// another is an error.
func claim(ctx context.Context, temporal client.Client, cfg *config.Config) error {
	options, err := temporalclient.Options()
	if err != nil {
		return err
	}
	return control.New(temporal, options.Namespace, cfg).Claim(ctx)
}

// prepare makes the namespace ready: search attributes first, since the workflows that follow set them.
func prepare(ctx context.Context, temporal client.Client, cfg *config.Config) error {
	if err := temporalclient.EnsureSearchAttributes(ctx, temporal, searchAttributes()); err != nil {
		return err
	}
	for _, panel := range cfg.Panels {
		if err := ensureInventory(ctx, temporal, panel.Name, cfg.Timing); err != nil {
			return fmt.Errorf("inventory of panel %s: %w", panel.Name, err)
		}
		if err := ensureSchedule(ctx, temporal, panel, cfg.Timing); err != nil {
			return fmt.Errorf("schedule of panel %s: %w", panel.Name, err)
		}
	}
	return nil
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}
