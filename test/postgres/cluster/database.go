package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"metalease/internal/stack"
)

// The superuser is that of docker-compose.yml.
const (
	dbUser   = "temporal"
	Password = "test-database"
)

// Databases are those of deploy/temporal/schema.sh.
var Databases = []string{"temporal", "temporal_visibility"}

// Database is a PostgreSQL of its own on 127.0.0.1.
type Database struct {
	// Dir is a folder into which it may write. It ends with it.
	Dir  string
	port int
	// as is the command that becomes the user who may run PostgreSQL: it refuses root.
	as []string
	*stack.Process
}

// create starts an empty one with these settings, which are arguments.
func (d *Database) create(ctx context.Context, o Options, settings []string) (err error) {
	if d.port, _, err = stack.Port(0); err != nil {
		return err
	}
	if err := d.folder(); err != nil {
		return err
	}
	password := filepath.Join(d.Dir, "password")
	if err := os.WriteFile(password, []byte(Password), 0o644); err != nil {
		return err
	}
	if _, err := d.Run(ctx, "initdb", "--pgdata", d.data(), "--username", dbUser, "--pwfile", password, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-sync"); err != nil {
		return err
	}
	args := append([]string{"-D", d.data(), "-h", "127.0.0.1", "-p", fmt.Sprint(d.port), "-k", d.Dir}, settings...)
	if !o.Durable {
		args = append(args, "-c", "fsync=off")
	}
	command, err := d.command("postgres", args...)
	if err != nil {
		return err
	}
	d.Process = stack.NewProcess(o.Dir, "postgres", command[0], []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}, command[1:]...)
	return d.Open(ctx)
}

// folder makes one that belongs to the user who runs PostgreSQL. A temporary folder of the caller may be closed to him.
func (d *Database) folder() (err error) {
	if os.Getuid() != 0 {
		d.Dir, err = os.MkdirTemp("", "metalease-postgres")
		return err
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return fmt.Errorf("%w: Debian's package postgresql makes this user", err)
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return err
	}
	d.as = []string{"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig=KILL"}
	if d.Dir, err = os.MkdirTemp("", "metalease-postgres"); err != nil {
		return err
	}
	return os.Chown(d.Dir, uid, gid)
}

func (d *Database) data() string { return filepath.Join(d.Dir, "data") }

// program is where Debian puts the programs of the newest version that is installed.
func program(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no %s: install Debian's package postgresql", name)
	}
	if err != nil {
		return "", err
	}
	return found[len(found)-1], nil
}

// Version is that of the PostgreSQL that a cluster runs on, such as "15.14".
func Version(ctx context.Context) (string, error) {
	postgres, err := program("postgres")
	if err != nil {
		return "", err
	}
	out, err := exec.CommandContext(ctx, postgres, "--version").Output()
	_, version, _ := strings.Cut(string(out), "(PostgreSQL) ")
	version, _, _ = strings.Cut(strings.TrimSpace(version), " ")
	if err == nil && version == "" {
		err = fmt.Errorf("postgres --version says %q", out)
	}
	return version, err
}

func (d *Database) command(name string, args ...string) ([]string, error) {
	path, err := program(name)
	return append(append(append([]string{}, d.as...), path), args...), err
}

// Run runs one of PostgreSQL's programs to its end, as the superuser of this database, and returns what it prints.
func (d *Database) Run(ctx context.Context, name string, args ...string) (string, error) {
	command, err := d.command(name, args...)
	if err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Dir = d.Dir
	cmd.Env = append(os.Environ(), "PGHOST=127.0.0.1", "PGUSER="+dbUser, "PGPASSWORD="+Password, fmt.Sprint("PGPORT=", d.port), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", errors.Join(ctx.Err(), fmt.Errorf("%s: %w\n%s", name, err, out))
	}
	return strings.TrimSpace(string(out)), nil
}

// Ask asks it in SQL for one value, as text.
func (d *Database) Ask(ctx context.Context, sql string) (string, error) {
	return d.Run(ctx, "psql", "-Atc", sql, Databases[0])
}

// Bytes are how large its databases are together, with their indexes.
func (d *Database) Bytes(ctx context.Context) (int64, error) {
	answer, err := d.Ask(ctx, "SELECT sum(pg_database_size(datname)) FROM pg_database WHERE datname IN ('"+strings.Join(Databases, "', '")+"')")
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(answer, 10, 64)
}

// Open starts it and waits until it answers. Right after a kill it refuses: the children that it had need a moment to end.
func (d *Database) Open(ctx context.Context) error {
	return d.Up(ctx, time.Minute, func(ctx context.Context) error {
		_, err := d.Run(ctx, "pg_isready", "-q")
		return err
	})
}

// Shut ends it as an administrator's restart does: clients are cut off, nothing is lost.
func (d *Database) Shut(ctx context.Context) error {
	_, err := d.Run(ctx, "pg_ctl", "stop", "-D", d.data(), "-m", "fast", "-w")
	return err
}

// shutPatience is how long it may take to end before it is killed.
const shutPatience = 30 * time.Second

// remove ends it and removes all that it has written, whatever state it is in.
func (d *Database) remove() error {
	if d.Process != nil && d.PID() != 0 {
		ctx, cancel := context.WithTimeout(context.Background(), shutPatience)
		defer cancel()
		_ = d.Shut(ctx) // else it is killed
		d.Kill()
	}
	if d.Dir == "" {
		return nil
	}
	return os.RemoveAll(d.Dir)
}
