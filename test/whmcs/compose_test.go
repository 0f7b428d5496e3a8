package whmcs_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/internal/temporaltest"
)

// compose does with docker-compose.yml what docker compose would, as far as our own programs go: the same command, environment,
// files and published port, as processes of this machine. deploy/composetest reads the file with compose's own library.
type compose struct {
	guide    *guide
	temporal temporaltest.Server
	services map[string]composeService
	// secrets are files; volumes stands for those that have a name.
	secrets map[string]struct {
		File string `yaml:"file"`
	}
	volumes string
	running map[string]*stack.Process
}

type composeService struct {
	Image       string            `yaml:"image"`
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	Volumes     []string          `yaml:"volumes"`
	Ports       []string          `yaml:"ports"`
	Secrets     []string          `yaml:"secrets"`
}

// configPath is where each of our services reads its configuration.
const configPath = "/etc/metalease/metalease.yaml"

// load reads the file with the variables of .env.
func (c *compose) load(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.guide.root, "docker-compose.yml"))
	require.NoError(t, err)
	env := c.guide.env(t)
	form := regexp.MustCompile(`\$\{([A-Z_]+)(?::?([-?])([^}]*))?\}`)
	filled := form.ReplaceAllStringFunc(string(text), func(reference string) string {
		parts := form.FindStringSubmatch(reference)
		if value := env[parts[1]]; value != "" {
			return value
		}
		require.NotEqual(t, "?", parts[2], "%s: %s", parts[1], parts[3])
		return parts[3]
	})
	var file struct {
		Services map[string]composeService `yaml:"services"`
		Secrets  map[string]struct {
			File string `yaml:"file"`
		} `yaml:"secrets"`
	}
	require.NoError(t, yaml.Unmarshal([]byte(filled), &file))
	c.services, c.secrets, c.volumes, c.running = file.Services, file.Secrets, t.TempDir(), map[string]*stack.Process{}
}

// do is one command of docker compose.
func (c *compose) do(t *testing.T, words []string) string {
	t.Helper()
	if c.services == nil {
		c.load(t)
	}
	verb := words[0]
	words = words[1:]
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		words = words[1:]
	}
	switch verb {
	case "up":
		require.Empty(t, words)
		c.start(t, "worker", "worker ready")
		c.start(t, "starter", "gateway ready")
		return ""
	case "run", "exec":
		require.GreaterOrEqual(t, len(words), 2)
		if verb == "exec" {
			require.Contains(t, c.running, words[0], "exec needs a service that runs")
		}
		return c.once(t, words[0], words[1:])
	}
	t.Fatalf("docker compose %s is not known here", verb)
	return ""
}

// inside is what a service's container would give to a program: command, environment and files are those of this machine.
func (c *compose) inside(t *testing.T, name string, words []string) (path string, args, env []string) {
	t.Helper()
	service, known := c.services[name]
	require.True(t, known, "docker-compose.yml has no service %s", name)
	var files []string // pairs for a replacer: path inside, path here
	for _, volume := range service.Volumes {
		parts := strings.Split(volume, ":")
		source := filepath.Join(c.guide.root, parts[0])
		if !strings.HasPrefix(parts[0], "./") {
			source = filepath.Join(c.volumes, parts[0])
			require.NoError(t, os.MkdirAll(source, 0o700))
		}
		files = append(files, parts[1], source)
	}
	for _, secret := range service.Secrets {
		source := filepath.Join(c.guide.root, c.secrets[secret].File)
		require.FileExists(t, source)
		files = append(files, "/run/secrets/"+secret, source)
	}
	require.Contains(t, files, configPath, "%s has a configuration", name)
	source := strings.NewReplacer(files...)
	text, err := os.ReadFile(source.Replace(configPath))
	require.NoError(t, err)
	listen := []string{"0.0.0.0:9090", "127.0.0.1:0"}
	for _, port := range service.Ports {
		colon := strings.LastIndex(port, ":")
		listen = append(listen, "0.0.0.0:"+port[colon+1:], port[:colon])
	}
	local := filepath.Join(t.TempDir(), "metalease.yaml")
	require.NoError(t, os.WriteFile(local, []byte(strings.NewReplacer(listen...).Replace(source.Replace(string(text)))), 0o600))
	here := strings.NewReplacer(append([]string{configPath, local}, files...)...)

	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "TEMPORAL_") && !strings.HasPrefix(entry, "METALEASE_") {
			env = append(env, entry)
		}
	}
	for key, value := range service.Environment {
		if !strings.HasPrefix(key, "TEMPORAL_") {
			env = append(env, key+"="+here.Replace(value))
		}
	}
	env = append(env, c.temporal.Env()...)
	env = append(env, "METALEASE_CONFIG="+local) // stands for the place where the programs look by themselves
	for _, word := range words[1:] {
		args = append(args, here.Replace(word))
	}
	return filepath.Join(programs, words[0]), args, env
}

// start runs a service until the test ends, and waits for a line of its log.
func (c *compose) start(t *testing.T, name, ready string) {
	t.Helper()
	path, args, env := c.inside(t, name, c.services[name].Command)
	process := stack.NewProcess(t.TempDir(), name, path, env, args...)
	require.NoError(t, process.Start())
	t.Cleanup(process.Stop)
	require.True(t, eventually(func() bool { return strings.Contains(process.Log(), ready) }), "%s: %s", name, process.Log())
	c.running[name] = process
}

// once runs a command to its end; one that follows a service is ended when it has said that it is active.
func (c *compose) once(t *testing.T, name string, words []string) string {
	t.Helper()
	path, args, env := c.inside(t, name, words)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if words[len(words)-1] == "--watch" {
		process := stack.NewProcess(t.TempDir(), name, path, env, args...)
		require.NoError(t, process.Start())
		defer process.Stop()
		active := func() bool { return eventually(func() bool { return strings.Contains(process.Log(), "active") }) }
		// The clockwork is that of production here: an install is looked at for a minute before it counts as begun.
		seen := active()
		if !seen {
			seen = active()
		}
		require.True(t, seen, "%v: %s", words, process.Log())
		return process.Log()
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%v: %s", words, out)
	return string(out)
}
