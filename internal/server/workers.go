package server

import (
	"slices"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/internal/audit"
	"metalease/internal/config"
	"metalease/workflows"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/shop"
)

// heartbeatThrottle is the longest that a heartbeat is kept back: a cancelled activity learns of it with its next heartbeat.
const heartbeatThrottle = 5 * time.Second

// stickyTimeout is how long a task may wait for the worker that has the workflow in memory before any worker may take it. Tasks
// and queries are lost on that way now and then while the worker lives; the SDK's 5 s are longer than anybody waits for a query
// (docs/temporal.md 2).
const stickyTimeout = time.Second

// cachedWorkflows is how many workflows a process keeps in memory. One takes about 100 KiB, so the SDK's 10 000 would be a gigabyte of
// services in which nothing happens; those that are being built have room. One that was dropped is replayed at its next event: some
// sixty events, milliseconds.
const cachedWorkflows = 2000

// workers are those of this process, one per task queue.
type workers struct {
	all []worker.Worker
	// failed takes the first error after which a worker cannot go on.
	failed chan error
}

// newWorkers lays out the task queues: workflows and WHMCS once, and four per panel, so that an install never stands before a
// block or a release, and no block before an unblock.
func newWorkers(temporal client.Client, cfg *config.Config, built backends, written *audit.Log) *workers {
	worker.SetStickyWorkflowCacheSize(cachedWorkflows)
	w := &workers{failed: make(chan error, 1)}
	add := func(queue string, slots int, workflowsToo bool) worker.Worker {
		one := worker.New(temporal, queue, worker.Options{
			MaxConcurrentActivityExecutionSize: slots,
			DisableWorkflowWorker:              !workflowsToo,
			DisableRegistrationAliasing:        true,
			WorkerStopTimeout:                  cfg.Worker.StopTimeout,
			Interceptors:                       slices.Concat([]interceptor.WorkerInterceptor{written.Interceptor()}, workflows.Interceptors(), edge.Interceptors()),
			MaxHeartbeatThrottleInterval:       heartbeatThrottle,
			StickyScheduleToStartTimeout:       stickyTimeout,
			OnFatalError:                       w.fail,
			DeploymentOptions:                  deployment(cfg.Worker),
		})
		w.all = append(w.all, one)
		return one
	}
	decisions := add(api.QueueWorkflows, cfg.Worker.BuildSlots, true)
	workflows.Register(decisions)
	decisions.RegisterActivity(&engine.Messenger{Client: temporal})
	billed := add(api.QueueWHMCS, cfg.Worker.BuildSlots, false)
	billed.RegisterActivity(&billing.WHMCS{Client: built.whmcs, Tell: notify(cfg.WHMCS), Look: look(cfg, built.whmcs)})
	billed.RegisterActivity(newCheckout(cfg, built.whmcs))
	add(shop.QueueWebhooks, cfg.Worker.BuildSlots, false).RegisterActivity(built.webhooks)
	for _, panel := range cfg.Panels {
		add(fleet.PanelQueue(panel.Name), cfg.Worker.BuildSlots, false).RegisterActivity(built.panels[panel.Name])
		urgent := add(fleet.UrgentQueue(panel.Name), cfg.Worker.UrgentSlots, false)
		urgent.RegisterActivity(built.panels[panel.Name])
		urgent.RegisterActivity(built.reconcilers[panel.Name])
		add(fleet.UnblockQueue(panel.Name), cfg.Worker.UrgentSlots, false).RegisterActivity(built.panels[panel.Name])
		watch := add(fleet.WatchQueue(panel.Name), cfg.Worker.WatchSlots, false)
		watch.RegisterActivity(built.panels[panel.Name])
		watch.RegisterActivity(built.reconcilers[panel.Name])
	}
	return w
}

func (w *workers) fail(err error) {
	select {
	case w.failed <- err:
	default: // one is enough to end the process
	}
}

// start starts all of them, or none.
func (w *workers) start() error {
	for i, one := range w.all {
		if err := one.Start(); err != nil {
			(&workers{all: w.all[:i]}).stop()
			return err
		}
	}
	return nil
}

// stop ends all workers side by side: each waits for its own activities.
func (w *workers) stop() {
	var ending sync.WaitGroup
	for _, one := range w.all {
		ending.Go(one.Stop)
	}
	ending.Wait()
}
