package composetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// program is what a unit starts; the machine of the test has none of ours installed.
var program = regexp.MustCompile(`/usr/local/bin/metalease-(worker|starter)`)

// variable is one that the configuration takes from the environment, a file or a credential.
var variable = regexp.MustCompile(`(?m)^[^#\n]*\$\{([A-Z0-9_]+)\}`)

// TestTheUnits: systemd understands every line, the services can do little, and each finds the secrets that
// its part of the example configuration names.
func TestTheUnits(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		require.Empty(t, os.Getenv("CI"), ".ci/run installs systemd")
		t.Skip("LEFT OUT: no systemd-analyze on PATH, so deploy/systemd was not looked at")
	}
	example, err := os.ReadFile("../../config.example.yaml")
	require.NoError(t, err)
	var named []string
	for _, match := range variable.FindAllStringSubmatch(string(example), -1) {
		named = append(named, match[1])
	}
	secrets := map[string][]string{"metalease-worker": named, "metalease-gateway": {"METALEASE_GATEWAY_SECRET"}}
	for name, needs := range secrets {
		text, err := os.ReadFile("../systemd/" + name + ".service")
		require.NoError(t, err)
		require.Regexp(t, program, string(text))
		verify(t, analyze, name, string(text))
		for _, secret := range needs {
			require.Contains(t, string(text), "\nLoadCredential="+secret+":/etc/metalease/credentials/"+secret+"\n", "%s needs %s", name, secret)
		}
		require.Equal(t, len(needs), strings.Count(string(text), "\nLoadCredential="), name)

		encrypted := strings.ReplaceAll(string(text), "\n#LoadCredential=", "\nLoadCredential=")
		verify(t, analyze, name, encrypted)
		for _, key := range []string{"METALEASE_ENCRYPTION_KEY", "METALEASE_SECOND_KEY"} {
			require.Contains(t, encrypted, "\nLoadCredential="+key+":/etc/metalease/credentials/"+key+"\n", "%s: a key can be given to it", name)
		}
		require.Equal(t, name == "metalease-worker", strings.Contains(string(text), "\nLogsDirectory=metalease\n"), "%s: the audit file has its folder, and a gateway writes none", name)
	}
	require.Regexp(t, `(?m)^# +audit_file: /var/log/metalease/`, string(example), "where LogsDirectory is")
}

// verify has systemd read a unit; the machine of the test has none of our programs.
func verify(t *testing.T, analyze, name, text string) {
	t.Helper()
	unit := filepath.Join(t.TempDir(), name+".service")
	require.NoError(t, os.WriteFile(unit, program.ReplaceAll([]byte(text), []byte("/bin/true")), 0o600))
	said, err := exec.Command(analyze, "verify", "--man=no", unit).CombinedOutput()
	require.NoError(t, err, "%s", said)
	require.Empty(t, string(said))
	said, err = exec.Command(analyze, "security", "--no-pager", "--offline=true", "--threshold=15", unit).CombinedOutput()
	require.NoError(t, err, "%s: exposed more than 1.5\n%s", name, said)
}
