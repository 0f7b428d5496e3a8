package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"metalease/test/postgres/cluster"
)

// store is what the Temporal of each row is, and where it keeps its data.
type store struct {
	Name string
	// Title says it in words, with versions.
	Title string
	// programs is the folder of the official server's programs; empty for the development server.
	programs string
}

// Names of stores.
const (
	developmentStore = "development"
	postgresStore    = "postgres"
)

var development = store{Name: developmentStore, Title: "the development server, in memory, or in a file where the row says so"}

// chooseStore finds a store by name; none named is the development server.
func chooseStore(ctx context.Context, name string) (store, error) {
	switch name {
	case "", developmentStore:
		return development, nil
	case postgresStore:
		return postgres(ctx, os.Getenv("TEMPORAL_SERVER"))
	}
	return store{}, fmt.Errorf("there is no store %q: it is %s, which is the default, or %s", name, developmentStore, postgresStore)
}

// postgres is one process of the official server, on the PostgreSQL that is installed.
func postgres(ctx context.Context, programs string) (store, error) {
	if programs == "" {
		return store{}, errors.New("TEMPORAL_SERVER is not set: run `make bench STORE=postgres`, which finds or builds the official server")
	}
	version, err := cluster.Version(ctx)
	if err != nil {
		return store{}, err
	}
	server, err := exec.CommandContext(ctx, filepath.Join(programs, "temporal-server"), "--version").Output()
	if err != nil {
		return store{}, fmt.Errorf("TEMPORAL_SERVER: %w", err)
	}
	title := fmt.Sprintf("one process of the official server (%s) on PostgreSQL %s, configured as in docker-compose.yml", strings.TrimSpace(string(server)), version)
	return store{Name: postgresStore, Title: title, programs: programs}, nil
}

// cluster starts the official server with its files in dir; nil, where the set starts the development server itself.
func (s store) cluster(ctx context.Context, b bench, dir string) (*cluster.Cluster, error) {
	if s.programs == "" {
		return nil, nil
	}
	return cluster.Start(ctx, cluster.Options{Root: b.root, Dir: dir, CLI: b.cli, Programs: s.programs, Servers: 1, Durable: true})
}
