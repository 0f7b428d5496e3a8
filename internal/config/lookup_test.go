package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// withPassword is the least configuration with the panel's password from the variable LOOKUP.
var withPassword = strings.Replace(least, "hunter2", `"${LOOKUP}"`, 1)

func TestASecretMayStandInAFile(t *testing.T) {
	folder := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	password := func() string {
		config, err := Load(write(t, withPassword), ForWorker)
		require.NoError(t, err)
		return config.Panels[0].Password.Reveal()
	}
	file("LOOKUP", "from the credential\n")
	t.Setenv("CREDENTIALS_DIRECTORY", folder)
	require.Equal(t, "from the credential", password())

	t.Setenv("LOOKUP_FILE", file("secret", " from the file \r\n"))
	require.Equal(t, " from the file ", password(), "only the end of the line is cut")

	t.Setenv("LOOKUP", "from the environment")
	require.Equal(t, "from the environment", password())
}

func TestASecretsFileThatCannotBeRead(t *testing.T) {
	t.Setenv("CREDENTIALS_DIRECTORY", t.TempDir())
	const at = "metalease.yaml:5: panels[0].password: "
	require.Equal(t, []string{at + "the environment variable LOOKUP is not set"}, faults(t, withPassword, ForWorker))

	missing := filepath.Join(t.TempDir(), "missing")
	t.Setenv("LOOKUP_FILE", missing)
	require.Equal(t, []string{at + "the file that LOOKUP_FILE names cannot be read: open " + missing + ": no such file or directory"}, faults(t, withPassword, ForWorker))

	require.NoError(t, os.WriteFile(missing, []byte(strings.Repeat("x", longestSecret+1)), 0o600))
	require.Equal(t, []string{at + "the file that LOOKUP_FILE names has more than 65536 bytes: it is no secret"}, faults(t, withPassword, ForWorker))
}
