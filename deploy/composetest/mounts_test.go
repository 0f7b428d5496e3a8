package composetest

import (
	"crypto/tls"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"metalease/internal/config"
)

// configOf loads the configuration file that a service mounts, with exactly the environment and the secrets of that service.
func configOf(t *testing.T, project *types.Project, name string, role config.Role, change ...string) *config.Config {
	t.Helper()
	service := project.Services[name]
	here := secretsOf(t, project, name)
	for name, value := range service.Environment {
		t.Setenv(name, here.Replace(*value))
	}
	var source string
	for _, mount := range service.Volumes {
		if mount.Target == "/etc/metalease/metalease.yaml" {
			source = mount.Source
		}
	}
	text, err := os.ReadFile(source)
	require.NoError(t, err)
	// The certificate of the simulator exists only inside the containers.
	server := httptest.NewUnstartedServer(nil)
	server.TLS = &tls.Config{}
	server.StartTLS()
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "dcimsim.pem")
	require.NoError(t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	file := filepath.Join(t.TempDir(), "metalease.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.NewReplacer(append(change, "/certs/dcimsim.pem", ca)...).Replace(string(text))), 0o600))

	loaded, err := config.Load(file, role)
	require.NoError(t, err)
	return loaded
}

func TestMountedFilesAreInTheRepository(t *testing.T) {
	for _, project := range []*types.Project{load(t, "deploy/env.example"), load(t, "deploy/demo.env")} {
		for name, service := range project.Services {
			for _, mount := range service.Volumes {
				if mount.Type == types.VolumeTypeBind {
					require.FileExists(t, fileIn(mount.Source), "%s mounts %s", name, mount.Source)
					require.True(t, mount.ReadOnly, "%s can write to the repository", name)
				}
			}
			for _, word := range service.Entrypoint {
				if script, ok := strings.CutPrefix(word, "/deploy/"); ok {
					require.FileExists(t, filepath.Join(root, "deploy/temporal", script), name)
				}
			}
		}
	}
	dynamic := *load(t, "deploy/demo.env").Services["temporal"].Environment["DYNAMIC_CONFIG_FILE_PATH"]
	require.FileExists(t, filepath.Join(root, "deploy/temporal", strings.TrimPrefix(dynamic, "/deploy/")))
}

// fileIn answers the path itself for a file, and one of its files for a folder that must not be empty.
func fileIn(path string) string {
	if entries, err := os.ReadDir(path); err == nil && len(entries) > 0 {
		return filepath.Join(path, entries[0].Name())
	}
	return path
}

func TestConfigurationsLoadWithWhatTheContainersGet(t *testing.T) {
	for _, envFile := range []string{"deploy/env.example", "deploy/demo.env"} {
		t.Run(envFile, func(t *testing.T) {
			project := withSecrets(t, load(t, envFile))
			worker := configOf(t, project, "worker", config.ForWorker)
			require.Equal(t, "0.0.0.0:9090", worker.Worker.MetricsListen, "the health check asks there")
			require.NotEmpty(t, worker.Panels[0].Password.Reveal())
		})
		t.Run(envFile+" starter", func(t *testing.T) {
			gateway := configOf(t, withSecrets(t, load(t, envFile)), "starter", config.ForGateway)
			require.Equal(t, "0.0.0.0:8080", gateway.Gateway.Listen, "that port is published")
		})
	}
}

// The demonstration's addresses must be those at which the simulators listen.
func TestDemoPointsAtTheSimulators(t *testing.T) {
	project := load(t, "deploy/demo.env")
	worker := configOf(t, project, "worker", config.ForWorker)
	require.Equal(t, "https://dcimsim:1500/dcimgr", worker.Panels[0].URL)
	require.Equal(t, "http://whmcssim:8085/", worker.WHMCS.URL)
	dcimsim := strings.Join(project.Services["dcimsim"].Command, " ")
	require.Contains(t, dcimsim, "--listen=0.0.0.0:1500 --tls --cert-out=/certs/dcimsim.pem")
	require.Contains(t, dcimsim, "--user="+worker.Panels[0].User+" --password="+worker.Panels[0].Password.Reveal())
	whmcssim := strings.Join(project.Services["whmcssim"].Command, " ")
	require.Contains(t, whmcssim, "--listen=0.0.0.0:8085 --identifier="+worker.WHMCS.Identifier+" --secret="+worker.WHMCS.Secret.Reveal())
	require.Contains(t, whmcssim, "--gateway=http://starter:8080 --gateway-secret="+worker.Gateway.Secret.Reveal())
}

// The job and the worker create the same search attributes.
func TestNamespaceScriptKnowsEverySearchAttribute(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "deploy/temporal/namespace.sh"))
	require.NoError(t, err)
	created := map[string]string{}
	for _, match := range regexp.MustCompile(`(?m)^attribute (\w+) (\w+)$`).FindAllStringSubmatch(string(text), -1) {
		created[match[1]] = match[2]
	}
	// Read as text: an import of the workflows would tie this module to every requirement of the product.
	declared, err := os.ReadFile(filepath.Join(root, "workflows/api/names.go"))
	require.NoError(t, err)
	wanted := map[string]string{}
	for _, match := range regexp.MustCompile(`NewSearchAttributeKey(\w+)\("(\w+)"\)`).FindAllStringSubmatch(string(declared), -1) {
		wanted[match[2]] = strings.Replace(match[1], "Time", "Datetime", 1)
	}
	require.NotEmpty(t, wanted)
	require.Equal(t, wanted, created)
}

func TestScriptsAreValidShell(t *testing.T) {
	scripts, err := filepath.Glob(filepath.Join(root, "deploy/temporal/*.sh"))
	require.NoError(t, err)
	scripts = append(scripts, filepath.Join(root, "deploy/secrets.sh"))
	require.Len(t, scripts, 4)
	for _, script := range scripts {
		out, err := exec.Command("sh", "-n", script).CombinedOutput()
		require.NoError(t, err, "%s: %s", script, out)
	}
}
