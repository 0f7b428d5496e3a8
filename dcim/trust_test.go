package dcim_test

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

func TestTrust(t *testing.T) {
	panel := says(t, `<doc/>`)
	file := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: panel.Certificate().Raw}), 0o600))

	require.NoError(t, panel.client(t).Disable(t.Context(), "5"), "the pin")
	require.NoError(t, panel.client(t, func(c *dcim.Config) { c.Fingerprint = strings.ToUpper(c.Fingerprint) }).Disable(t.Context(), "5"))
	require.NoError(t, panel.client(t, func(c *dcim.Config) { c.CAFile, c.Fingerprint = file, "" }).Disable(t.Context(), "5"), "the CA file")
	trusted := len(panel.requests())

	for name, change := range map[string]func(*dcim.Config){
		"another pin":      func(c *dcim.Config) { c.Fingerprint = strings.Repeat("ab", 32) },
		"the system roots": func(c *dcim.Config) { c.Fingerprint = "" },
		"another name": func(c *dcim.Config) {
			c.CAFile, c.Fingerprint, c.URL = file, "", strings.Replace(c.URL, "127.0.0.1", "localhost", 1)
		},
	} {
		client := panel.client(t, change)
		for _, err := range []error{client.Disable(t.Context(), "5"), client.Probe(t.Context())} {
			require.Equal(t, dcim.KindCertificate, dcim.KindOf(err), "%s: %v", name, err)
			require.ErrorContains(t, err, "set ca or fingerprint")
		}
	}
	require.Len(t, panel.requests(), trusted, "an untrusted server gets no credentials")

	err := panel.client(t, func(c *dcim.Config) { c.Fingerprint = strings.Repeat("ab", 32) }).Disable(t.Context(), "5")
	require.ErrorContains(t, err, panel.fingerprint(), "the fingerprint to compare with the panel's")
}
