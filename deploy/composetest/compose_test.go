// Package composetest checks docker-compose.yml with the library that docker compose itself uses, since there may be no
// container engine where this is built. It is a module of its own so that the product's go.mod stays short.
package composetest

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"metalease/internal/config"
)

const root = "../.."

var (
	base = []string{"namespace", "postgres", "schema", "starter", "temporal", "ui", "worker"}
	demo = []string{"dcimsim", "namespace", "postgres", "schema", "starter", "temporal", "ui", "whmcssim", "worker"}
)

// load reads the file as docker compose does, with the variables of one env file and nothing of this machine.
func load(t *testing.T, envFile string, more ...string) *types.Project {
	t.Helper()
	project, err := tryLoad(t, envFile, more...)
	require.NoError(t, err)
	return project
}

func tryLoad(t *testing.T, envFile string, more ...string) (*types.Project, error) {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "docker-compose.yml")},
		cli.WithEnv(more), cli.WithEnvFiles(filepath.Join(root, envFile)), cli.WithDotEnv, cli.WithDefaultProfiles())
	require.NoError(t, err)
	return options.LoadProject(context.Background())
}

func TestServices(t *testing.T) {
	require.Equal(t, base, load(t, "deploy/env.example").ServiceNames())
	require.Equal(t, demo, load(t, "deploy/demo.env").ServiceNames(), "the demo's env file turns its profile on")
}

// Every program of ours has a limit of memory, and knows of it before it is reached.
func TestProgramsKnowTheirMemory(t *testing.T) {
	for _, project := range []*types.Project{load(t, "deploy/env.example"), load(t, "deploy/env.example", "METALEASE_MEMORY=2g", "METALEASE_GOMEMLIMIT=1600MiB")} {
		for name, service := range project.Services {
			if service.Image != "metalease:local" {
				continue
			}
			require.NotNil(t, service.Environment["GOMEMLIMIT"], name)
			number, mebibytes := strings.CutSuffix(*service.Environment["GOMEMLIMIT"], "MiB")
			require.True(t, mebibytes)
			known, err := strconv.Atoi(number)
			require.NoError(t, err)
			require.InDelta(t, 0.8, float64(known<<20)/float64(service.MemLimit), 0.05, name)
		}
	}
}

func TestMissingSettingsStopTheStart(t *testing.T) {
	for _, name := range []string{"METALEASE_INSTALLATION", "WHMCS_URL", "DCI_NAME", "DCI_URL", "DCI_USER"} {
		_, err := tryLoad(t, "deploy/env.example", name+"=")
		require.ErrorContains(t, err, name)
		require.ErrorContains(t, err, "set it in .env")
	}
}

func TestEveryDependencyCanBeMet(t *testing.T) {
	for _, project := range []*types.Project{load(t, "deploy/env.example"), load(t, "deploy/demo.env")} {
		for name, service := range project.Services {
			for on, dependency := range service.DependsOn {
				other, there := project.Services[on]
				require.True(t, there || !dependency.Required, "%s depends on %s", name, on)
				switch dependency.Condition {
				case types.ServiceConditionHealthy:
					require.True(t, !there || other.HealthCheck != nil, "%s waits for the health of %s, which has no check", name, on)
				case types.ServiceConditionCompletedSuccessfully:
					require.True(t, strings.HasPrefix(other.Restart, types.RestartPolicyOnFailure), "%s waits for the end of %s, which never ends", name, on)
				default:
					t.Errorf("%s waits only for the start of %s", name, on)
				}
			}
		}
		// Walking the graph fails on a cycle.
		require.NoError(t, project.ForEachService(nil, func(string, *types.ServiceConfig) error { return nil }))
	}
}

func TestImagesArePinned(t *testing.T) {
	project := load(t, "deploy/demo.env")
	exact := regexp.MustCompile(`:v?\d+\.\d+(\.\d+)?(@sha256:[0-9a-f]{64})?$`)
	for name, service := range project.Services {
		if service.Build == nil {
			require.Regexp(t, exact, service.Image, name)
			require.True(t, name == "ui" || strings.Contains(service.Image, "@"), "%s: the digest of that image is known", name)
		}
	}
	tag := func(service string) string {
		tag, _, _ := strings.Cut(project.Services[service].Image, "@")
		_, tag, _ = strings.Cut(tag, ":")
		return tag
	}
	for _, tool := range []string{"schema", "namespace"} {
		require.Equal(t, tag("temporal"), tag(tool), "the tools carry the schema of exactly this server")
	}

	text, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	require.NoError(t, err)
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(text), -1) {
		require.Regexp(t, `:\d+\.\d+\.\d+(-alpine\d+\.\d+)?(@sha256:[0-9a-f]{64})?$`, from[1])
	}
}

// Temporal and PostgreSQL ask nobody who he is, so nothing but the gateway, the Web UI and the simulators may be reached
// from outside, and these from this machine only.
func TestPublishedPorts(t *testing.T) {
	published := map[string]string{}
	for name, service := range load(t, "deploy/demo.env").Services {
		for _, port := range service.Ports {
			require.Equal(t, "127.0.0.1", port.HostIP, name)
			number, err := strconv.Atoi(port.Published)
			require.NoError(t, err)
			require.Greater(t, number, 1023, name)
			require.Greater(t, port.Target, uint32(1023), name)
			require.NotContains(t, []uint32{5432, 7233}, port.Target, name)
			published[port.Published] = name
		}
	}
	require.Equal(t, map[string]string{"8080": "starter", "8233": "ui", "8085": "whmcssim", "1500": "dcimsim"}, published)
}

func TestEverythingComesBackAndIsWatched(t *testing.T) {
	for name, service := range load(t, "deploy/demo.env").Services {
		job := name == "schema" || name == "namespace"
		if job {
			require.Equal(t, "on-failure:5", service.Restart, name)
		} else {
			require.Equal(t, types.RestartPolicyUnlessStopped, service.Restart, name)
		}
		require.Equal(t, !job && name != "ui", service.HealthCheck != nil, name)
		require.NotNil(t, service.Logging, "%s could fill the disk", name)
		require.False(t, service.Privileged, name)
	}
}

func TestOurImageRunsAsNobody(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	require.NoError(t, err)
	require.Regexp(t, `(?m)^USER [1-9]\d*:[1-9]\d*$`, string(text))
	require.Contains(t, string(text), "CGO_ENABLED=0")
}

func TestPostgresKeepsItsData(t *testing.T) {
	project := load(t, "deploy/env.example")
	require.Contains(t, project.Volumes, "postgres")
	mount := project.Services["postgres"].Volumes[0]
	require.Equal(t, types.VolumeTypeVolume, mount.Type)
	require.Equal(t, "postgres", mount.Source)
	require.Equal(t, "128", *project.Services["temporal"].Environment["NUM_HISTORY_SHARDS"])
}

func TestTheWorkerIsGivenTimeToStop(t *testing.T) {
	for _, envFile := range []string{"deploy/env.example", "deploy/demo.env"} {
		project := withSecrets(t, load(t, envFile))
		require.Greater(t, time.Duration(*project.Services["worker"].StopGracePeriod), configOf(t, project, "worker", config.ForWorker).Worker.StopTimeout)
	}
}
