// Command demo shows the whole product on one machine: Temporal with its Web UI,
// both vendors simulated, worker and gateway, and services that live their lives
// in a minute.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"metalease/internal/stack"
	"metalease/internal/version"
)

const usage = `demo shows metalease on one machine: Temporal with its Web UI, a DCImanager panel and
a WHMCS (both simulated), worker and gateway; then four services live their lives.

  make demo    run it, check the result against both vendors, exit 0 or 1
  make dev     start the same set and leave it running until Ctrl-C

Flags:
`

func main() {
	flags := pflag.NewFlagSet("demo", pflag.ContinueOnError)
	dev := flags.Bool("dev", false, "start the set and leave it running")
	keep := flags.Bool("keep", false, "after the demo, leave everything running until Ctrl-C")
	showVersion := flags.Bool("version", false, "print the version and end")
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage, flags.FlagUsages()) }
	switch err := flags.Parse(os.Args[1:]); {
	case errors.Is(err, pflag.ErrHelp):
		return
	case err != nil || flags.NArg() > 0:
		fmt.Fprintf(os.Stderr, "demo: %v %v\nTry demo --help.\n", err, flags.Args())
		os.Exit(2)
	case *showVersion:
		fmt.Print(version.Line("demo"))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *dev, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// quick is the clock of the demo: nothing but configuration is shorter than in
// production.
const quick = `
defaults: {install_timeout: 30s, grace: 72h}
timing: {tick: 250ms, power_timeout: 30s, repeat: 5s, follow_delay: 1s, install_settle: 5s, release_timeout: 30s, retry_cap: 2s, heartbeat: 5s}
log: {format: console, level: info}
`

// run starts the set, shows the demo or waits, and stops everything.
func run(ctx context.Context, dev, keep bool) error {
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	cli := os.Getenv("TEMPORAL_CLI")
	if cli == "" {
		return errors.New("TEMPORAL_CLI is not set: run `make demo` or `make dev`, which find or build the temporal program")
	}
	dir, err := os.MkdirTemp("", "metalease-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	began := time.Now()
	set, err := stack.Start(ctx, stack.Options{
		Root: root, Dir: dir, TemporalCLI: cli, WebUI: true, Config: quick,
		Ports:      stack.Ports{Temporal: 7233, UI: 8233, Gateway: 8080, Panel: 1500, WHMCS: 8085, Shop: 8090},
		PanelFlags: panelFlags(dev), Shop: dev,
		Say: func(format string, args ...any) {
			fmt.Printf("  %5.1fs  %s\n", time.Since(began).Seconds(), fmt.Sprintf(format, args...))
		},
	})
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; everything was stopped")
	}
	if err != nil {
		return err
	}
	defer set.Stop()
	if dev {
		addresses(os.Stdout, set)
		fmt.Printf("\nLogs are in %s until then. Ctrl-C stops everything.\n", dir)
		<-ctx.Done()
		fmt.Println("\nstopping")
		return nil
	}
	fmt.Printf("\nTemporal's Web UI: %s\n", set.UIURL("/namespaces/default/workflows"))
	result := show(ctx, set)
	if errors.Is(result, context.Canceled) {
		return errors.New("interrupted; everything was stopped")
	}
	if keep && result == nil {
		addresses(os.Stdout, set)
		fmt.Println("\nCtrl-C stops everything.")
		<-ctx.Done()
	}
	return result
}

// panelFlags make a small panel for the demo, with two servers of each package,
// and a larger one for dev.
func panelFlags(dev bool) []string {
	if dev {
		return []string{"--servers", "40", "--packages", "E3-16G,E5-64G", "--install-time", "20s", "--power-time", "2s", "--flag-delay", "500ms"}
	}
	return []string{"--servers", "4", "--packages", "E3-16G,E5-64G", "--install-time", "6s", "--power-time", "1s", "--flag-delay", "300ms"}
}

func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	root := filepath.Dir(strings.TrimSpace(string(out)))
	if err != nil || root == "." || root == "/" {
		return "", errors.New("run it inside the repository: it builds the programs from there")
	}
	return root, nil
}

// addresses tells where everything is to be found.
func addresses(out io.Writer, set *stack.Stack) {
	if set.Options.Shop {
		_, _ = fmt.Fprintf(out, "\n  shop              %s      order, pay, and watch it being built", set.ShopURL("/"))
	}
	_, _ = fmt.Fprintf(out, `
  Temporal Web UI   %s
  Temporal          127.0.0.1:%d
  gateway           %s
  panel             %s      state: /_sim/state
  WHMCS             %s      state: /_sim/state

Try:
  curl -s -d '{"package":"E3-16G","ipv4":1}' %s
  export TEMPORAL_ADDRESS=127.0.0.1:%d METALEASE_CONFIG=%s
  go run ./starter list
  go run ./starter status SERVICE --watch
`, set.UIURL("/"), set.Ports.Temporal, set.GatewayURL("/"), set.PanelURL("/dcimgr"), set.WHMCSURL("/includes/api.php"),
		set.WHMCSURL("/_sim/orders"), set.Ports.Temporal, set.ConfigFile())
}
