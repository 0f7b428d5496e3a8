// Command whmcssim is a WHMCS with state, for trying and testing.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"metalease/internal/simserver"
	"metalease/internal/version"
	"metalease/whmcs/simulator"
)

const usage = `whmcssim is a WHMCS with state: api.php, a checkout, and the server module, which
calls the gateway as the PHP module does.

  The API       POST http://HOST:PORT/includes/api.php
  Its state     GET  /_sim/state
  An order      POST /_sim/orders          {"package":"E3-16G","ipv4":1}
  A product     POST /_sim/products/{id}    {"stock_control":true,"stock":3}
  A client      POST /_sim/clients/{id}     {"status":"Closed","no_sso":true}
  An invoice    GET  /viewinvoice.php?id=N  in a browser, with a button to pay
  A service     POST /_sim/services/{id}/{overdue|paid|suspend|unsuspend|terminate|cancel|fraud|create}
  A reinstall   POST /_sim/services/{id}/root-password {"password":"..."}, as its customer types one
  Faults        POST /_sim/faults          {"function":"ModuleCreate","effect":"close-after","count":1}

Example:
  whmcssim --gateway http://127.0.0.1:8080 --gateway-secret simulated-gateway-secret

Flags:
`

type settings struct {
	server   simserver.Options
	whmcs    simulator.Config
	products string
	// version: print the version and end.
	version bool
}

func main() {
	var s settings
	flags := flagsOf(&s)
	switch err := flags.Parse(os.Args[1:]); {
	case errors.Is(err, pflag.ErrHelp):
		return
	case err != nil || flags.NArg() > 0:
		fmt.Fprintf(os.Stderr, "whmcssim: %v %v\nTry whmcssim --help.\n", err, flags.Args())
		os.Exit(2)
	case s.version:
		fmt.Print(version.Line("whmcssim"))
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "whmcssim:", err)
		os.Exit(1)
	}
}

func flagsOf(s *settings) *pflag.FlagSet {
	f := pflag.NewFlagSet("whmcssim", pflag.ContinueOnError)
	f.Usage = func() { fmt.Fprint(os.Stderr, usage, f.FlagUsages()) }
	s.server.Name, s.server.Path = "whmcssim", "/includes/api.php"
	f.StringVar(&s.server.Listen, "listen", "127.0.0.1:8085", "address to listen on")
	f.BoolVar(&s.server.TLS, "tls", false, "serve HTTPS with a certificate of its own")
	f.StringVar(&s.server.CertOut, "cert-out", "", "write that certificate to this file (its key beside it), and use it again at the next start")
	f.StringSliceVar(&s.server.Hosts, "host", nil, "further host names of the certificate")
	f.StringVar(&s.whmcs.Identifier, "identifier", "identifier", "API identifier")
	f.StringVar(&s.whmcs.Secret, "secret", "secret", "API secret")
	f.StringVar(&s.whmcs.AccessKey, "access-key", "", "API access key; empty: not asked for")
	f.StringVar(&s.whmcs.Gateway, "gateway", "", "URL of the gateway; empty: the module succeeds without one")
	f.StringVar(&s.whmcs.GatewaySecret, "gateway-secret", "", "secret shared with the gateway")
	f.StringVar(&s.whmcs.GatewayCA, "gateway-ca", "", "PEM file of roots for the gateway's certificate; empty: the system's")
	f.StringVar(&s.whmcs.Installation, "installation", "demo", "name of this WHMCS")
	f.StringVar(&s.whmcs.Panel, "panel", "demo", "panel that the products are for")
	f.StringVar(&s.products, "products", "", "YAML file that lists the products, with the keys id, name, description, module, package, os, recipe, dont_wait, domain, group, panel, install_timeout, install_attempts, grace, start_on, type, pay_type, prices, options, fields, quantity, shelf")
	f.StringVar(&s.whmcs.SystemURL, "system-url", "", "System URL: where browsers reach this WHMCS, sent with each call to the gateway; empty: where the caller did, and none is sent")
	f.StringSliceVar(&s.whmcs.Denied, "deny", nil, "API actions that the role does not allow, such as CreateSsoToken")
	for _, way := range simulator.Switches() {
		addSwitch(f, &s.whmcs, way)
	}
	f.StringVar(&s.whmcs.StateFile, "state", "", "file to keep the state in")
	f.Int64Var(&s.whmcs.Seed, "seed", 1, "seed of passwords and random faults")
	f.BoolVar(&s.version, "version", false, "print the version and end")
	return f
}

// addSwitch is the flag of a switch.
func addSwitch(f *pflag.FlagSet, c *simulator.Config, way simulator.Switch) {
	switch field := way.Field(c).(type) {
	case *bool:
		f.BoolVar(field, way.Name, *field, way.Usage)
	case *int:
		f.IntVar(field, way.Name, *field, way.Usage)
	case *string:
		f.StringVar(field, way.Name, *field, way.Usage)
	}
}

func run(ctx context.Context, s settings) error {
	if s.products != "" {
		text, err := os.ReadFile(s.products)
		if err != nil {
			return err
		}
		if err := yaml.UnmarshalWithOptions(text, &s.whmcs.Products, yaml.Strict()); err != nil {
			return fmt.Errorf("%s: %w", s.products, err)
		}
	}
	return simserver.Run(ctx, s.server, os.Stdout, func() (simserver.Simulator, error) { return simulator.New(s.whmcs) })
}
