package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/temporaltest"
)

// program is the built starter, its neighbour the worker: exit codes are only true of a process.
var program string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "starter-test")
	if err != nil {
		panic(err)
	}
	program = filepath.Join(dir, "starter")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", dir+"/", "metalease/starter", "metalease/worker")
	build.Stderr = os.Stderr
	code := 1
	if build.Run() == nil {
		code = temporaltest.Main(m)
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

const (
	testTimeout = 20 * time.Second
	testPoll    = 50 * time.Millisecond
)

const configuration = `installation: test
panels: [{name: fra1}]
gateway: {listen: "127.0.0.1:0", secret: a-secret-of-the-gateway}
defaults: {grace: 72h}
`

// scene is a namespace of a real Temporal and a configuration file.
type scene struct {
	temporaltest.Server
	t      *testing.T
	config string
}

func newScene(t *testing.T) scene {
	t.Helper()
	t.Parallel()
	return scene{temporaltest.Start(t), t, configFile(t, configuration)}
}

func configFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "metalease.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// ended is a program that has ended.
type ended struct {
	code        int
	out, errOut string
}

func run(t *testing.T, env []string, stdin string, args ...string) ended {
	t.Helper()
	return runProgram(t, program, env, stdin, args...)
}

func runProgram(t *testing.T, path string, env []string, stdin string, args ...string) ended {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = append([]string{"HOME=" + cmd.Dir, "PATH=" + os.Getenv("PATH")}, env...)
	cmd.Stdin = strings.NewReader(stdin)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); !failed {
		require.NoError(t, err)
	}
	return ended{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}

func (s scene) env() []string { return append(s.Env(), "METALEASE_CONFIG="+s.config) }

func (s scene) run(args ...string) ended {
	s.t.Helper()
	return run(s.t, s.env(), "", args...)
}

// does runs a command that must succeed.
func (s scene) does(args ...string) string {
	s.t.Helper()
	r := s.run(args...)
	require.Equal(s.t, exitDone, r.code, r.out+r.errOut)
	return r.out
}

func (s scene) start(service string, more ...string) {
	s.t.Helper()
	out := s.does(append([]string{"start", "--service", service, "--client", "7", "--panel", "fra1", "--package", "E3-16G",
		"--os", "ISPsystem__Debian-12-x86_64", "--domain", "s" + service + ".example.com"}, more...)...)
	require.Contains(s.t, out, "service "+service+" started")
}

func TestWrongUsageContactsNobody(t *testing.T) {
	t.Parallel()
	env := []string{"TEMPORAL_ADDRESS=127.0.0.1:1", "METALEASE_CONFIG=" + configFile(t, configuration)}
	for _, c := range []struct{ args, says string }{
		{"", "no command given"},
		{"explode", `no command "explode"; see: starter --help`},
		{"staus 101 --watch", `there is no command "staus", did you mean start or status?; see: starter --help`},
		{"help terminat", "did you mean terminate?"},
		{"quarantine claer 5", "did you mean clear?; see: starter quarantine --help"},
		{"help explode", `no command "explode"`},
		{"status", "status takes one service id"},
		{"status 1 2", "status takes one service id"},
		{"status abc", `"abc" is no service id`},
		{"status 0", `"0" is no service id`},
		{"status 1 --wacht", "unknown flag: --wacht, did you mean --watch?; see: starter status --help"},
		{"detach 1 --product 7", "detach takes --product with --all only"},
		{"detach --all", "detach --all needs --product"},
		{"detach --all --product 7 1", "detach takes no service beside --all"},
		{"detach --all --product 7 --event-id a", "--event-id for one service only"},
		{"completion", "completion takes bash, zsh or fish"},
		{"completion tcsh", "completion takes bash, zsh or fish"},
		{"list --phase aktiv", "pending, waiting, attention"},
		{"list 101", "list takes no argument"},
		{"terminate 101", "terminate needs --yes"},
		{"expire 101 --due soon", "--due"},
		{"expire 101 --grace long", "--grace"},
		{"renew 101 --wait -5s", "--wait"},
		{"retry 101 --set pakage=E3", "no such field"},
		{"retry 101 --set ipv4=many", "cannot have this value"},
		{"retry 101 --set panel=ams1", "cannot be changed"},
		{"power 101", "power takes one service id and on, off or reboot"},
		{"power 101 away", "power takes one service id and on, off or reboot"},
		{"network 101", "network takes one service id and on or off"},
		{"reinstall 101 --yes", "--os must be a template id"},
		{"reinstall 101 --os a --yes", "--confirm must be the host name"},
		{"reinstall 101 --os a --confirm s101.example.com", "reinstall needs --yes"},
		{"addresses 101", "--name or ipv4, or ipv6 must say what is to change"},
		{"addresses 101 --ipv4 many", "must be a count"},
		{"addresses 101 --ipv4 257", "--ipv4 must be a count from 0 to 256"},
		{"addresses 101 --name 192.0.2.1", "must be IP=HOST"},
		{"addresses 101 --name 192.0.2.1=a.example.com --name 192.0.2.1=b.example.com", "is named twice"},
		{"addresses 101 --name 192.0.2=a.example.com", "--name is no address"},
		{"usage", "usage takes one service id"},
		{"usage 101 --panel fra1", "a service or --panel, not both"},
		{"usage 101 --month november", "must be a month such as 2026-11"},
		{"sso", "sso takes one service id"},
		{"sso 101 --port many", "--port"},
		{"facts", "facts takes one service id"},
		{"start", "service_id must be a WHMCS service id"},
		{"start --service 1 --client 1 --panel ams1 --package x --os a --domain a.example.com", "panel is not configured; there are: fra1"},
		{"start --paid-at yesterday", "--paid-at"},
		{"start --file none.json", "none.json"},
		{"start --file - --service 5", "does not go with --service"},
		{"start --file -", "one JSON object"},
		{"start --config none.yaml", "none.yaml"},
		{"serve --config none.yaml", "none.yaml"},
		{"serve now", "serve takes no argument"},
		{"adopt --from-marks --product 7", "adopt takes one of --service, --product, --file and --from-marks"},
	} {
		r := run(t, env, "", strings.Fields(c.args)...)
		require.Equal(t, exitUsage, r.code, "%s: %s", c.args, r.errOut)
		require.Contains(t, r.errOut, c.says, c.args)
		require.Empty(t, r.out, c.args)
		require.Equal(t, 1, strings.Count(r.errOut, "\n"), "one line: %s", r.errOut)
	}
	bad := configFile(t, "installation: Main\ncolour: red\npanels: []\n")
	for _, name := range []string{"start", "stock", "serve"} {
		r := run(t, env, "", name, "--config", bad)
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.errOut, "colour")
		require.Contains(t, r.errOut, "installation", "every fault at once")
	}
	r := run(t, []string{"TEMPORAL_ADDRESS=127.0.0.1:1"}, "", "stock", "--panel", "ams1", "--config", configFile(t, configuration))
	require.Equal(t, exitNotFound, r.code)
	require.Contains(t, r.errOut, "panel ams1: there is no such panel")
}

func TestATemporalThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	r := run(t, []string{"TEMPORAL_ADDRESS=127.0.0.1:1"}, "", "status", "101")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "127.0.0.1:1 is not reachable")
}

func TestAnUnknownService(t *testing.T) {
	s := newScene(t)
	for _, args := range []string{"status 424242", "status 424242 --watch", "suspend 424242", "terminate 424242 --yes"} {
		r := s.run(strings.Fields(args)...)
		require.Equal(t, exitNotFound, r.code, args)
		require.Equal(t, "starter: service 424242: there is no such service\n", r.errOut)
	}
	require.Equal(t, "no services\n", s.does("list"))
	require.Equal(t, "[]\n", s.does("list", "--json"))
}

func TestNoWorker(t *testing.T) {
	s := newScene(t)
	s.start("101")
	r := s.run("status", "101")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "no worker answers")
	require.Contains(t, s.does("suspend", "101", "--wait", "1s"), "suspend was sent and is safe; no worker has answered within 1s")
}
