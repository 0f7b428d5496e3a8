package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.uber.org/zap"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/gateway"
	"metalease/internal/logging"
	"metalease/internal/temporalclient"
	"metalease/workflows"
)

// serve runs the gateway until the context ends.
func (c *commandLine) serve(ctx context.Context, args []string) error {
	if _, err := c.parse(args, 0, "no argument"); err != nil {
		return err
	}
	cfg, err := config.Load(c.configFile, config.ForGateway)
	if err != nil {
		return exitError{err, exitUsage}
	}
	logger, err := logging.New(cfg.Log)
	if err != nil {
		return err
	}
	defer func() { _ = logger.Sync() }()
	options, err := temporalclient.Options()
	if err != nil {
		return err
	}
	temporal, err := temporalclient.Dial(ctx, logger, fmt.Sprintf("gateway-%d", os.Getpid()))
	if err != nil {
		return err
	}
	defer temporal.Close()
	if err := temporalclient.EnsureSearchAttributes(ctx, temporal, searchAttributes()); err != nil {
		return err
	}
	server := &http.Server{
		Handler: gateway.New(gateway.Options{
			Control: control.New(temporal, options.Namespace, cfg), Installation: cfg.Installation,
			Secret: cfg.Gateway.Secret.Reveal(), Logger: logger,
		}),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 40 * time.Second, IdleTimeout: 2 * time.Minute,
	}
	return listen(ctx, server, cfg.Gateway, logger)
}

func searchAttributes() map[string]enumspb.IndexedValueType {
	kinds := map[string]enumspb.IndexedValueType{}
	for _, key := range workflows.SearchAttributes {
		kinds[key.GetName()] = key.GetValueType()
	}
	return kinds
}

func listen(ctx context.Context, server *http.Server, where config.Gateway, logger *zap.Logger) error {
	listener, err := net.Listen("tcp", where.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("gateway.listen: %s is taken by another program", where.Listen)
	}
	if err != nil {
		return fmt.Errorf("gateway.listen: %w", err)
	}
	failed := make(chan error, 1)
	go func() {
		if where.TLSCert != "" {
			failed <- server.ServeTLS(listener, where.TLSCert, where.TLSKey)
			return
		}
		failed <- server.Serve(listener)
	}()
	logger.Info("gateway ready", zap.String("listen", where.Listen), zap.Bool("tls", where.TLSCert != ""))
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	logger.Info("stopping: calls that run may end")
	limit, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	return server.Shutdown(limit)
}
