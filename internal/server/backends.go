package server

import (
	"net/url"
	"time"

	"go.uber.org/zap"

	"metalease/activities/billing"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/activities/reconciler"
	"metalease/activities/webhook"
	"metalease/internal/audit"
	"metalease/internal/config"
	"metalease/internal/metrics"
	"metalease/whmcs"
	"metalease/workflows/api"
)

// backends are the clients of this process: one per vendor's installation, so that rates and shared lists hold for all queues
// together.
type backends struct {
	whmcs       *whmcs.Client
	webhooks    *webhook.Sender
	panels      map[string]*panel.Panel
	reconcilers map[string]*reconciler.Reconciler
	// vendors are whom these clients ask.
	vendors []*vendor
}

// wiring is what the clients and activities of a process are given beside the configuration. What is nil
// is not there.
type wiring struct {
	brakes    engine.Brakes
	lives     engine.Lives
	messenger engine.Teller
	calls     *metrics.Calls
	written   *audit.Log
	logger    *zap.Logger
}

func newBackends(cfg *config.Config, with wiring) (backends, error) {
	billing, err := newWHMCS(cfg, whmcsCall(with.calls))
	if err != nil {
		return backends{}, err
	}
	webhooks, err := newWebhooks(cfg)
	if err != nil {
		return backends{}, err
	}
	built := backends{whmcs: billing, webhooks: webhooks, panels: map[string]*panel.Panel{}}
	built.vendors = append(built.vendors, &vendor{name: "WHMCS", queues: []string{api.QueueWHMCS}, share: billing.Share})
	for _, p := range cfg.Panels {
		against := newContradicted(p, with.calls, with.logger)
		client, err := newPanel(p, p.Mode == config.ModeObserve, against.take, panelCall(with.calls, p.Name))
		if err != nil {
			return backends{}, err
		}
		built.vendors = append(built.vendors, panelVendor(p.Name, client.Share))
		seen := listing{audit.Backend(client, with.written), func(at time.Time) { with.calls.Listed(p.Name, at) }}
		reader := panel.NewReader(seen, cfg.Timing.Tick)
		if client.Filters() {
			reader = reader.Filtered()
		}
		built.panels[p.Name] = panel.New(panel.Options{
			Reader: reader, WHMCS: billing, Installation: cfg.Installation,
			Settle: cfg.Timing.InstallSettle, ReleaseTimeout: cfg.Timing.ReleaseTimeout,
			Modules: cfg.WHMCS.Modules, Entries: p.WHMCSServers,
			Brakes: with.brakes, Lives: with.lives, Messenger: with.messenger, ReleasesPerHour: p.MaxReleasesPerHour, BlocksPerHour: p.MaxBlocksPerHour,
			Contradictions: against.all, Resale: resale(p), ClearDisks: p.Wipe == config.WipeOnInstall,
		})
	}
	return built, nil
}

// newWHMCS is the client of this installation's WHMCS; observe hears of its calls, nil is nobody.
func newWHMCS(cfg *config.Config, observe func(string, error, time.Duration)) (*whmcs.Client, error) {
	return whmcs.New(whmcs.Config{
		URL: cfg.WHMCS.URL, PublicURL: cfg.WHMCS.PublicURL,
		Identifier: cfg.WHMCS.Identifier, Secret: cfg.WHMCS.Secret.Reveal(), AccessKey: cfg.WHMCS.AccessKey.Reveal(),
		Installation: cfg.Installation, ModuleSecret: cfg.Gateway.Secret.Reveal(),
		CAFile: cfg.WHMCS.CA, Fingerprint: cfg.WHMCS.Fingerprint,
		Timeout: cfg.WHMCS.Timeout, ModuleTimeout: cfg.WHMCS.ModuleTimeout, Rate: cfg.WHMCS.Rate, Concurrency: cfg.WHMCS.Concurrency,
		Observe: observe,
	})
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

// notify is how staff hear of a service that needs them. A ticket comes from an address of the WHMCS itself, for it has no client.
func notify(w config.WHMCS) billing.Tell {
	host := "localhost"
	if address, err := url.Parse(w.URL); err == nil && address.Hostname() != "" {
		host = address.Hostname()
	}
	return billing.Tell{
		Event: w.Notify == config.NotifyEvent, Ticket: w.Notify == config.NotifyTicket, Department: w.TicketDept,
		From: whmcs.Sender{Name: "metalease", Email: "metalease@" + host, Silent: true},
	}
}
