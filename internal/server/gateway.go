package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/gateway"
	"metalease/internal/logging"
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
	temporal, err := temporalclient.Dial(ctx, logger, fmt.Sprintf("gateway-%d", os.Getpid()))
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
	handler := gateway.New(gateway.Options{
		Control: asked, Panels: cfg.PanelNames(), Shops: cfg.Shops, Store: store, Public: cfg.Catalogue,
		Installation: cfg.Installation, Secret: cfg.Gateway.Secret.Reveal(), Logger: logger,
	})
	return gateway.Serve(ctx, listener, handler, gateway.Certificate{Cert: cfg.Gateway.TLSCert, Key: cfg.Gateway.TLSKey}, logger)
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
