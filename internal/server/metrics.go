package server

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprom "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"go.uber.org/zap"

	"metalease/internal/metrics"
)

// counted is what a worker counts: the SDK and the workflows through the handler, the calls to the vendors beside it. An address of
// its own serves both, and tells whether this process is alive.
type counted struct {
	handler client.MetricsHandler
	calls   *metrics.Calls
	page    *page
}

// newCounted listens on the address; an empty one is off.
func newCounted(listen string, logger *zap.Logger) (*counted, error) {
	registry := prometheus.NewRegistry()
	c := &counted{handler: client.MetricsNopHandler, calls: metrics.NewCalls(registry)}
	if listen == "" {
		return c, nil
	}
	exporter, err := otelprom.New(otelprom.WithRegisterer(registry), otelprom.WithoutScopeInfo())
	if err != nil {
		return nil, err
	}
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	meter := metric.NewMeterProvider(metric.WithReader(exporter), metric.WithView(buckets("temporal_*", ofTasks), buckets("metalease_order*", ofOrders))).Meter("metalease")
	c.handler = opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
		Meter: meter, UseMonotonicCounters: true,
		OnError: func(err error) { logger.Warn("a metric could not be recorded", zap.Error(err)) },
	})
	c.page, err = serveMetrics(listen, registry, logger)
	return c, err
}

func (c *counted) stop() { c.page.stop() }

// The bounds of histograms in seconds. The exporter's own are made for milliseconds.
var (
	ofTasks  = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800}
	ofOrders = []float64{1, 5, 15, 30, 60, 120, 300, 600, 720, 900, 1800, 3600, 14400, 86400}
)

func buckets(names string, bounds []float64) metric.View {
	return metric.NewView(metric.Instrument{Name: names, Kind: metric.InstrumentKindHistogram},
		metric.Stream{Aggregation: metric.AggregationExplicitBucketHistogram{Boundaries: bounds}})
}

// page serves metrics and /healthz. It has no sign-in.
type page struct{ server *http.Server }

func serveMetrics(listen string, registry *prometheus.Registry, logger *zap.Logger) (*page, error) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return nil, err
	}
	p := &page{&http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}}
	go func() {
		if err := p.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("metrics are not served any more", zap.Error(err))
		}
	}()
	return p, nil
}

func (p *page) stop() {
	if p == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = p.server.Shutdown(ctx)
}
