// Package gateway is the HTTP side of metalease (docs/architecture.md 6): signed calls
// from WHMCS and from other programs, answered from Temporal.
package gateway

import (
	"context"
	"net/http"
	"time"

	"go.uber.org/zap"

	"metalease/activities/panel"
	"metalease/internal/control"
	"metalease/workflows/api"
)

// Control is what the gateway asks of Temporal.
type Control interface {
	Start(ctx context.Context, o api.Order) (started bool, err error)
	Status(ctx context.Context, serviceID int) (control.Status, error)
	List(ctx context.Context, f control.Filter, token string, size int) (control.Page, error)
	Signal(ctx context.Context, serviceID int, name string, event api.Event, wait time.Duration) (control.Result, error)
	Stock(ctx context.Context, panel string, refresh bool) (api.Stock, error)
	Health(ctx context.Context, panel string) (control.PanelHealth, error)
	Packages(ctx context.Context, panel string) ([]string, error)
	Templates(ctx context.Context, panel string) ([]panel.Template, error)
	Marked(ctx context.Context, panel string, serviceID int) ([]panel.MarkedServer, error)
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
}

// New returns the gateway's handler.
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	g := &gateway{Options: o, metrics: newMetrics()}
	mux := http.NewServeMux()
	for _, route := range []struct {
		method, path string
		handler      http.HandlerFunc
	}{
		{http.MethodGet, "/healthz", healthy},
		{http.MethodGet, "/readyz", g.ready},
		{http.MethodGet, "/metrics", g.metrics.handler().ServeHTTP},
		{http.MethodPost, "/v1/services", g.signed(g.start)},
		{http.MethodGet, "/v1/services", g.signed(g.list)},
		{http.MethodGet, "/v1/services/{id}", g.signed(g.status)},
		{http.MethodPost, "/v1/services/{id}/{signal}", g.signed(g.signal)},
		{http.MethodGet, "/v1/panels/{panel}", g.signed(g.panel)},
		{http.MethodGet, "/v1/panels/{panel}/packages", g.signed(g.packages)},
		{http.MethodGet, "/v1/panels/{panel}/templates", g.signed(g.templates)},
		{http.MethodGet, "/v1/panels/{panel}/servers", g.signed(g.servers)},
		{http.MethodGet, "/v1/panels/{panel}/stock", g.signed(g.stock)},
	} {
		mux.HandleFunc(route.method+" "+route.path, route.handler)
	}
	return g.watched(refusals{mux})
}

func healthy(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// readyPatience is below what a load balancer waits.
const readyPatience = 2 * time.Second

func (g *gateway) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyPatience)
	defer cancel()
	if err := g.Control.Ready(ctx); err != nil {
		g.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (g *gateway) stock(w http.ResponseWriter, r *http.Request) {
	stock, err := g.Control.Stock(r.Context(), r.PathValue("panel"), false)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answer(w, http.StatusOK, stock)
}
