// Package gateway is the HTTP side of metalease: signed calls
// from WHMCS and from other programs, answered from Temporal. The table routes is the contract;
// the mux and GET /openapi.json are made from it.
package gateway

import (
	"context"
	"net/http"
	"slices"
	"time"

	"go.uber.org/zap"

	"metalease/activities/billing"
	"metalease/activities/panel"
	"metalease/internal/control"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Control is what the gateway asks of Temporal.
type Control interface {
	Start(ctx context.Context, o api.Order) (started bool, err error)
	Status(ctx context.Context, serviceID int) (control.Status, error)
	List(ctx context.Context, f control.Filter, token string, size int) (control.Page, error)
	Signal(ctx context.Context, serviceID int, name string, event api.Event, wait time.Duration) (control.Result, error)
	Stock(ctx context.Context, panelName string, refresh bool) (fleet.Stock, error)
	Health(ctx context.Context, panelName string) (control.PanelHealth, error)
	Packages(ctx context.Context, panelName string) ([]string, error)
	Templates(ctx context.Context, panelName string) ([]panel.Template, error)
	Marked(ctx context.Context, panelName string, serviceID int) ([]panel.MarkedServer, error)
	Check(ctx context.Context) (worker bool, found billing.Reach, err error)
	System(ctx context.Context, said string) error
	Ready(ctx context.Context) error
}

// Options configure a gateway.
type Options struct {
	Control Control
	// Panels are the configured names; an order for another one is refused.
	Panels []string
	// Installation is the one WHMCS whose calls are served; Secret signs them.
	Installation, Secret string
	Logger               *zap.Logger
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// gateway holds what the handlers share.
type gateway struct {
	Options
	metrics metrics
	replays *replays
	systems systems
	// document is the OpenAPI document.
	document []byte
}

// New returns the gateway's handler.
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	g := &gateway{Options: o, metrics: newMetrics(), replays: newReplays(), document: Contract()}
	mux := http.NewServeMux()
	for _, r := range slices.Concat(routes, []route{missing}) {
		mux.HandleFunc(r.method+" "+r.pattern, r.handler(g))
	}
	return g.watched(refusals{mux})
}

// missing catches what looks like a signal and is none: its sender learns the names.
var missing = route{method: http.MethodPost, pattern: "/v1/services/{id}/{signal}", handle: noSignal}

func healthy(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// readyTimeout is below what a load balancer waits.
const readyTimeout = 2 * time.Second

func (g *gateway) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := g.Control.Ready(ctx); err != nil {
		g.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
