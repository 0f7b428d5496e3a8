package postgres

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/test/harness"
	"metalease/test/postgres/cluster"
)

// newCluster starts Temporal on PostgreSQL, with two servers; dynamic is added to their dynamic configuration. Nothing waits for a
// disk: what is killed here is processes, and their writes survive that.
func newCluster(t *testing.T, dynamic string) *cluster.Cluster {
	t.Helper()
	c, err := cluster.Start(t.Context(), cluster.Options{
		Root: root, Dir: t.TempDir(), CLI: os.Getenv("TEMPORAL_CLI"), Programs: os.Getenv("TEMPORAL_SERVER"), Dynamic: dynamic, Servers: 2,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

func newBalancer(t *testing.T, to ...string) *cluster.Balancer {
	t.Helper()
	b, err := cluster.NewBalancer(to...)
	require.NoError(t, err)
	t.Cleanup(b.Close)
	return b
}

// psql asks the database for one value.
func (w *world) psql(sql string) string {
	w.t.Helper()
	answer, err := w.DB.Ask(context.Background(), sql) // after the end of a test too
	require.NoError(w.t, err)
	return answer
}

// postgres runs one of PostgreSQL's programs.
func (w *world) postgres(program string, args ...string) {
	w.t.Helper()
	_, err := w.DB.Run(w.ctx, program, args...)
	require.NoError(w.t, err)
}

// openDatabase starts it again. After a kill its children need a moment to end, and until then it refuses to start, as it should.
func (w *world) openDatabase() {
	w.t.Helper()
	var err error
	require.True(w.t, harness.Within(time.Minute, pollEach, func() bool { err = w.DB.Open(w.ctx); return err == nil }), "PostgreSQL does not answer: %s", err)
}

func (w *world) shutDatabase() {
	w.t.Helper()
	require.NoError(w.t, w.DB.Shut(w.ctx))
}

// dump backs up both databases, as docs/restore.md says.
func (w *world) dump() {
	w.t.Helper()
	for _, name := range cluster.Databases {
		w.postgres("pg_dump", "--format=custom", "--file", w.dumped(name), name)
	}
}

// restore puts both back as they were dumped.
func (w *world) restore() {
	w.t.Helper()
	for _, name := range cluster.Databases {
		w.postgres("dropdb", "--force", name)
		w.postgres("createdb", name)
		w.postgres("pg_restore", "--exit-on-error", "--dbname", name, w.dumped(name))
	}
}

func (w *world) dumped(name string) string { return filepath.Join(w.DB.Dir, name+".dump") }
