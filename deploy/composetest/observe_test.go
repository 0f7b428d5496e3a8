package composetest

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"metalease/internal/config"
)

// observed is the set with its profiles observe and codec.
func observed(t *testing.T) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "docker-compose.yml")},
		cli.WithEnvFiles(filepath.Join(root, "deploy/env.example")), cli.WithDotEnv, cli.WithProfiles([]string{"observe", "codec"}))
	require.NoError(t, err)
	project, err := options.LoadProject(context.Background())
	require.NoError(t, err)
	return project
}

func TestPrometheusAndGrafanaAreAProfile(t *testing.T) {
	project := observed(t)
	require.ElementsMatch(t, append([]string{"prometheus", "grafana", "codec"}, base...), project.ServiceNames())
	for _, name := range []string{"prometheus", "grafana"} {
		service := project.Services[name]
		require.Len(t, service.Ports, 1)
		require.Equal(t, "127.0.0.1", service.Ports[0].HostIP, "neither asks a caller who he is")
		for _, mount := range service.Volumes {
			if mount.Type == types.VolumeTypeBind {
				require.DirExists(t, mount.Source)
				require.True(t, mount.ReadOnly)
			}
		}
	}
	require.Contains(t, project.Volumes, "prometheus")
	gateway := configOf(t, withSecrets(t, project), "starter", config.ForGateway)
	require.Equal(t, "0.0.0.0:9091", gateway.Gateway.MetricsListen, "deploy/prometheus/prometheus.yml asks there")
}

// TestWorkersCanBeMany: nothing of the worker is there once only.
func TestWorkersCanBeMany(t *testing.T) {
	worker := observed(t).Services["worker"]
	require.Empty(t, worker.ContainerName)
	require.Empty(t, worker.Hostname)
	require.Empty(t, worker.Ports)
	for _, mount := range worker.Volumes {
		require.True(t, mount.ReadOnly || mount.Target == "/var/log/metalease", "%s: only the audit file is written to, and by several", mount.Target)
	}
}

// Everything has a limit, and no right that it does not need.
func TestEveryContainerIsBounded(t *testing.T) {
	for _, project := range []*types.Project{observed(t), load(t, "deploy/demo.env")} {
		for name, service := range project.Services {
			require.Positive(t, service.MemLimit, name)
			require.Positive(t, service.PidsLimit, name)
			require.Equal(t, name != "ui", service.ReadOnly, "%s: the Web UI alone writes to its image", name)
			require.Equal(t, []string{"ALL"}, service.CapDrop, name)
			require.Contains(t, service.SecurityOpt, "no-new-privileges:true", name)
			if name != "postgres" {
				require.Empty(t, service.CapAdd, name)
			}
		}
	}
}
