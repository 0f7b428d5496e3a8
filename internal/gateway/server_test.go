package gateway_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"metalease/internal/gateway"
	"metalease/internal/selfsigned"
)

// serve runs a gateway's server and returns its address; end stops it and returns its error.
func serve(t *testing.T, handler http.Handler, certificate gateway.Certificate) (address string, end func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- gateway.Serve(ctx, listener, handler, certificate, zap.NewNop()) }()
	t.Cleanup(cancel)
	return listener.Addr().String(), func() error { cancel(); return <-ended }
}

func TestServeLetsRunningCallsEnd(t *testing.T) {
	running, release := make(chan struct{}), make(chan struct{})
	address, end := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(running)
		<-release
		_, _ = io.WriteString(w, "whole")
	}), gateway.Certificate{})
	answers := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + address)
		if err != nil {
			answers <- err.Error()
			return
		}
		defer func() { _ = resp.Body.Close() }()
		text, _ := io.ReadAll(resp.Body)
		answers <- string(text)
	}()
	<-running
	ended := make(chan error, 1)
	go func() { ended <- end() }()
	require.Eventually(t, func() bool { // it takes no new calls, while the old one still runs
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, 10*time.Second, 10*time.Millisecond)
	close(release)
	require.Equal(t, "whole", <-answers)
	require.NoError(t, <-ended)
}

func TestServeSpeaksTLS(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	_, err := selfsigned.Keep(file, "127.0.0.1")
	require.NoError(t, err)
	files := gateway.Certificate{Cert: file, Key: file + ".key"}
	address, end := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }), files)
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(files.Cert)
	require.NoError(t, err)
	require.True(t, roots.AppendCertsFromPEM(pem))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	resp, err := client.Get("https://" + address)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusNoContent, resp.StatusCode)
	client.CloseIdleConnections()
	require.NoError(t, end())
}

func TestServeTellsWhyItCannot(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	require.Error(t, gateway.Serve(t.Context(), listener, http.NotFoundHandler(), gateway.Certificate{}, zap.NewNop()))
}
