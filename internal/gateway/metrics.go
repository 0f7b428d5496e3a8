package gateway

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics count what the gateway does. No label takes a value that a caller makes up.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	signals  *prometheus.CounterVec
	refused  *prometheus.CounterVec
}

func newMetrics(registry *prometheus.Registry) metrics {
	m := metrics{
		registry: registry,
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "metalease_gateway_requests_total", Help: "Calls by route and status code.",
		}, []string{"route", "code"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "metalease_gateway_request_seconds", Help: "Time of a call by route; signals include the caller's wait.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20},
		}, []string{"route"}),
		signals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "metalease_gateway_signals_total", Help: "Signals by name and outcome within the caller's wait.",
		}, []string{"signal", "outcome"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "metalease_gateway_refused_total", Help: "Calls whose signature was refused, by reason.",
		}, []string{"reason"}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.signals, m.refused,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// page shows the metrics, unless an address of their own does.
func (g *gateway) page(w http.ResponseWriter, r *http.Request) {
	if g.Registry != nil {
		unknownPath.because("metrics have an address of their own: gateway.metrics_listen").write(w)
		return
	}
	promhttp.HandlerFor(g.metrics.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

func (m metrics) call(route string, code int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(code)).Inc()
	m.duration.WithLabelValues(route).Observe(took.Seconds())
}
