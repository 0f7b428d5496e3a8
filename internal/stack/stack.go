package stack

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Fixed names of the set. The secrets open simulators only.
const (
	Installation  = "demo"
	Panel         = "demo"
	PanelUser     = "metalease"
	PanelPassword = "simulated-panel"
	Identifier    = "simulated-identifier"
	APISecret     = "simulated-whmcs"
	GatewaySecret = "simulated-gateway-secret"
)

// Options say what the set looks like.
type Options struct {
	// Root is the folder of the module; Dir takes binaries, logs and certificates.
	Root, Dir string
	// TemporalCLI is the temporal program. TemporalAddress, when set, is a server
	// that runs already.
	TemporalCLI, TemporalAddress, Namespace string
	// PanelConfig is more of the panel's entry in the configuration, such as "mode: observe".
	PanelConfig string
	// WHMCSConfig is more of the configuration's part whmcs, such as "timeout: 3s".
	WHMCSConfig string
	// WHMCSAddress, when set, is the host:port of a WHMCS that runs already, with the
	// fixed credential: no simulator is started for it.
	WHMCSAddress string
	// WebUI has Temporal serve its Web UI.
	WebUI bool
	// Ports are preferred ones; 0 takes any.
	Ports Ports
	// PanelFlags and WHMCSFlags are further flags of the simulators, TemporalFlags of Temporal.
	PanelFlags, WHMCSFlags, TemporalFlags []string
	// Polite leaves the limits of the load on the panel at their defaults.
	Polite bool
	// Shop has the example shop sell what the simulated WHMCS has, in front of it.
	Shop bool
	// Config is YAML that is appended to the configuration file: defaults, timing, worker.
	Config string
	// Bin holds programs that Build has made; empty: they are built into Dir.
	Bin string
	// Say reports progress; nil is silent.
	Say func(format string, args ...any)
}

// Ports of the set on 127.0.0.1.
type Ports struct{ Temporal, UI, Gateway, Panel, WHMCS, Shop int }

// Stack is a running set.
type Stack struct {
	Dir     string
	Ports   Ports
	Env     []string
	Options Options

	Temporal, PanelSim, WHMCSSim, Worker, Gateway, Shop *Process
	// more are those of AddWorker and AddGateway.
	more        []*Process
	panelClient *http.Client
}

// Start builds the programs and starts them in order. What was started is
// stopped again when it fails. A context that ends stops the start.
func Start(ctx context.Context, o Options) (*Stack, error) {
	if o.Say == nil {
		o.Say = func(string, ...any) {}
	}
	if o.Namespace == "" {
		o.Namespace = "default"
	}
	s := &Stack{Dir: o.Dir, Options: o}
	if err := s.start(ctx); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context) error {
	if err := s.choosePorts(); err != nil {
		return err
	}
	if err := s.build(ctx); err != nil {
		return err
	}
	steps := []struct {
		what string
		run  func(context.Context) error
	}{
		{"Temporal", s.startTemporal}, {"dcimsim", s.startPanel}, {"whmcssim", s.startWHMCS},
		{"worker", s.startWorker}, {"gateway", s.startGateway}, {"shop", s.startShop},
	}
	if !s.Options.Shop {
		steps = steps[:len(steps)-1]
	}
	for _, step := range steps {
		s.Options.Say("starting %s", step.what)
		if err := step.run(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stack) choosePorts() error {
	for _, p := range []struct {
		name   string
		wished int
		got    *int
	}{
		{"Temporal", s.Options.Ports.Temporal, &s.Ports.Temporal}, {"the Web UI", s.Options.Ports.UI, &s.Ports.UI},
		{"the gateway", s.Options.Ports.Gateway, &s.Ports.Gateway}, {"dcimsim", s.Options.Ports.Panel, &s.Ports.Panel},
		{"whmcssim", s.Options.Ports.WHMCS, &s.Ports.WHMCS}, {"the shop", s.Options.Ports.Shop, &s.Ports.Shop},
	} {
		port, wished, err := Port(p.wished)
		if err != nil {
			return err
		}
		if p.wished != 0 && !wished {
			s.Options.Say("port %d is taken: %s listens on %d", p.wished, p.name, port)
		}
		*p.got = port
	}
	return nil
}

func (s *Stack) startTemporal(ctx context.Context) error {
	if s.Options.TemporalAddress != "" {
		s.Env = s.environment(s.Options.TemporalAddress)
		return nil
	}
	args := []string{"server", "start-dev", "--ip", "127.0.0.1", "--port", fmt.Sprint(s.Ports.Temporal), "--log-level", "error"}
	if s.Options.WebUI {
		args = append(args, "--ui-port", fmt.Sprint(s.Ports.UI))
	} else {
		args = append(args, "--headless")
	}
	args = append(args, s.Options.TemporalFlags...)
	s.Env = s.environment(local(s.Ports.Temporal))
	s.Temporal = NewProcess(s.Dir, "temporal", s.Options.TemporalCLI, os.Environ(), args...)
	return s.up(ctx, s.Temporal, func(ctx context.Context) error { return Healthy(ctx, s.Options.TemporalCLI, local(s.Ports.Temporal)) })
}

// Healthy asks a Temporal server by the temporal program cli; nil: it serves.
func Healthy(ctx context.Context, cli, address string) error {
	out, err := exec.CommandContext(ctx, cli, "operator", "cluster", "health", "--address", address).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s", bytes.TrimSpace(out))
	}
	return nil
}

// environment is what the children get: nothing of the caller's Temporal profile.
func (s *Stack) environment(address string) []string {
	var env []string
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "TEMPORAL_") && !strings.HasPrefix(entry, "METALEASE_") {
			env = append(env, entry)
		}
	}
	return append(env, "TEMPORAL_ADDRESS="+address, "TEMPORAL_NAMESPACE="+s.Options.Namespace,
		"TEMPORAL_CONFIG_FILE="+filepath.Join(s.Dir, "no-profile.toml"), "METALEASE_CONFIG="+s.ConfigFile())
}

