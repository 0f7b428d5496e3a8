package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.uber.org/zap"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/activities/reconciler"
	"metalease/dcim/dci5"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/logging"
	"metalease/internal/temporalclient"
	"metalease/whmcs"
	"metalease/workflows"
	"metalease/workflows/api"
)

// run serves until the context ends, then stops gracefully.
func run(ctx context.Context, cfg *config.Config) error {
	logger, err := logging.New(cfg.Log, cfg.Secrets()...)
	if err != nil {
		return err
	}
	defer func() { _ = logger.Sync() }()

	line := &engine.BrakeLine{TaskQueue: api.QueueWorkflows}
	built, err := newBackends(cfg, line)
	if err != nil {
		return err
	}
	counted, err := newMetrics(cfg.Worker.MetricsListen, logger)
	if err != nil {
		return fmt.Errorf("worker.metrics_listen: %w", err)
	}
	defer counted.stop()
	identity := fmt.Sprintf("worker-%d@%s", os.Getpid(), hostname())
	temporal, err := temporalclient.Dial(ctx, logger, identity, func(o *client.Options) { o.MetricsHandler = counted.handler })
	if err != nil {
		return err
	}
	defer temporal.Close()
	line.Client = temporal
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

	failed := make(chan error, 1)
	fatal := func(err error) {
		select {
		case failed <- err:
		default:
		}
	}
	if built.reconcilers, err = newReconcilers(temporal, cfg, built.panels, counted.handler); err != nil {
		return err
	}
	crew := newCrew(temporal, cfg, built, fatal)
	if err := crew.start(); err != nil {
		return err
	}
	defer crew.stop()
	logger.Info("worker ready", zap.Strings("panels", cfg.PanelNames()), zap.String("installation", cfg.Installation))

	select {
	case <-ctx.Done():
		logger.Info("stopping: running activities may end", zap.Duration("within", cfg.Worker.StopTimeout))
		return nil
	case err := <-failed:
		return fmt.Errorf("a worker cannot go on: %w", err)
	}
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

func searchAttributes() map[string]enumspb.IndexedValueType {
	kinds := map[string]enumspb.IndexedValueType{}
	for _, key := range api.SearchAttributes {
		kinds[key.GetName()] = key.GetValueType()
	}
	return kinds
}

// ensureInventory has the allocator of a panel running. It would be started by
// the first order too; an operator wants to see it before.
func ensureInventory(ctx context.Context, temporal client.Client, panel string, timing config.Timing) error {
	_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: api.InventoryWorkflowID(panel), TaskQueue: api.QueueWorkflows,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "the servers of panel " + panel,
	}, api.TypeInventory, api.EntityStart{Panel: panel, Settings: control.Settings(timing)})
	return err
}

// backends are the clients of this process: one per vendor's installation, so
// that rates and shared lists hold for all queues together.
type backends struct {
	whmcs       *whmcs.Client
	panels      map[string]*panel.Panel
	reconcilers map[string]*reconciler.Reconciler
}

func newBackends(cfg *config.Config, brakes engine.Brakes) (backends, error) {
	billing, err := whmcs.New(whmcs.Config{
		URL: cfg.WHMCS.URL, Identifier: cfg.WHMCS.Identifier, Secret: cfg.WHMCS.Secret.Reveal(), AccessKey: cfg.WHMCS.AccessKey.Reveal(),
		Installation: cfg.Installation, ModuleSecret: cfg.Gateway.Secret.Reveal(),
		CAFile: cfg.WHMCS.CA, Fingerprint: cfg.WHMCS.Fingerprint,
		Timeout: cfg.WHMCS.Timeout, ModuleTimeout: cfg.WHMCS.ModuleTimeout, Rate: cfg.WHMCS.Rate, Concurrency: cfg.WHMCS.Concurrency,
	})
	if err != nil {
		return backends{}, err
	}
	built := backends{whmcs: billing, panels: map[string]*panel.Panel{}}
	for _, p := range cfg.Panels {
		client, err := dci5.New(dci5.Config{
			Name: p.Name, URL: p.URL, User: p.User, Password: p.Password.Reveal(), CAFile: p.CA, Fingerprint: p.Fingerprint,
			Timeout: p.Timeout, Rate: p.Rate, Concurrency: p.Concurrency, UrgentShare: p.UrgentShare,
			ReadOnly: p.Mode == config.ModeObserve,
		})
		if err != nil {
			return backends{}, err
		}
		built.panels[p.Name] = panel.New(panel.Options{
			Reader: panel.NewReader(client, cfg.Timing.Tick), WHMCS: billing, Installation: cfg.Installation,
			Settle: cfg.Timing.InstallSettle, ReleaseTimeout: cfg.Timing.ReleaseTimeout,
			Modules: cfg.WHMCS.Modules, Entries: p.WHMCSServers,
			Brakes: brakes, ReleasesPerHour: p.MaxReleasesPerHour, BlocksPerHour: p.MaxBlocksPerHour,
			Resale: resale(p), ClearDisks: p.Wipe == config.WipeOnInstall,
		})
	}
	return built, nil
}

