package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	billingsim "metalease/whmcs/simulator"
)

// certificate writes one that ends at a time, and its key.
func certificate(t *testing.T, ends time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: ends.Add(-90 * 24 * time.Hour), NotAfter: ends}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	secret, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "gateway.pem"), filepath.Join(dir, "gateway.key")
	require.NoError(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret}), 0o600))
	return cert, key
}

func TestCheckTriesBothParts(t *testing.T) {
	t.Parallel()
	sim, err := billingsim.New(billingsim.Config{})
	require.NoError(t, err)
	billing := httptest.NewServer(sim)
	t.Cleanup(billing.Close)
	check := func(listen, tls, secret, apiSecret, url string) error {
		file := filepath.Join(t.TempDir(), "metalease.yaml")
		require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `
installation: test
panels: [{name: fra1, url: "https://127.0.0.1:1/dcimgr", user: a, password: b}]
whmcs: {url: %q, identifier: identifier, secret: %s, timeout: 2s}
gateway: {listen: %q, secret: %q%s}
`, url, apiSecret, listen, secret, tls), 0o600))
		cfg, err := config.Load(file, config.ForCheck)
		if err != nil {
			return err
		}
		return Check(t.Context(), cfg)
	}
	with := func(cert, key string) string { return fmt.Sprintf(", tls_cert: %q, tls_key: %q", cert, key) }
	valid, over, late := with(certificate(t, time.Now().Add(60*24*time.Hour))), with(certificate(t, time.Now().Add(-time.Hour))), with(certificate(t, time.Now().Add(time.Hour)))
	const good = "0123456789abcdef"
	require.NoError(t, check("127.0.0.1:8080", "", good, "secret", billing.URL))
	require.NoError(t, check("127.0.0.1:8443", valid, good, "secret", billing.URL))

	require.ErrorContains(t, check("192.0.2.77:8080", "", good, "secret", billing.URL), "gateway.listen: 192.0.2.77 is no address of this machine")
	require.ErrorContains(t, check("127.0.0.1:8443", over, good, "secret", billing.URL), "gateway.tls_cert: has expired")
	require.ErrorContains(t, check("127.0.0.1:8443", late, good, "secret", billing.URL), "gateway.tls_cert: expires on")
	require.ErrorContains(t, check("127.0.0.1:8443", with("/none.pem", "/none.key"), good, "secret", billing.URL), "gateway.tls_cert")
	require.ErrorContains(t, check("127.0.0.1:8080", "", "short", "secret", billing.URL), "gateway.secret")
	require.ErrorContains(t, check("127.0.0.1:8080", "", "", "secret", billing.URL), "gateway.secret: is missing")
	require.ErrorContains(t, check("127.0.0.1:8080", "", good, "wrong", billing.URL), "look at whmcs.identifier and whmcs.secret")
	both := check("192.0.2.77:8080", over, good, "secret", "http://127.0.0.1:1/")
	for _, part := range []string{"gateway.listen", "gateway.tls_cert", "whmcs: "} {
		require.ErrorContains(t, both, part, "all at once")
	}
}
