package dci5_test

import (
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
)

func TestTrust(t *testing.T) {
	panel := says(t, `<doc/>`)
	file := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: panel.Certificate().Raw}), 0o600))

	require.NoError(t, panel.client(t).Block(t.Context(), "5"), "the pin")
	require.NoError(t, panel.client(t, func(c *dci5.Config) { c.Fingerprint = strings.ToUpper(c.Fingerprint) }).Block(t.Context(), "5"))
	require.NoError(t, panel.client(t, func(c *dci5.Config) { c.CAFile, c.Fingerprint = file, "" }).Block(t.Context(), "5"), "the CA file")
	trusted := len(panel.requests())

	for name, change := range map[string]func(*dci5.Config){
		"another pin":      func(c *dci5.Config) { c.Fingerprint = strings.Repeat("ab", 32) },
		"the system roots": func(c *dci5.Config) { c.Fingerprint = "" },
		"another name": func(c *dci5.Config) {
			c.CAFile, c.Fingerprint, c.URL = file, "", strings.Replace(c.URL, "127.0.0.1", "localhost", 1)
		},
	} {
		client := panel.client(t, change)
		for _, err := range []error{client.Block(t.Context(), "5"), probe(t, client)} {
			require.Equal(t, dcim.KindCertificate, dcim.KindOf(err), "%s: %v", name, err)
			require.ErrorContains(t, err, "set ca or fingerprint")
		}
	}
	require.Len(t, panel.requests(), trusted, "an untrusted server gets no credentials")

	err := panel.client(t, func(c *dci5.Config) { c.Fingerprint = strings.Repeat("ab", 32) }).Block(t.Context(), "5")
	require.ErrorContains(t, err, panel.fingerprint(), "the fingerprint to compare with the panel's")
}
