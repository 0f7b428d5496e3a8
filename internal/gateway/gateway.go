// Package gateway is the HTTP side of metalease (DESIGN section 6): signed calls
// from WHMCS and from other programs, answered from Temporal.
package gateway

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"

	"metalease/internal/control"
	"metalease/workflows"
)

// Control is what the gateway asks of Temporal.
type Control interface {
	Start(ctx context.Context, o workflows.Order) (started bool, err error)
	Faults(o workflows.Order) []workflows.FieldError
	Status(ctx context.Context, serviceID int) (control.Status, error)
	List(ctx context.Context, f control.Filter, token string, size int) (control.Page, error)
	Signal(ctx context.Context, serviceID int, name string, event workflows.Event, wait time.Duration) (control.Result, error)
	Stock(ctx context.Context, panel string, refresh bool) (workflows.Stock, error)
	Ready(ctx context.Context) error
}

// Options configure a gateway.
type Options struct {
	Control Control
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
	registry := prometheus.NewRegistry()
	g := &gateway{Options: o, metrics: newMetrics(registry)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /readyz", g.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	g.signed(mux, "POST", "/v1/services", g.start)
	g.signed(mux, "GET", "/v1/services", g.list)
	g.signed(mux, "GET", "/v1/services/{id}", g.status)
	g.signed(mux, "POST", "/v1/services/{id}/{signal}", g.signal)
	g.signed(mux, "GET", "/v1/panels/{panel}/stock", g.stock)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { otherwise(mux, w, r) })
	return g.logged(mux)
}

func (g *gateway) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := g.Control.Ready(ctx); err != nil {
		problem{status: http.StatusServiceUnavailable, slug: "temporal-unavailable", title: "Temporal does not answer"}.write(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// otherwise answers unknown paths, and known ones with a wrong method.
func otherwise(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		probe := r.Clone(r.Context())
		probe.Method = method
		if _, pattern := mux.Handler(probe); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		problem{status: http.StatusMethodNotAllowed, slug: "wrong-method", title: r.Method + " is not possible here"}.write(w)
		return
	}
	problem{status: http.StatusNotFound, slug: "unknown-path", title: "There is no such path", detail: r.URL.Path}.write(w)
}

// metrics count what the gateway does.
type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	signals  *prometheus.CounterVec
	refused  *prometheus.CounterVec
}

func newMetrics(registry *prometheus.Registry) metrics {
	m := metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "metalease_gateway_requests_total", Help: "Calls by route and status code."}, []string{"route", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "metalease_gateway_request_seconds", Help: "Time of a call by route.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}}, []string{"route"}),
		signals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "metalease_gateway_signals_total", Help: "Signals by name and outcome within the wait."}, []string{"signal", "outcome"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "metalease_gateway_refused_total", Help: "Calls whose signature was refused, by reason."}, []string{"reason"}),
	}
	registry.MustRegister(m.requests, m.duration, m.signals, m.refused)
	return m
}