func (s *Stack) startPanel(ctx context.Context) error {
	cert := filepath.Join(s.Dir, "dcimsim.pem")
	s.PanelSim = NewProcess(s.Dir, "dcimsim", s.bin("dcimsim"), s.Env, append([]string{
		"--listen", local(s.Ports.Panel), "--tls", "--cert-out", cert, "--user", PanelUser, "--password", PanelPassword,
	}, s.Options.PanelFlags...)...)
	return s.up(ctx, s.PanelSim, func(ctx context.Context) error {
		pem, err := os.ReadFile(cert)
		if err != nil {
			return err
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		s.panelClient = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
		return s.call(ctx, s.panelClient, http.MethodGet, s.PanelURL("/_sim/state"), nil, nil)
	})
}

func (s *Stack) startWHMCS(ctx context.Context) error {
	if s.Options.WHMCSAddress != "" {
		return nil
	}
	s.WHMCSSim = NewProcess(s.Dir, "whmcssim", s.bin("whmcssim"), s.Env, append([]string{
		"--listen", local(s.Ports.WHMCS), "--identifier", Identifier, "--secret", APISecret,
		"--gateway", s.GatewayURL(""), "--gateway-secret", GatewaySecret, "--system-url", s.WHMCSURL("/"), "--installation", Installation, "--panel", Panel,
	}, s.Options.WHMCSFlags...)...)
	return s.up(ctx, s.WHMCSSim, func(ctx context.Context) error {
		return s.call(ctx, http.DefaultClient, http.MethodGet, s.WHMCSURL("/_sim/state"), nil, nil)
	})
}

func (s *Stack) startWorker(ctx context.Context) error {
	if err := os.WriteFile(s.ConfigFile(), []byte(s.config()), 0o600); err != nil {
		return err
	}
	s.Worker = NewProcess(s.Dir, "worker", s.bin("worker"), s.Env)
	return s.AwaitWorker(ctx)
}

// AwaitWorker starts the worker and waits until it is ready.
func (s *Stack) AwaitWorker(ctx context.Context) error { return s.StartWorker(ctx, s.Worker) }

// AnotherWorker starts one more worker beside the first, and waits until it is ready. Its caller stops it.
func (s *Stack) AnotherWorker(ctx context.Context, number int) (stop func(), err error) {
	worker := NewProcess(s.Dir, fmt.Sprintf("worker-%d", number), s.bin("worker"), s.Env)
	return worker.Stop, s.StartWorker(ctx, worker)
}

func (s *Stack) startGateway(ctx context.Context) error {
	s.Gateway = NewProcess(s.Dir, "gateway", s.bin("starter"), s.Env, "serve")
	return s.AwaitGateway(ctx)
}

// AwaitGateway starts the gateway and waits until it is ready.
func (s *Stack) AwaitGateway(ctx context.Context) error {
	return s.StartGateway(ctx, s.Gateway, s.GatewayURL(""))
}

const startPatience = 60 * time.Second

// up starts a process and waits until it is ready.
func (s *Stack) up(ctx context.Context, p *Process, ready func(context.Context) error) error {
	return p.Up(ctx, startPatience, ready)
}

// Stop ends everything, in the order in which nothing complains.
func (s *Stack) Stop() {
	for _, p := range append(s.more, s.Shop, s.Gateway, s.Worker, s.WHMCSSim, s.PanelSim, s.Temporal) {
		if p != nil {
			p.Stop()
		}
	}
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", fmt.Sprint(port)) }
