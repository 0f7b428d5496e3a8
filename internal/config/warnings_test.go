package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWarnings(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), mode))
		require.NoError(t, os.Chmod(path, mode))
		return path
	}
	const text = `
installation: main
whmcs: {url: https://billing.example.com/, identifier: id, secret: "${METALEASE_TEST_SECRET}"}
panels:
  - {name: fra1, url: "https://dci.example.com:1500/dcimgr", user: api, password: PASSWORD}
gateway: {secret: 0123456789abcdef, listen: "LISTEN", web_ui: "WEBUI"}
`
	t.Setenv("METALEASE_TEST_SECRET_FILE", file("secret", "s3cret", 0o644))
	path := file("open.yaml", text, 0o644)
	cfg, err := Load(path, ForWorker)
	require.NoError(t, err)
	cfg.Gateway.Listen, cfg.Gateway.WebUI = "0.0.0.0:8080", "http://temporal.example.com"
	require.Equal(t, []string{
		path + ": everybody on this machine may read the secrets in it: chmod 600 " + path,
		filepath.Join(folder, "secret") + ": everybody on this machine may read the secret METALEASE_TEST_SECRET: chmod 600 " + filepath.Join(folder, "secret"),
		"gateway.listen: 0.0.0.0:8080 is plain HTTP beyond this machine: calls are signed, but everybody on the way reads them. Set gateway.tls_cert, or listen on 127.0.0.1 behind a proxy that speaks TLS",
		"gateway.web_ui: http://temporal.example.com is plain HTTP beyond this machine",
	}, Warnings(path, cfg))

	cfg.Gateway.Listen, cfg.Gateway.WebUI = "127.0.0.1:8080", "http://localhost:8233"
	require.NoError(t, os.Chmod(path, 0o600))
	require.NoError(t, os.Chmod(filepath.Join(folder, "secret"), 0o400))
	require.Empty(t, Warnings(path, cfg))

	key := file("gateway.key", "key", 0o604)
	cfg.Gateway.Listen, cfg.Gateway.TLSCert, cfg.Gateway.TLSKey = "0.0.0.0:8443", "cert.pem", key
	require.Equal(t, []string{key + ": everybody on this machine may read the key of the certificate: chmod 600 " + key}, Warnings(path, cfg))
}

// A container engine shows secrets with mode 444 to a container in which nobody else is.
func TestSecretsOfAContainerAreNoneOfEverybody(t *testing.T) {
	for file, only := range map[string]bool{
		"/run/secrets/WHMCS_SECRET": true, "/run/secrets/../WHMCS_SECRET": false, "/run/secrets/other/WHMCS_SECRET": false, "/etc/metalease/secrets/WHMCS_SECRET": false,
	} {
		require.Equal(t, only, ofContainer(file), file)
	}
}
