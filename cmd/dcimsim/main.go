// Command dcimsim is a DCImanager 5 panel with state, for trying and testing.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/pflag"

	"metalease/dcim/simulator"
	"metalease/internal/simserver"
)

const usage = `dcimsim is a DCImanager 5 panel with state: servers, users, addresses, flags that
change after a while, and a list of what its callers did wrong.

  The panel             https://HOST:PORT/dcimgr (and /manager/dcimgr), GET and POST
  Its state             GET  /_sim/state
  Faults                POST /_sim/faults  {"function":"server.poweron","effect":"close-after","count":1}
  A person in the panel POST /_sim/servers/5  {"owner":"cust42"}

Example:
  dcimsim --tls --cert-out panel.pem --servers 20 --packages E3-16G,E5-64G --install-time 30s

Flags:
`

type settings struct {
	server simserver.Options
	panel  simulator.Config
	fleet  string
	fails  []string
}

func main() {
	var s settings
	flags := flagsOf(&s)
	switch err := flags.Parse(os.Args[1:]); {
	case errors.Is(err, pflag.ErrHelp):
		return
	case err != nil || flags.NArg() > 0:
		fmt.Fprintf(os.Stderr, "dcimsim: %v %v\nTry dcimsim --help.\n", err, flags.Args())
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "dcimsim:", err)
		os.Exit(1)
	}
}

func flagsOf(s *settings) *pflag.FlagSet {
	f := pflag.NewFlagSet("dcimsim", pflag.ContinueOnError)
	f.Usage = func() { fmt.Fprint(os.Stderr, usage, f.FlagUsages()) }
	s.server.Name, s.server.Path = "dcimsim", "/dcimgr"
	f.StringVar(&s.server.Listen, "listen", "127.0.0.1:1500", "address to listen on")
	f.BoolVar(&s.server.TLS, "tls", false, "serve HTTPS with a certificate of its own")
	f.StringVar(&s.server.CertOut, "cert-out", "", "write that certificate to this file")
	f.BoolVar(&s.server.Log, "log", false, "print a line a request")

	p := &s.panel
	f.IntVar(&p.Servers, "servers", 10, "number of servers")
	f.StringSliceVar(&p.Packages, "packages", []string{"E3-16G", "E5-64G"}, "packages that the servers are dealt over")
	f.StringVar(&s.fleet, "fleet", "", "YAML file that lists the servers one by one")
	f.StringVar(&p.User, "user", "whmcsapi", "name of the API account")
	f.StringVar(&p.Password, "password", "secret", "its password")
	f.DurationVar(&p.InstallTime, "install-time", 20*time.Second, "how long an OS install takes")
	f.DurationVar(&p.PowerTime, "power-time", 2*time.Second, "how long switching power takes")
	f.DurationVar(&p.FlagDelay, "flag-delay", time.Second, "how long the panel takes to show a flag")
	f.IntVar(&p.PoolSize, "pool-size", 256, "extra addresses of each family")
	f.Int64Var(&p.Seed, "seed", 1, "seed of random faults")
	f.StringVar(&p.StateFile, "state", "", "file to keep the state in")
	f.IntVar(&p.MinPassword, "min-password", 8, "shortest password")
	f.StringSliceVar(&s.fails, "fail-installs", nil, "ids of servers whose first install fails")

	u := &p.Unconfirmed
	f.BoolVar(&u.OwnerAsName, "owner-as-name", false, "list owners by name, not by id")
	f.BoolVar(&u.DisabledRefusesPowerOff, "disabled-refuses-power-off", false, "a blocked server refuses power off")
	f.BoolVar(&u.DisabledRefusesPowerOn, "disabled-refuses-power-on", false, "a blocked server refuses power on")
	f.BoolVar(&u.DisabledRefusesInstall, "disabled-refuses-install", false, "a blocked server refuses an install")
	f.BoolVar(&u.OneBlockFlag, "one-block-flag", false, "show disabled only, not blocked too")
	f.StringVar(&u.FlagText, "flag-text", "on", "text inside a set flag")
	f.DurationVar(&u.Diagnostics, "diagnostics", 0, "how long diagnostics run on a freed server; 0: none")
	f.BoolVar(&u.ReusableKeys, "reusable-keys", false, "session keys open more than one session")
	f.IntVar(&u.ErrorStatus, "error-status", 200, "HTTP status of error documents")
	f.BoolVar(&u.TemplateAtStart, "template-at-start", false, "show the new template when an install starts")
	f.BoolVar(&u.InstallWhileInstalling, "install-while-installing", false, "accept a second install while one runs")
	f.BoolVar(&u.NoOwnerInForm, "no-owner-in-form", false, `show "no_owner" in the form of a free server`)
	return f
}

func run(ctx context.Context, s settings) error {
	if s.fleet != "" {
		text, err := os.ReadFile(s.fleet)
		if err != nil {
			return err
		}
		if err := yaml.UnmarshalWithOptions(text, &s.panel.Fleet, yaml.Strict()); err != nil {
			return fmt.Errorf("%s: %w", s.fleet, err)
		}
	}
	panel, err := simulator.New(s.panel)
	if err != nil {
		return err
	}
	for _, id := range s.fails {
		if err := panel.FailInstalls(id, 1); err != nil {
			return err
		}
	}
	s.server.Every = panel.Save
	err = simserver.Run(ctx, s.server, panel)
	return errors.Join(err, panel.Close())
}
