package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/gateway"
	"metalease/internal/logging"
	"metalease/internal/metrics"
	"metalease/internal/temporalclient"
)

// Gateway serves the HTTP API until the context ends, then lets running calls end.
func Gateway(ctx context.Context, cfg *config.Config) error {
	logger, err := logging.New(cfg.Log, cfg.Secrets()...)
	if err != nil {
		return err
	}
	defer func() { _ = logger.Sync() }()
	// First, so that a port that is taken is told before anybody is contacted.
	listener, err := listen(cfg.Gateway.Listen)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	options, err := temporalclient.Options()
	if err != nil {
		return err
	}
	temporal, err := temporalclient.Dial(ctx, logger, fmt.Sprintf("gateway-%d", os.Getpid()), cfg.Temporal.Encryption)
	if err != nil {
		return err
	}
	defer temporal.Close()
	if err := claim(ctx, temporal, cfg); err != nil {
		return err
	}
	if err := temporalclient.EnsureSearchAttributes(ctx, temporal, searchAttributes()); err != nil {
		return err
	}
	asked := control.New(temporal, options.Namespace, cfg)
	store, err := newStore(cfg, asked)
	if err != nil {
		return err
	}
	registry, stop, err := newFigures(cfg, asked, logger)
	if err != nil {
		return err
	}
	defer stop()
	handler := gateway.New(gateway.Options{
		Registry: registry,
		Control:  asked, Panels: cfg.PanelNames(), Shops: cfg.Shops, Store: store, Public: cfg.Catalogue,
		Installation: cfg.Installation, Secret: cfg.Gateway.Secret.Reveal(),
		PreviousSecret: cfg.Gateway.PreviousSecret.Reveal(), ReadKeys: cfg.Gateway.ReadKeys, Logger: logger,
	})
	return gateway.Serve(ctx, listener, handler, gateway.Certificate{Cert: cfg.Gateway.TLSCert, Key: cfg.Gateway.TLSKey}, logger)
}

// newFigures serves the metrics of the gateway and of the whole installation on an address of their own. Without one there is no
// registry, and the gateway shows its own on its own address.
func newFigures(cfg *config.Config, asked *control.Control, logger *zap.Logger) (registry *prometheus.Registry, stop func(), err error) {
	if cfg.Gateway.MetricsListen == "" {
		return nil, func() {}, nil
	}
	registry = prometheus.NewRegistry()
	registry.MustRegister(metrics.NewFigures(asked, cfg.PanelNames()))
	page, err := serveMetrics(cfg.Gateway.MetricsListen, registry, logger)
	if err != nil {
		return nil, nil, fmt.Errorf("gateway.metrics_listen: %w", err)
	}
	return registry, page.stop, nil
}

func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("gateway.listen: %s is taken by another program", address)
	}
	if err != nil {
		return nil, fmt.Errorf("gateway.listen: %w", err)
	}
	return listener, nil
}
