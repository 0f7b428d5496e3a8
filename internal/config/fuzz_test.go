package config

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzParse: whatever stands in the file, it is read or its faults are named, and
// no fault repeats a secret.
func FuzzParse(f *testing.F) {
	example, err := os.ReadFile("../../config.example.yaml")
	require.NoError(f, err)
	f.Add(example)
	for _, text := range []string{least, "installation: main\nwhmcs: {url: [\n", "a: &a [*a]\n", "panels: [{name: ${}}]\n", "---\n...\n", "\x00", "? [a]\n: b\n", "<<: 1\n", "defaults: {grace: 213504d}\n", "gateway: !!binary aGk="} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, role := range []Role{ForWorker, ForGateway, ForCommandLine} {
			config, err := parse("metalease.yaml", text, role)
			if err == nil {
				require.NotEmpty(t, config.Installation)
				require.NotEmpty(t, config.Panels)
				continue
			}
			require.Nil(t, config)
			var faults *Faults
			require.ErrorAs(t, err, &faults)
			require.NotEmpty(t, faults.List)
			for _, fault := range faults.List {
				require.NotEmpty(t, fault.Reason)
				require.LessOrEqual(t, fault.Line, strings.Count(string(text), "\n")+strings.Count(string(text), "\r")+1)
			}
		}
	})
}
