// Package temporaltest gives tests a real Temporal server: one development server for each
// test binary, one empty namespace for each test.
package temporaltest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"metalease/workflows/api"
)

// Server is a namespace of a real server, with metalease's search attributes.
type Server struct {
	Client    client.Client
	Address   string
	Namespace string
	queries   *atomic.Int64
}

// Env are the variables with which another program finds the namespace.
func (s Server) Env() []string {
	return []string{"TEMPORAL_ADDRESS=" + s.Address, "TEMPORAL_NAMESPACE=" + s.Namespace}
}

// namespaces is how many tests of one binary can have one. They are made when the server
// starts: a namespace that is registered later takes seconds to be known everywhere.
const namespaces = 80

// startPatience is for a machine that builds on all cores meanwhile.
const startPatience = 60 * time.Second

var shared struct {
	sync.Mutex
	server *testsuite.DevServer
	used   int
}

// sideBySide is how many parallel tests of a binary run at once, however many cores there are: they wait for Temporal, and hardly compute.
const sideBySide = 4

// Main is the body of a TestMain: it runs the tests and stops the server that they shared.
func Main(m *testing.M) int {
	SideBySide(sideBySide)
	code := m.Run()
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		if err := shared.server.Stop(); err != nil && !errors.As(err, new(*exec.ExitError)) {
			fmt.Fprintln(os.Stderr, "the Temporal of the tests did not stop:", err)
		}
	}
	return code
}

// SideBySide sets how many parallel tests run at once, unless -parallel says so. Go's own number is that of the cores, which is for
// tests that compute.
func SideBySide(tests int) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		_ = flag.Set("test.parallel", strconv.Itoa(tests)) // the flag is there in each test binary, and takes a number
	}
}

// Start returns an empty namespace. Without a temporal program the test is skipped, but in CI it fails.
func Start(t testing.TB) Server {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.server == nil {
		program, err := Program()
		if err != nil && os.Getenv("CI") != "true" {
			t.Skip("NOT TESTED: " + err.Error())
		}
		require.NoError(t, err)
		shared.server, err = start(program)
		require.NoError(t, err)
	}
	require.Less(t, shared.used, namespaces, "more tests than namespaces: raise temporaltest.namespaces")
	shared.used++
	s := Server{Address: shared.server.FrontendHostPort(), Namespace: name(shared.used), queries: new(atomic.Int64)}
	var err error
	s.Client, err = client.Dial(client.Options{HostPort: s.Address, Namespace: s.Namespace, Logger: silent()})
	require.NoError(t, err)
	t.Cleanup(s.Client.Close)
	return s
}

func start(program string) (*testsuite.DevServer, error) {
	var args []string
	for i := range namespaces {
		args = append(args, "--namespace", name(i+1))
	}
	for _, key := range api.SearchAttributes {
		args = append(args, "--search-attribute", key.GetName()+"="+key.GetValueType().String())
	}
	ctx, cancel := context.WithTimeout(context.Background(), startPatience)
	defer cancel()
	return testsuite.StartDevServer(ctx, testsuite.DevServerOptions{
		ExistingPath: program, LogLevel: "never", ExtraArgs: args, ClientOptions: &client.Options{Logger: silent()},
		Stdout: io.Discard, Stderr: os.Stderr,
	})
}

func name(n int) string { return fmt.Sprintf("test-%d", n) }

func silent() sdklog.Logger { return sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }

// Program finds the temporal program: TEMPORAL_CLI, the PATH, or what `make test-e2e` has built.
func Program() (string, error) {
	if program := os.Getenv("TEMPORAL_CLI"); program != "" {
		if _, err := exec.LookPath(program); err != nil {
			return "", fmt.Errorf("TEMPORAL_CLI=%s is no program: %w", program, err)
		}
		return filepath.Abs(program)
	}
	if program, err := exec.LookPath("temporal"); err == nil {
		return program, nil
	}
	if cache, err := os.UserCacheDir(); err == nil {
		// A pattern that is always well formed; a dot before the name is a build that has not ended.
		built, _ := filepath.Glob(filepath.Join(cache, "metalease", "temporal-[0-9]*"))
		if len(built) > 0 {
			return slices.Max(built), nil
		}
	}
	return "", errors.New("there is no temporal program: set TEMPORAL_CLI, or run tools/temporal-cli.sh once, which builds it")
}
