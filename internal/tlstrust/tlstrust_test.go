package tlstrust_test

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/tlstrust"
)

// visit asks the server once with these settings.
func visit(t *testing.T, server *httptest.Server, settings *tls.Config) error {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true}}
	resp, err := client.Get(server.URL)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func fingerprint(server *httptest.Server) string {
	return fmt.Sprintf("%x", sha256.Sum256(server.Certificate().Raw))
}

// colons is the way in which openssl prints a fingerprint.
func colons(hex string) string {
	var pairs []string
	for i := 0; i < len(hex); i += 2 {
		pairs = append(pairs, strings.ToUpper(hex[i:i+2]))
	}
	return strings.Join(pairs, ":")
}

func TestPin(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	for _, pin := range []string{fingerprint(server), colons(fingerprint(server)), " " + fingerprint(server) + "\n"} {
		settings, err := tlstrust.Config("", pin)
		require.NoError(t, err)
		require.NoError(t, visit(t, server, settings))
	}

	settings, err := tlstrust.Config("", strings.Repeat("0a", sha256.Size))
	require.NoError(t, err)
	err = visit(t, server, settings)
	require.ErrorIs(t, err, tlstrust.ErrFingerprint)
	require.ErrorContains(t, err, fingerprint(server), "so that it can be compared with the server's own")
}

// TestPinOnResumption: a session that is resumed skips the certificate, not the pin.
func TestPinOnResumption(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	sessions := tls.NewLRUClientSessionCache(1)
	right, err := tlstrust.Config("", fingerprint(server))
	require.NoError(t, err)
	right.ClientSessionCache = sessions
	require.NoError(t, visit(t, server, right))

	wrong, err := tlstrust.Config("", strings.Repeat("0a", sha256.Size))
	require.NoError(t, err)
	wrong.ClientSessionCache = sessions
	require.ErrorIs(t, visit(t, server, wrong), tlstrust.ErrFingerprint)
}

func TestCAFile(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	file := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))

	settings, err := tlstrust.Config(file, "")
	require.NoError(t, err)
	require.False(t, settings.InsecureSkipVerify)
	require.NoError(t, visit(t, server, settings))

	settings.ServerName = "dci.example.org" // the certificate is for example.com
	var untrusted *tls.CertificateVerificationError
	require.ErrorAs(t, visit(t, server, settings), &untrusted)
}

func TestSystemRoots(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	settings, err := tlstrust.Config("", "")
	require.NoError(t, err)
	require.False(t, settings.InsecureSkipVerify)
	var untrusted *tls.CertificateVerificationError
	require.ErrorAs(t, visit(t, server, settings), &untrusted)
}

func TestBadSettings(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	require.NoError(t, os.WriteFile(empty, []byte("no certificate"), 0o600))
	for want, settings := range map[string][2]string{
		"not both":              {empty, strings.Repeat("0a", 32)},
		"holds no certificate":  {empty, ""},
		"CA file":               {filepath.Join(t.TempDir(), "missing.pem"), ""},
		"64 hex digits":         {"", strings.Repeat("0a", 31)},
		"SHA-256":               {"", strings.Repeat("zz", 32)},
		"of the certificate: 6": {"", "::"},
	} {
		_, err := tlstrust.Config(settings[0], settings[1])
		require.ErrorContains(t, err, want)
	}
}
