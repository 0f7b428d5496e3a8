// Package cluster starts the official Temporal server on PostgreSQL as docker-compose.yml has it: with its files, scripts and
// environment, but as processes on 127.0.0.1. The tests of test/postgres and the bench stand on it.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Options of a cluster.
type Options struct {
	// Root is the folder of the module; Dir, which exists, takes links to the programs, logs and configuration.
	Root, Dir string
	// CLI is the temporal program. Programs is the folder with those of the server, which tools/temporal-server.sh prints.
	CLI, Programs string
	// Dynamic is added to the dynamic configuration, as YAML.
	Dynamic string
	// Servers is how many server processes there are, at least 1.
	Servers int
	// Durable has PostgreSQL wait for the disk, as it does by default. Without it a killed process loses nothing either.
	Durable bool
}

// Cluster is Temporal on PostgreSQL.
type Cluster struct {
	// Address is one for all servers.
	Address string
	// CLI is the absolute path of the temporal program.
	CLI     string
	DB      *Database
	Servers []*Server

	options Options
	compose Compose
	// front is before several servers.
	front *Balancer
	// dynamic is the file of the dynamic configuration.
	dynamic string
}

// Namespace is that of docker-compose.yml.
const Namespace = "metalease"

// Start makes an empty PostgreSQL, both databases, the servers and the namespace. What was started is ended again when it fails.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	c := &Cluster{options: o}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (c *Cluster) start(ctx context.Context) (err error) {
	if c.compose, err = ReadCompose(c.options.Root); err != nil {
		return err
	}
	if err := c.tools(); err != nil {
		return err
	}
	mounted, err := os.ReadFile(filepath.Join(c.options.Root, "deploy/temporal/dynamicconfig.yaml"))
	if err != nil {
		return err
	}
	c.dynamic = filepath.Join(c.options.Dir, "dynamicconfig.yaml")
	if err := os.WriteFile(c.dynamic, append(mounted, c.options.Dynamic...), 0o600); err != nil {
		return err
	}
	c.DB = &Database{}
	command := c.compose.Services["postgres"].Command
	if len(command) == 0 {
		return errors.New("docker-compose.yml has no command for postgres")
	}
	if err := c.DB.create(ctx, c.options, command[1:]); err != nil {
		return err
	}
	if err := c.describe(); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{c.Schema, c.Serve, c.Prepare} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// tools puts the programs of the admin-tools image on a PATH, under their names there.
func (c *Cluster) tools() error {
	cli, err := filepath.Abs(c.options.CLI)
	if err != nil {
		return err
	}
	c.CLI = cli
	programs, err := filepath.Abs(c.options.Programs)
	if err != nil {
		return err
	}
	for name, program := range map[string]string{
		"temporal": cli, "temporal-server": filepath.Join(programs, "temporal-server"), "temporal-sql-tool": filepath.Join(programs, "temporal-sql-tool"),
	} {
		if _, err := os.Stat(program); err != nil {
			return err
		}
		if err := os.Symlink(program, filepath.Join(c.options.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// script runs one of the scripts that the jobs of docker-compose.yml run.
func (c *Cluster) script(ctx context.Context, job string, more ...string) error {
	env, err := c.compose.environment(job, c.options.Dir, append(more, "PATH="+c.options.Dir+":"+os.Getenv("PATH"))...)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "/bin/sh", filepath.Join(c.options.Root, "deploy/temporal", job+".sh"))
	cmd.Env = env
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.Join(ctx.Err(), fmt.Errorf("%s.sh: %w\n%s", job, err, out))
	}
	return nil
}

// Schema makes or updates both databases.
func (c *Cluster) Schema(ctx context.Context) error {
	return c.script(ctx, "schema", "SQL_HOST=127.0.0.1", fmt.Sprint("SQL_PORT=", c.DB.port), "SQL_PASSWORD="+Password)
}

// Serve starts the servers, each when the one before serves: of two that find an empty database at the same time, one ends at once
// (docs/several-processes.md), and what restarts it there is not here.
func (c *Cluster) Serve(ctx context.Context) error {
	for _, server := range c.Servers {
		if err := server.Serve(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Prepare makes the namespace, with its search attributes.
func (c *Cluster) Prepare(ctx context.Context) error {
	return c.script(ctx, "namespace", "TEMPORAL_ADDRESS="+c.Address)
}

// Close ends all processes and removes the data. It may be called at any time, and again.
func (c *Cluster) Close() error {
	for _, server := range c.Servers {
		server.Stop()
	}
	if c.front != nil {
		c.front.Close()
	}
	if c.DB == nil {
		return nil
	}
	return c.DB.remove()
}
