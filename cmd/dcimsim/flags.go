package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/spf13/pflag"

	"metalease/dcim/simulator"
	"metalease/internal/simserver"
)

// options are the flags.
type options struct {
	server simserver.Options
	log    bool
	// version: print the version and end.
	version bool
	panel   simulator.Config
}

const introduction = `dcimsim is a DCImanager 5 panel with simulated servers.

Clients use it as they use a panel: /dcimgr and /manager/dcimgr, any function,
XML or JSON. From this machine, its state is looked at and changed under /_sim/:

  curl  http://127.0.0.1:1500/_sim/state
  curl  http://127.0.0.1:1500/_sim/faults -d '{"function":"server.edit!","effect":"close-after","count":1}'
  curl  http://127.0.0.1:1500/_sim/servers/5 -d '{"hwproblem":true}'
  curl  http://127.0.0.1:1500/_sim/servers/5 -d '{"install":"ISPsystem__Debian-12-x86_64"}'

Usage:
  dcimsim [flags]

Flags:
`

func usage() string { return introduction + flagSet(&options{}).FlagUsages() }

func flagSet(o *options) *pflag.FlagSet {
	f := pflag.NewFlagSet("dcimsim", pflag.ContinueOnError)
	f.SortFlags = false
	f.Usage = func() {} // main prints it
	p := &o.panel

	f.StringVar(&o.server.Listen, "listen", "127.0.0.1:1500", "address to listen on; port 0 takes any")
	f.BoolVar(&o.server.TLS, "tls", false, "serve HTTPS with a self-signed certificate")
	f.StringVar(&o.server.CertOut, "cert-out", "", "write the certificate to this file (its key beside it, as FILE.key), and use it again at the next start")
	f.StringSliceVar(&o.server.Hosts, "host", nil, "further host names of the certificate")
	f.BoolVar(&o.log, "log", false, "write one line for each call to standard error")

	f.IntVar(&p.Servers, "servers", 10, "number of servers")
	f.StringSliceVar(&p.Packages, "packages", []string{"E3-16G"}, "packages that the servers are spread over")
	f.IntVar(&p.SecondPorts, "second-ports", 0, "further switch ports of each server, beside its first one")
	f.StringVar(&p.FleetFile, "fleet", "", "YAML file with users and servers, instead of --servers")
	f.StringVar(&p.User, "user", "whmcsapi", "name of the API account, an administrator")
	f.StringVar(&p.Password, "password", "secret", "password of the API account")
	f.StringVar(&p.StateFile, "state", "", "file that keeps the state; read at the start if it exists")
	f.Int64Var(&p.Seed, "seed", 1, "makes chance repeatable")

	f.DurationVar(&p.InstallTime, "install-time", 20*time.Second, "how long an OS install takes")
	f.IntVar(&p.PoolSize, "pool-size", 256, "extra addresses of each family")
	f.StringSliceVar(&p.AddressGroups, "address-groups", []string{"public", "private"}, "address groups that the panel knows")
	f.StringSliceVar(&p.Templates, "templates", nil, "ids of OS templates (default: five of ISPsystem's)")
	f.StringSliceVar(&p.FailInstalls, "fail-installs", nil, "ids of servers whose installs fail")
	f.StringSliceVar(&p.TrafficMissing, "traffic-missing", nil, "ids of servers that traffic reports leave out")

	for _, s := range simulator.Switches() {
		addSwitch(f, p, s)
	}

	f.BoolVar(&o.version, "version", false, "print the version and end")
	return f
}

// addSwitch is the flag of a switch.
func addSwitch(f *pflag.FlagSet, p *simulator.Config, s simulator.Switch) {
	if s.Default != "" {
		if err := s.Set(p, s.Default); err != nil {
			panic(err) // the table itself is wrong
		}
	}
	switch field := s.Field(p).(type) {
	case *bool:
		f.BoolVar(field, s.Name, *field, s.Usage)
	case *int:
		f.IntVar(field, s.Name, *field, s.Usage)
	case *time.Duration:
		f.DurationVar(field, s.Name, *field, s.Usage)
	case *string:
		f.StringVar(field, s.Name, *field, s.Usage)
	}
}

func parse(args []string) (options, error) {
	var o options
	f := flagSet(&o)
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case o.version && f.NArg() == 0:
		return o, nil
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	case o.server.CertOut != "" && !o.server.TLS:
		return o, errors.New("--cert-out needs --tls")
	case o.panel.FleetFile != "" && f.Changed("servers"):
		return o, errors.New("give --servers or --fleet, not both")
	case o.panel.PoolSize < 0:
		return o, errors.New("--pool-size must not be negative")
	}
	if _, _, err := net.SplitHostPort(o.server.Listen); err != nil {
		return o, fmt.Errorf("--listen %q is not HOST:PORT", o.server.Listen)
	}
	if o.panel.PoolSize == 0 {
		o.panel.PoolSize = -1 // in the configuration, 0 is the default
	}
	if o.log {
		o.panel.Log = os.Stderr
	}
	return o, nil
}