// resale is what a panel's settings want before a released server is stock again.
func resale(p config.Panel) panel.Resale {
	switch p.Resale {
	case config.ResaleHold:
		return panel.Resale{Hold: p.ResaleHold}
	case config.ResaleDiagnostics:
		return panel.Resale{Diagnose: true}
	}
	return panel.Resale{}
}

// tell is how staff hear of a service that needs them. A ticket comes from an address of
// the WHMCS itself, for it has no client.
func tell(w config.WHMCS) billing.Tell {
	host := "localhost"
	if address, err := url.Parse(w.URL); err == nil && address.Hostname() != "" {
		host = address.Hostname()
	}
	return billing.Tell{
		Event: w.Notify == config.NotifyEvent, Ticket: w.Notify == config.NotifyTicket, Department: w.TicketDept,
		From: whmcs.Sender{Name: "metalease", Email: "metalease@" + host, Silent: true},
	}
}

// crew is all workers of this process, one per task queue.
type crew struct{ workers []worker.Worker }

func newCrew(temporal client.Client, cfg *config.Config, built backends, fatal func(error)) *crew {
	c := &crew{}
	add := func(queue string, slots int, workflowsToo bool) worker.Worker {
		w := worker.New(temporal, queue, worker.Options{
			MaxConcurrentActivityExecutionSize: slots,
			DisableWorkflowWorker:              !workflowsToo,
			DisableRegistrationAliasing:        true,
			WorkerStopTimeout:                  cfg.Worker.StopTimeout,
			Interceptors:                       append(workflows.Interceptors(), edge.Interceptors()...),
			MaxHeartbeatThrottleInterval:       5 * time.Second,
			OnFatalError:                       fatal,
		})
		c.workers = append(c.workers, w)
		return w
	}
	brain := add(api.QueueWorkflows, cfg.Worker.BuildSlots, true)
	workflows.Register(brain)
	brain.RegisterActivity(&engine.Messenger{Client: temporal})
	add(api.QueueWHMCS, cfg.Worker.BuildSlots, false).RegisterActivity(&billing.WHMCS{Client: built.whmcs, Tell: tell(cfg.WHMCS)})
	for _, panel := range cfg.Panels {
		add(api.PanelQueue(panel.Name), cfg.Worker.BuildSlots, false).RegisterActivity(built.panels[panel.Name])
		urgent := add(api.UrgentQueue(panel.Name), cfg.Worker.UrgentSlots, false)
		urgent.RegisterActivity(built.panels[panel.Name])
		urgent.RegisterActivity(built.reconcilers[panel.Name])
		watch := add(api.WatchQueue(panel.Name), cfg.Worker.WatchSlots, false)
		watch.RegisterActivity(built.panels[panel.Name])
		watch.RegisterActivity(built.reconcilers[panel.Name])
	}
	return c
}

func (c *crew) start() error {
	for i, w := range c.workers {
		if err := w.Start(); err != nil {
			(&crew{c.workers[:i]}).stop()
			return err
		}
	}
	return nil
}

// stop ends all workers side by side: each waits for its own activities.
func (c *crew) stop() {
	done := make(chan struct{})
	for _, w := range c.workers {
		go func() { w.Stop(); done <- struct{}{} }()
	}
	for range c.workers {
		<-done
	}
}
