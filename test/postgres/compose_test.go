package postgres

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"
)

const root = "../.."

// compose is what these tests take from docker-compose.yml.
type compose struct {
	Services map[string]struct {
		Image       string            `yaml:"image"`
		Environment map[string]string `yaml:"environment"`
	} `yaml:"services"`
}

func readCompose(t *testing.T) compose {
	t.Helper()
	text, err := os.ReadFile(root + "/docker-compose.yml")
	require.NoError(t, err)
	var c compose
	require.NoError(t, yaml.Unmarshal(text, &c))
	return c
}

var substitution = regexp.MustCompile(`\$\{[A-Z_]+(?::-([^}]*)|[^}]*)\}`)

// environment is that of a service, with the defaults of its substitutions. More comes last and wins: what only containers have,
// such as addresses and ports, must be replaced by it.
func (c compose) environment(t *testing.T, service string, more ...string) []string {
	t.Helper()
	require.NotEmpty(t, c.Services[service].Environment, service)
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	for name, value := range c.Services[service].Environment {
		env = append(env, name+"="+substitution.ReplaceAllString(value, "$1"))
	}
	return append(env, more...)
}

// The server under test is that of the image.
func TestTheServerIsThatOfTheImage(t *testing.T) {
	text, err := os.ReadFile(root + "/tools/temporal-server/go.mod")
	require.NoError(t, err)
	_, version, _ := strings.Cut(readCompose(t).Services["temporal"].Image, ":")
	version, _, _ = strings.Cut(version, "@")
	require.NotEmpty(t, version)
	require.Contains(t, string(text), "go.temporal.io/server v"+version+" ")
}
