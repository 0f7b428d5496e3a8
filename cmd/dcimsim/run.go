package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"

	"metalease/dcim/simulator"
	"metalease/internal/selfsigned"
)

const stopPatience = 2 * time.Second

// run serves the panel until the context ends.
func run(ctx context.Context, o options, out io.Writer) error {
	// Listen first: certificate and state of a panel that runs already stay as they are.
	listener, err := net.Listen("tcp", o.listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken: stop what listens there, or give another --listen", o.listen)
	}
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	panel, err := simulator.New(o.panel)
	if err != nil {
		return err
	}
	defer panel.Close()
	scheme := "http"
	if o.tls {
		cert, err := certificate(o)
		if err != nil {
			return err
		}
		scheme = "https"
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
	}
	server := &http.Server{
		Handler:           panel,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx }, // so that calls that hang end
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(out, "dcimsim: listening on %s://%s/dcimgr\n", scheme, listener.Addr())

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		return server.Close()
	}
	return nil
}

func certificate(o options) (tls.Certificate, error) {
	host, _, _ := net.SplitHostPort(o.listen) // parse has checked it
	hosts := append([]string{host}, o.hosts...)
	if o.certOut != "" {
		return selfsigned.Keep(o.certOut, hosts...)
	}
	cert, _, err := selfsigned.New(hosts...)
	return cert, err
}
