package cluster

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
)

const root = "../../.."

// open is a folder that the user who runs PostgreSQL may enter too.
func open(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "metalease-cluster")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

// Whoever has enough of a start gets back a machine as it was: no process, no folder.
func TestAStartThatIsEndedLeavesNothing(t *testing.T) {
	temporary, programs, seen := open(t), t.TempDir(), filepath.Join(t.TempDir(), "seen")
	t.Setenv("TMPDIR", temporary)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	require.NoError(t, syscall.Mkfifo(seen, 0o600))
	for name, script := range map[string]string{
		"temporal": "exit 1", "temporal-sql-tool": "exit 0", "temporal-server": fmt.Sprintf("echo $$ $DB_PORT > %s; exec sleep 600", seen),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(programs, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755))
	}
	told := make(chan string, 1)
	go func() { // reads once the server, which never serves, was started
		text, _ := os.ReadFile(seen) // what it says is looked at below
		told <- string(text)
		cancel()
	}()
	_, err := Start(ctx, Options{Root: root, Dir: t.TempDir(), CLI: filepath.Join(programs, "temporal"), Programs: programs, Servers: 1})
	require.ErrorIs(t, err, context.Canceled)
	var server, port int
	_, err = fmt.Sscan(<-told, &server, &port)
	require.NoError(t, err)
	require.ErrorIs(t, syscall.Kill(server, 0), syscall.ESRCH, "the server has ended")
	_, err = net.Dial("tcp", Local(port))
	require.ErrorIs(t, err, syscall.ECONNREFUSED, "PostgreSQL has ended")
	left, err := os.ReadDir(temporary)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	_, err := Start(t.Context(), Options{Root: root, Dir: t.TempDir(), CLI: "nowhere/temporal", Programs: t.TempDir(), Servers: 1})
	require.ErrorContains(t, err, "no such file")
	_, err = Start(t.Context(), Options{Root: t.TempDir(), Dir: t.TempDir(), Servers: 1})
	require.ErrorContains(t, err, "docker-compose.yml")
}

// The addresses of containers are replaced, the rest is that of the file.
func TestTheEnvironmentIsThatOfTheFile(t *testing.T) {
	compose, err := ReadCompose(root)
	require.NoError(t, err)
	env, err := compose.environment("temporal", "home", "POSTGRES_SEEDS=127.0.0.1")
	require.NoError(t, err)
	require.Contains(t, env, "DB=postgres12")
	require.Contains(t, env, "HOME=home")
	require.Equal(t, "POSTGRES_SEEDS=127.0.0.1", env[len(env)-1], "the last one counts")
	require.NotContains(t, strings.Join(env, "\n"), "${")
	_, err = compose.environment("mysql", "home")
	require.ErrorContains(t, err, "no environment for mysql")
}

// A wire that is cut carries nothing until it is mended, and of two servers one is enough.
func TestABalancerFindsAServerThatIsThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte("here")) // who asks reads it
			_ = conn.Close()
		}
	}()
	nobody, _, err := stack.Port(0)
	require.NoError(t, err)
	b, err := NewBalancer(Local(nobody))
	require.NoError(t, err)
	defer b.Close()
	b.Add(listener.Addr().String())
	asked := func() string {
		conn, err := net.Dial("tcp", b.Address)
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		answer := make([]byte, 4)
		n, _ := conn.Read(answer) // nothing is an answer too
		return string(answer[:n])
	}
	for range 3 {
		require.Equal(t, "here", asked())
	}
	b.Cut(true)
	require.Empty(t, asked())
	b.Cut(false)
	require.Equal(t, "here", asked())
}
