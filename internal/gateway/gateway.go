// Package gateway is the HTTP side of metalease: signed calls
// from WHMCS and from other programs, answered from Temporal. The table routes is the contract;
// the mux and GET /openapi.json are made from it.
package gateway

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"metalease/activities/billing"
	"metalease/activities/panel"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/signon"
	"metalease/internal/storefront"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/running"
	"metalease/workflows/api/shop"
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
	StartCart(ctx context.Context, s config.Shop, key string, request shop.Request, wait time.Duration) (cart shop.Cart, started bool, err error)
	Cart(ctx context.Context, shopName, id string, wait time.Duration) (shop.Cart, error)
	CancelCart(ctx context.Context, shopName, id, reason string, wait time.Duration) (shop.Cart, error)
	SignOn(ctx context.Context, serviceID int, ask running.SignOn) (signon.Door, error)
	Facts(ctx context.Context, serviceID int, fresh bool) (control.Facts, error)
	Usage(ctx context.Context, serviceID int, month control.Month) (control.Usage, error)
	PanelUsage(ctx context.Context, panelName string, month control.Month) ([]control.ServiceUsage, error)
	Ready(ctx context.Context) error
}

// Storefront is what the gateway asks of WHMCS for shops.
type Storefront interface {
	Catalogue(ctx context.Context) (c storefront.Catalogue, tag string, err error)
	Link(ctx context.Context, w storefront.Wish) (string, error)
	Checkout(ctx context.Context, cart shop.Cart) (storefront.Payment, error)
}

// Options configure a gateway.
type Options struct {
	Control Control
	// Panels are the configured names; an order for another one is refused.
	Panels []string
	// Installation is the one WHMCS whose calls are served; Secret signs them.
	Installation, Secret string
	// PreviousSecret signs too, while the secret is changed; empty: none.
	PreviousSecret string
	// ReadKeys sign calls that only read.
	ReadKeys []config.ReadKey
	// Shops have keys of their own. Store is what they are shown; nil without any.
	Shops []config.Shop
	Store Storefront
	// Public is the catalogue without a signature.
	Public config.Catalogue
	// Registry takes the metrics, which are served elsewhere then; nil: at /metrics.
	Registry *prometheus.Registry
	Logger   *zap.Logger
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// gateway holds what the handlers share.
type gateway struct {
	Options
	metrics metrics
	replays *replays
	systems systems
	// visitors are callers without a signature.
	visitors limiters[string]
	// clients are customers who have something done with a service of theirs, by service.
	clients limiters[int]
	// document is the OpenAPI document.
	document []byte
}

// New returns the gateway's handler.
func New(o Options) http.Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	g := &gateway{Options: o, metrics: newMetrics(cmp.Or(o.Registry, prometheus.NewRegistry())), replays: newReplays(), document: Contract()}
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
