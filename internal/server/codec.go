package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"go.uber.org/zap"

	"metalease/internal/codec"
	"metalease/internal/config"
	"metalease/internal/logging"
)

// Codec serves the codec server on an address until the context ends: what Temporal keeps is decoded for who shows the token of the
// configuration (for [config.ForCodec]). Pages of the origin may ask; empty is none.
func Codec(ctx context.Context, cfg *config.Config, address, origin string) error {
	logger, err := logging.New(config.Log{Format: "console", Level: "info"}, cfg.Secrets()...)
	if err != nil {
		return err
	}
	defer func() { _ = logger.Sync() }()
	keys, err := codec.New(cfg.Temporal.Encryption)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if at, _ := listener.Addr().(*net.TCPAddr); at != nil && !at.IP.IsLoopback() {
		logger.Warn("the codec server listens beyond this machine without TLS: whoever sees the traffic sees the token and what is decoded", zap.Stringer("listen", at))
	}
	server := &http.Server{
		Handler:           keys.Handler(cfg.Temporal.Encryption.CodecToken.Reveal(), origin),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	logger.Info("codec server ready", zap.Stringer("listen", listener.Addr()), zap.String("origin", origin))
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(limited); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}
