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
	"os"
	"syscall"
	"time"

	"metalease/internal/selfsigned"
)

// Options say where and how to listen.
type Options struct {
	// Name of the program, for messages.
	Name string
	// Listen is host:port; port 0 takes any.
	Listen string
	// TLS serves HTTPS with a certificate of its own, written to CertOut.
	TLS     bool
	CertOut string
	// Path is appended to the address that is printed.
	Path string
	// Log prints a line a request to standard error.
	Log bool
	// Every runs now and then, such as to save a state file; nil: never.
	Every func() error
}

// Run serves until the context ends.
func Run(ctx context.Context, o Options, handler http.Handler) error {
	listener, err := net.Listen("tcp", o.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program: give another one with --listen", o.Listen)
	}
	if err != nil {
		return err
	}
	scheme := "http"
	if o.TLS {
		scheme = "https"
		if listener, err = secure(listener, o); err != nil {
			return err
		}
	}
	if o.Log {
		handler = logged(handler, os.Stderr)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	fmt.Printf("%s: listening on %s://%s%s\n", o.Name, scheme, listener.Addr(), o.Path)
	return serve(ctx, server, listener, o.Every)
}

func secure(listener net.Listener, o Options) (net.Listener, error) {
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, err
	}
	pair, pem, err := selfsigned.New(host)
	if err != nil {
		return nil, err
	}
	if o.CertOut != "" {
		if err := os.WriteFile(o.CertOut, pem, 0o644); err != nil {
			return nil, err
		}
	}
	return tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}), nil
}

// saveInterval is how often Every runs.
const saveInterval = 2 * time.Second

func serve(ctx context.Context, server *http.Server, listener net.Listener, every func() error) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	tick := time.NewTicker(saveInterval)
	defer tick.Stop()
	for {
		select {
		case err := <-failed:
			return err
		case <-tick.C:
			if every == nil {
				continue
			}
			if err := every(); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		case <-ctx.Done():
			limit, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			if server.Shutdown(limit) != nil {
				_ = server.Close() // calls that hang on purpose are cut off
			}
			return nil
		}
	}
}

func logged(next http.Handler, out io.Writer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		defer func() {
			_, _ = fmt.Fprintf(out, "%s %s %s %s %s\n", began.Format(time.TimeOnly), r.Method, r.URL.Path, r.Form.Get("func")+r.Form.Get("action"), time.Since(began).Round(time.Millisecond))
		}()
		next.ServeHTTP(w, r)
	})
}
