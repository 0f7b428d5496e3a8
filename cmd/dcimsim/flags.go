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
	f.DurationVar(&p.PowerTime, "power-time", 2*time.Second, "how long a power command takes")
	f.DurationVar(&p.FlagDelay, "flag-delay", 500*time.Millisecond, "delay before a flag appears or changes")
	f.IntVar(&p.PoolSize, "pool-size", 256, "extra addresses of each family")
	f.StringSliceVar(&p.AddressGroups, "address-groups", []string{"public", "private"}, "address groups that the panel knows")
	f.StringSliceVar(&p.Templates, "templates", nil, "ids of OS templates (default: five of ISPsystem's)")
	f.StringSliceVar(&p.FailInstalls, "fail-installs", nil, "ids of servers whose installs fail")
	f.StringSliceVar(&p.TrafficMissing, "traffic-missing", nil, "ids of servers that traffic reports leave out")
	f.DurationVar(&p.KeyLife, "key-life", 10*time.Minute, "how long a login key works")
	f.IntVar(&p.MinPassword, "min-password", 0, "least length of passwords")

	f.BoolVar(&p.OwnerAsName, "owner-as-name", false, "list owners by name, not by id")
	f.BoolVar(&p.FormOwnerAsName, "form-owner-as-name", false, "show the owner in the server form by name")
	f.BoolVar(&p.EmptyFlags, "empty-flags", false, "leave the text of set flags empty")
	f.BoolVar(&p.DisabledFlagOnly, "disabled-flag-only", false, "do not show a disabled server as blocked too")
	f.BoolVar(&p.DisabledRefusesPowerOn, "disabled-refuses-power-on", false, "a disabled server refuses to be powered on")
	f.BoolVar(&p.DisabledRefusesPowerOff, "disabled-refuses-power-off", false, "a disabled server refuses to be powered off")
	f.BoolVar(&p.DisabledRefusesInstall, "disabled-refuses-install", false, "a disabled server refuses an install")
	f.BoolVar(&p.DisabledLetsCustomers, "disabled-lets-customers", false, "a customer may switch and install a server of his while it is disabled")
	f.BoolVar(&p.InstallWhileInstalling, "install-while-installing", false, "accept an install while another one runs")
	f.BoolVar(&p.TemplateOnAccept, "template-on-accept", false, "show the new template when an install is accepted, not when it is done")
	f.BoolVar(&p.ClearFailureOnAccept, "clear-failure-on-accept", false, "clear operation_failed when an install is accepted, not when it begins")
	f.BoolVar(&p.CancelMeansFailed, "cancel-means-failed", false, "a cancelled operation leaves operation_failed")
	f.BoolVar(&p.CancelNeedsOperation, "cancel-needs-operation", false, "cancelling where nothing runs is refused")
	f.StringVar(&p.Encoding.Name, "encoding", "", "encoding of XML answers, such as windows-1251 (default UTF-8)")
	f.BoolVar(&p.Encoding.Undeclared, "encoding-undeclared", false, "XML answers say UTF-8 whatever their encoding is")
	f.BoolVar(&p.LowerCaseDomains, "lower-case-domains", false, "store host names in lower case")
	f.BoolVar(&p.ReusableKeys, "reusable-keys", false, "a session key logs in more than once")
	f.BoolVar(&p.RoamingSessions, "roaming-sessions", false, "a session works from any address, not only from the one that logged in")
	f.BoolVar(&p.NoCookieCheck, "no-cookie-check", false, "a browser logs in by key without a cookie and without checkcookie=no")
	f.StringVar((*string)(&p.Filter), "filter", "exact", "what a filter of the server list does: exact, contains, ignored or refused")
	f.StringVar((*string)(&p.Console), "console", "session", "answer of ipmiredirect: session, cookie, relative, path, foreign or none")
	f.BoolVar(&p.SwitchNames, "switch-names", false, "show the name of the switch in the form of a connection")
	f.BoolVar(&p.TrafficPlain, "traffic-plain", false, "leave the exact number of bytes out of traffic volumes")
	f.BoolVar(&p.LongIPv6, "long-ipv6", false, "spell IPv6 addresses out in address lists")
	f.DurationVar(&p.DiagnosticsOnRelease, "diagnostics-on-release", 0, "how long diagnostics run on a released server; 0 is none")
	f.IntVar(&p.ErrorStatus, "error-status", 200, "HTTP status of error documents")
	f.StringVar(&p.AuthErrorType, "auth-error-type", "auth", "error type of a refused login")
	f.StringVar(&p.PoolErrorType, "pool-error-type", "limit", "error type of an empty address pool")

	f.BoolVar(&o.version, "version", false, "print the version and end")
	return f
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
