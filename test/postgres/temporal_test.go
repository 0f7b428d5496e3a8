package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"metalease/internal/stack"
	"metalease/test/harness"
)

// temporal is one of the server processes.
type temporal struct {
	*stack.Process
	address string
}

// cluster is Temporal on PostgreSQL: two servers behind one address.
type cluster struct {
	t       *testing.T
	dir     string
	db      *database
	front   *balancer
	servers []*temporal
	// dynamic is the file of the dynamic configuration.
	dynamic string
}

// namespace is that of docker-compose.yml.
const namespace = "metalease"

// newCluster starts one; dynamic is added to its dynamic configuration.
func newCluster(t *testing.T, dynamic string) *cluster {
	t.Helper()
	c := &cluster{t: t, dir: t.TempDir(), db: newDatabase(t), front: newBalancer(t)}
	mounted, err := os.ReadFile(root + "/deploy/temporal/dynamicconfig.yaml")
	require.NoError(t, err)
	c.dynamic = filepath.Join(c.dir, "dynamicconfig.yaml")
	require.NoError(t, os.WriteFile(c.dynamic, append(mounted, dynamic...), 0o600))
	c.tools()
	c.schema()
	for i := range 2 {
		c.add(fmt.Sprintf("temporal-%d", i+1))
	}
	t.Cleanup(c.stop)
	c.start()
	c.prepare()
	return c
}

// tools puts the programs of the admin-tools image on a PATH, under their names there.
func (c *cluster) tools() {
	c.t.Helper()
	cli, err := filepath.Abs(os.Getenv("TEMPORAL_CLI"))
	require.NoError(c.t, err)
	require.NoError(c.t, os.Symlink(cli, filepath.Join(c.dir, "temporal")))
	for _, program := range []string{"temporal-server", "temporal-sql-tool"} {
		require.NoError(c.t, os.Symlink(filepath.Join(os.Getenv("TEMPORAL_SERVER"), program), filepath.Join(c.dir, program)))
	}
}

// script runs one of the scripts that the jobs of docker-compose.yml run.
func (c *cluster) script(job string, more ...string) {
	c.t.Helper()
	cmd := exec.Command("/bin/sh", root+"/deploy/temporal/"+job+".sh")
	cmd.Env = readCompose(c.t).environment(c.t, job, append(more, "PATH="+c.dir+":"+os.Getenv("PATH"))...)
	out, err := cmd.CombinedOutput()
	require.NoError(c.t, err, "%s.sh: %s", job, out)
}

func (c *cluster) schema() {
	c.t.Helper()
	c.script("schema", "SQL_HOST=127.0.0.1", fmt.Sprint("SQL_PORT=", c.db.port), "SQL_PASSWORD="+dbPassword)
}

// prepare makes the namespace.
func (c *cluster) prepare() {
	c.t.Helper()
	c.script("namespace", "TEMPORAL_ADDRESS="+c.front.address)
}

// ports that one server process listens on; on a machine of its own each has its usual one.
var ports = []string{
	"FRONTEND_GRPC_PORT", "FRONTEND_HTTP_PORT", "FRONTEND_MEMBERSHIP_PORT", "HISTORY_GRPC_PORT", "HISTORY_MEMBERSHIP_PORT",
	"MATCHING_GRPC_PORT", "MATCHING_MEMBERSHIP_PORT", "WORKER_GRPC_PORT", "WORKER_MEMBERSHIP_PORT",
}

// add describes one more server.
func (c *cluster) add(name string) {
	c.t.Helper()
	env := []string{
		"POSTGRES_SEEDS=127.0.0.1", fmt.Sprint("DB_PORT=", c.db.port), "POSTGRES_PWD=" + dbPassword, "BIND_ON_IP=127.0.0.1",
		"TEMPORAL_BROADCAST_ADDRESS=127.0.0.1", "CLUSTER_RPC_ADDRESS=" + c.front.address, "DYNAMIC_CONFIG_FILE_PATH=" + c.dynamic, "LOG_LEVEL=warn",
	}
	server := &temporal{}
	for _, variable := range ports {
		port, _, err := stack.Port(0)
		require.NoError(c.t, err)
		env = append(env, fmt.Sprintf("%s=%d", variable, port))
		if variable == "FRONTEND_GRPC_PORT" {
			server.address = local(port)
		}
	}
	env = readCompose(c.t).environment(c.t, "temporal", env...)
	server.Process = stack.NewProcess(c.t.TempDir(), name, filepath.Join(c.dir, "temporal-server"), env, "start")
	c.servers = append(c.servers, server)
	c.front.add(server.address)
}

// start starts the servers, each when the one before serves: of two that find an empty database at the same time, one ends at once
// (docs/several-processes.md), and what restarts it there is not here.
func (c *cluster) start() {
	c.t.Helper()
	for _, server := range c.servers {
		require.NoError(c.t, server.Start())
		c.await(server)
	}
}

// await waits until a server serves. One that has ended never will.
func (c *cluster) await(server *temporal) {
	c.t.Helper()
	front, err := client.NewLazyClient(client.Options{HostPort: server.address, Logger: harness.Silent()})
	require.NoError(c.t, err)
	defer front.Close()
	ended := false
	serves := func() bool {
		select {
		case <-server.Done():
			ended = true
			return true
		default:
		}
		limited, cancel := context.WithTimeout(c.t.Context(), time.Second)
		defer cancel()
		_, err := front.CheckHealth(limited, &client.CheckHealthRequest{})
		return err == nil
	}
	require.True(c.t, harness.Within(2*time.Minute, 250*time.Millisecond, serves) && !ended, "%s does not serve:\n%s", server.Name, harness.Tail(server.Log()))
}

func (c *cluster) stop() {
	for _, server := range c.servers {
		server.Stop()
	}
}

func local(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
