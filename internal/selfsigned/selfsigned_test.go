package selfsigned_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/selfsigned"
)

func parse(t *testing.T, text []byte) *x509.Certificate {
	t.Helper()
	block, rest := pem.Decode(text)
	require.NotNil(t, block)
	require.Empty(t, rest)
	cert, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	return cert
}

// A client that has the certificate as its only root believes the server.
func TestAClientTrustsIt(t *testing.T) {
	cert, text, err := selfsigned.New("panel.example.com", "192.0.2.1", "0.0.0.0", "")
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	t.Cleanup(server.Close)

	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(text))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	resp, err := client.Get(server.URL)
	require.NoError(t, err)
	_ = resp.Body.Close()

	leaf := parse(t, text)
	for _, host := range []string{"panel.example.com", "192.0.2.1", "localhost", "127.0.0.1", "::1"} {
		require.NoError(t, leaf.VerifyHostname(host))
	}
	require.Error(t, leaf.VerifyHostname("0.0.0.0"))
	require.Error(t, leaf.VerifyHostname("other.example.com"))
	require.True(t, time.Now().Before(leaf.NotAfter))
}

// A server that starts again shows the same certificate, until it does not fit.
func TestKeep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cert.pem")
	keep := func(hosts ...string) []byte {
		cert, err := selfsigned.Keep(file, hosts...)
		require.NoError(t, err)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, parse(t, text).Raw, cert.Certificate[0])
		return text
	}
	first := keep("a.example.com")
	require.Equal(t, first, keep("a.example.com"))
	require.Equal(t, first, keep())
	key, err := os.Stat(file + ".key")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), key.Mode().Perm())

	second := keep("b.example.com")
	require.NotEqual(t, first, second)
	require.NoError(t, os.Remove(file+".key"))
	third := keep("b.example.com")
	require.NotEqual(t, second, third)
	require.NoError(t, os.WriteFile(file, []byte("broken"), 0o600))
	require.NotEqual(t, third, keep("b.example.com"))

	_, err = selfsigned.Keep(filepath.Join(t.TempDir(), "missing", "cert.pem"))
	require.Error(t, err)
}
