package postgres

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/test/postgres/cluster"
)

const root = "../.."

// The server under test is that of the image.
func TestTheServerIsThatOfTheImage(t *testing.T) {
	text, err := os.ReadFile(root + "/tools/temporal-server/go.mod")
	require.NoError(t, err)
	compose, err := cluster.ReadCompose(root)
	require.NoError(t, err)
	_, version, _ := strings.Cut(compose.Services["temporal"].Image, ":")
	version, _, _ = strings.Cut(version, "@")
	require.NotEmpty(t, version)
	require.Contains(t, string(text), "go.temporal.io/server v"+version+" ")
}
