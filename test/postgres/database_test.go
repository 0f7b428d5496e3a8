package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/test/harness"
)

// The superuser is that of docker-compose.yml.
const (
	dbUser     = "temporal"
	dbPassword = "test-database"
)

// database is a PostgreSQL of its own on 127.0.0.1.
type database struct {
	t    *testing.T
	dir  string
	port int
	// as is the command that becomes the user who may run PostgreSQL: it refuses root.
	as []string
	*stack.Process
}

// newDatabase starts an empty one. Nothing waits for a disk: what is killed here is processes, and their writes survive that.
func newDatabase(t *testing.T) *database {
	t.Helper()
	dir, err := os.MkdirTemp("", "metalease-postgres")
	require.NoError(t, err)
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	d := &database{t: t, dir: dir, port: port}
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	if os.Getuid() == 0 {
		d.as = []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL"}
		who, err := user.Lookup("postgres")
		require.NoError(t, err, "Debian's package postgresql makes this user")
		uid, err := strconv.Atoi(who.Uid)
		require.NoError(t, err)
		gid, err := strconv.Atoi(who.Gid)
		require.NoError(t, err)
		require.NoError(t, os.Chown(dir, uid, gid))
	}
	password := filepath.Join(dir, "password")
	require.NoError(t, os.WriteFile(password, []byte(dbPassword), 0o644))
	d.run("initdb", "--pgdata", d.data(), "--username", dbUser, "--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-sync")
	command := d.command("postgres", "-D", d.data(), "-h", "127.0.0.1", "-p", fmt.Sprint(d.port), "-k", dir, "-c", "fsync=off")
	d.Process = stack.NewProcess(t.TempDir(), "postgres", command[0], []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}, command[1:]...)
	d.start()
	t.Cleanup(d.stop)
	return d
}

func (d *database) data() string { return filepath.Join(d.dir, "data") }

// bin is where Debian puts the programs of the newest version that is installed.
func bin(t *testing.T, program string) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	require.NoError(t, err)
	require.NotEmpty(t, found, "there is no %s: install Debian's package postgresql", program)
	return found[len(found)-1]
}

func (d *database) command(program string, args ...string) []string {
	return append(append(append([]string{}, d.as...), bin(d.t, program)), args...)
}

// run runs one of PostgreSQL's programs to its end.
func (d *database) run(program string, args ...string) string {
	d.t.Helper()
	command := d.command(program, args...)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = d.dir
	cmd.Env = append(os.Environ(), "PGHOST=127.0.0.1", "PGUSER="+dbUser, "PGPASSWORD="+dbPassword, fmt.Sprint("PGPORT=", d.port), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	require.NoError(d.t, err, "%s: %s", program, out)
	return string(out)
}

// start starts it and waits until it answers. After a kill its children need a moment to end, and until then it refuses to start, as it should.
func (d *database) start() {
	d.t.Helper()
	require.NoError(d.t, d.Process.Start())
	answers := func() bool {
		select {
		case <-d.Done():
			require.NoError(d.t, d.Process.Start())
		default:
		}
		ready := d.command("pg_isready", "-h", "127.0.0.1", "-p", fmt.Sprint(d.port), "-q")
		return exec.Command(ready[0], ready[1:]...).Run() == nil
	}
	require.True(d.t, harness.Within(time.Minute, 100*time.Millisecond, answers), "PostgreSQL does not answer:\n%s", d.Log())
}

// stop ends it as an administrator's restart does: clients are cut off, nothing is lost.
func (d *database) stop() { d.run("pg_ctl", "stop", "-D", d.data(), "-m", "fast", "-w") }

// databases are those of deploy/temporal/schema.sh.
var databases = []string{"temporal", "temporal_visibility"}

// dump backs up both, as docs/restore.md says.
func (d *database) dump() {
	d.t.Helper()
	for _, name := range databases {
		d.run("pg_dump", "--format=custom", "--file", filepath.Join(d.dir, name+".dump"), name)
	}
}

// restore puts both back as they were dumped.
func (d *database) restore() {
	d.t.Helper()
	for _, name := range databases {
		d.run("dropdb", "--force", name)
		d.run("createdb", name)
		d.run("pg_restore", "--exit-on-error", "--dbname", name, filepath.Join(d.dir, name+".dump"))
	}
}
