package gateway

import (
	"context"
	"net"
	"net/http"
	"time"

	"go.uber.org/zap"
)

// Limits of the HTTP server. A call may wait 20 s for its effect, after Temporal took it.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 15 * time.Second
	writeTimeout  = 45 * time.Second
	idleTimeout   = 2 * time.Minute
	// stopTimeout lets every wait end; it is below a container's usual 30 s.
	stopTimeout = 25 * time.Second
)

// Certificate names the PEM files of a TLS server; empty is plain HTTP.
type Certificate struct{ Cert, Key string }

// Serve answers on the listener until the context ends, then lets running calls end.
func Serve(ctx context.Context, listener net.Listener, handler http.Handler, certificate Certificate, logger *zap.Logger) error {
	errorLog, err := zap.NewStdLogAt(logger, zap.WarnLevel)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ErrorLog: errorLog,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
	}
	failed := make(chan error, 1)
	go func() {
		if certificate.Cert != "" {
			failed <- server.ServeTLS(listener, certificate.Cert, certificate.Key)
			return
		}
		failed <- server.Serve(listener)
	}()
	logger.Info("gateway ready", zap.Stringer("listen", listener.Addr()), zap.Bool("tls", certificate.Cert != ""))
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	logger.Info("stopping: running calls may end", zap.Duration("within", stopTimeout))
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return server.Shutdown(limited)
}
