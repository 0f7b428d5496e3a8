package temporaltest_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"metalease/internal/temporaltest"
	"metalease/workflows/api"
)

func TestMain(m *testing.M) { os.Exit(temporaltest.Main(m)) }

func TestEachTestHasANamespaceOfItsOwn(t *testing.T) {
	first, second := temporaltest.Start(t), temporaltest.Start(t)
	require.Equal(t, first.Address, second.Address, "one server")
	require.NotEqual(t, first.Namespace, second.Namespace)
	require.Equal(t, []string{"TEMPORAL_ADDRESS=" + second.Address, "TEMPORAL_NAMESPACE=" + second.Namespace}, second.Env())

	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, err := first.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: "only-in-the-first", TaskQueue: "nobody",
		TypedSearchAttributes: api.StartAttributes(api.Order{Panel: "fra1", Package: "E3-16G", ClientID: 7}),
	}, "Anything")
	require.NoError(t, err)
	query := api.AttrPanel.GetName() + " = 'fra1'"
	require.Eventually(t, func() bool {
		n, err := first.Client.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: first.Namespace, Query: query})
		return err == nil && n.GetCount() == 1
	}, 20*time.Second, 50*time.Millisecond)
	n, err := second.Client.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: second.Namespace, Query: query})
	require.NoError(t, err)
	require.Zero(t, n.GetCount())
}

func TestProgramIsTheOneThatIsNamed(t *testing.T) {
	dir := t.TempDir()
	named := filepath.Join(dir, "my-temporal")
	require.NoError(t, os.WriteFile(named, []byte("#!/bin/sh\n"), 0o755))
	t.Setenv("TEMPORAL_CLI", named)
	found, err := temporaltest.Program()
	require.NoError(t, err)
	require.Equal(t, named, found)

	t.Setenv("TEMPORAL_CLI", filepath.Join(dir, "none"))
	_, err = temporaltest.Program()
	require.ErrorContains(t, err, "TEMPORAL_CLI=")
}

func TestProgramIsFoundInPathThenInTheCache(t *testing.T) {
	path, cache := t.TempDir(), t.TempDir()
	t.Setenv("TEMPORAL_CLI", "")
	t.Setenv("PATH", path)
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	_, err := temporaltest.Program()
	require.ErrorContains(t, err, "tools/temporal-cli.sh")

	user, err := os.UserCacheDir()
	require.NoError(t, err)
	built := filepath.Join(user, "metalease", "temporal-1.5.1")
	require.NoError(t, os.MkdirAll(filepath.Dir(built), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(built), ".temporal-1.9.9.half"), nil, 0o755))
	require.NoError(t, os.WriteFile(built, nil, 0o755))
	found, err := temporaltest.Program()
	require.NoError(t, err)
	require.Equal(t, built, found)

	inPath := filepath.Join(path, "temporal")
	require.NoError(t, os.WriteFile(inPath, nil, 0o755))
	found, err = temporaltest.Program()
	require.NoError(t, err)
	require.Equal(t, inPath, found)
}
