package main

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// asProgram makes this test binary the program itself.
const asProgram = "METALEASE_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

func program(t *testing.T, env []string, args ...string) (cmd *exec.Cmd, errOut *bytes.Buffer) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append(env, asProgram+"=1", "HOME="+cmd.Dir)
	errOut = &bytes.Buffer{}
	cmd.Stderr = errOut
	return cmd, errOut
}

func TestExitCodeIsThatOfTheCommand(t *testing.T) {
	for args, code := range map[string]int{"--version": 0, "--help": 0, "now": 2, "--check": 2} {
		cmd, errOut := program(t, nil, strings.Fields(args)...)
		_ = cmd.Run() // its code is looked at
		require.Equal(t, code, cmd.ProcessState.ExitCode(), "%s: %s", args, errOut)
	}
}

const configuration = `installation: test
panels: [{name: fra1, url: "https://127.0.0.1:1/dcimgr", user: api, password: secret, fingerprint: "` + fingerprint + `"}]
whmcs: {url: "http://127.0.0.1:1", identifier: identifier, secret: secret}
worker: {metrics_listen: ""}
log: {level: error}
`

// fingerprint is that of no certificate.
const fingerprint = "0000000000000000000000000000000000000000000000000000000000000000"

// A worker that is stopped while it still waits for Temporal ends at once.
func TestAWorkerThatWaitsForTemporalEndsWhenAsked(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes calls and answers none
	require.NoError(t, err)
	defer func() { _ = silent.Close() }()
	require.NoError(t, silent.(*net.TCPListener).SetDeadline(time.Now().Add(30*time.Second)))
	file := filepath.Join(t.TempDir(), "metalease.yaml")
	require.NoError(t, os.WriteFile(file, []byte(configuration), 0o600))
	cmd, errOut := program(t, []string{"TEMPORAL_ADDRESS=" + silent.Addr().String()}, "--config", file)
	require.NoError(t, cmd.Start())
	called, err := silent.Accept()
	require.NoError(t, err, errOut)
	defer func() { _ = called.Close() }()
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.Error(t, cmd.Wait())
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	require.Equal(t, "worker: interrupted\n", errOut.String())
}
