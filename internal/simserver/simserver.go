// Package simserver serves a simulator until the context ends, with or without
// TLS, and says where.
package simserver

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

	"metalease/internal/selfsigned"
)

// Options say where and how to listen.
type Options struct {
	// Name of the program, and Path behind its address, for what is printed.
	Name, Path string
	// Listen is host:port; port 0 takes any.
	Listen string
	// TLS serves HTTPS with a self-signed certificate for Listen's host and Hosts.
	// CertOut keeps it in a file, so that its clients trust the next start too.
	TLS     bool
	CertOut string
	Hosts   []string
}

// Simulator is a handler that may have something to put away at the end.
type Simulator interface {
	http.Handler
	Close() error
}

const stopPatience = 2 * time.Second

// Run opens the simulator and serves it until the context ends. It listens
// first: the files of one that runs already stay as they are.
func Run(ctx context.Context, o Options, out io.Writer, open func() (Simulator, error)) (err error) {
	listener, err := net.Listen("tcp", o.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken: stop what listens there, or give another --listen", o.Listen)
	}
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }()
	simulator, err := open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, simulator.Close()) }()
	scheme := "http"
	if o.TLS {
		cert, err := o.certificate()
		if err != nil {
			return err
		}
		scheme = "https"
		listener = tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
	}
	server := &http.Server{
		Handler:           simulator,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx }, // so that calls that hang end
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	_, _ = fmt.Fprintf(out, "%s: listening on %s://%s%s\n", o.Name, scheme, listener.Addr(), o.Path)

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	if server.Shutdown(limit) != nil {
		return server.Close()
	}
	return nil
}

func (o Options) certificate() (tls.Certificate, error) {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return tls.Certificate{}, err
	}
	hosts := append([]string{host}, o.Hosts...)
	if o.CertOut != "" {
		return selfsigned.Keep(o.CertOut, hosts...)
	}
	cert, _, err := selfsigned.New(hosts...)
	return cert, err
}
