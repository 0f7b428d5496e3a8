package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.uber.org/zap"

	"metalease/dcim"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/temporalclient"
	"metalease/internal/tlstrust"
	"metalease/whmcs"
)

// State is what a question of [Connect] has come to.
type State string

// The states. Only a fault keeps metalease from its work.
const (
	Works   State = "ok"
	Warning State = "warning"
	Fault   State = "fault"
)

// Finding is one line of what [Connect] has found.
type Finding struct {
	// Part is what was asked: "Temporal", "panel fra1", "WHMCS".
	Part  string `json:"part"`
	What  string `json:"what"`
	State State  `json:"state"`
	// Cure says what mends it; empty where it works.
	Cure string `json:"cure,omitempty"`
}

// farClock is how far clocks may be apart before signatures and times of payment are in danger; the gateway refuses at five minutes.
const farClock = 30 * time.Second

// Connect asks everything that a configuration for [config.ForCheck] names: Temporal, the panels, WHMCS, their clocks, and this
// machine. Nothing is changed anywhere.
func Connect(ctx context.Context, path string, cfg *config.Config) []Finding {
	parts := []func(context.Context) []Finding{
		func(context.Context) []Finding { return machine(path, cfg) },
		func(ctx context.Context) []Finding { return askTemporal(ctx, cfg) },
		func(ctx context.Context) []Finding { return askWHMCS(ctx, cfg) },
	}
	for _, p := range cfg.Panels {
		parts = append(parts, func(ctx context.Context) []Finding { return askPanel(ctx, p) })
	}
	found := make([][]Finding, len(parts))
	var asking sync.WaitGroup
	for i, ask := range parts {
		asking.Go(func() {
			limited, cancel := context.WithTimeout(ctx, 2*checkPatience)
			defer cancel()
			found[i] = ask(limited)
		})
	}
	asking.Wait()
	var all []Finding
	for _, some := range found {
		all = append(all, some...)
	}
	return all
}

// finding turns an error into a fault with its cure; without one it is what works.
func finding(part, works string, err error, cure string) Finding {
	if err == nil {
		return Finding{Part: part, What: works, State: Works}
	}
	return Finding{Part: part, What: err.Error(), State: Fault, Cure: cure}
}

func machine(path string, cfg *config.Config) []Finding {
	const part = "this machine"
	all := []Finding{
		finding(part, "the gateway can listen on "+cfg.Gateway.Listen, checkListen(cfg.Gateway.Listen), "correct gateway.listen"),
	}
	if cfg.Gateway.TLSCert != "" {
		all = append(all, finding(part, "the gateway's certificate is valid", checkCertificate(cfg.Gateway, time.Now()), "renew the certificate, or correct gateway.tls_cert and gateway.tls_key"))
	}
	for _, warning := range config.Warnings(path, cfg) {
		what, mends, _ := strings.Cut(warning, ": chmod")
		if mends != "" {
			mends = "chmod" + mends
		}
		all = append(all, Finding{Part: part, What: what, State: Warning, Cure: mends})
	}
	return all
}

func askTemporal(ctx context.Context, cfg *config.Config) []Finding {
	const part = "Temporal"
	options, err := temporalclient.Options()
	var temporal client.Client
	if err == nil {
		temporal, err = temporalclient.Dial(ctx, zap.NewNop(), "check", cfg.Temporal.Encryption)
	}
	all := []Finding{finding(part, fmt.Sprintf("%s answers, and has the namespace %s", options.HostPort, options.Namespace), err, "see the message")}
	if err != nil {
		return all
	}
	defer temporal.Close()
	err = control.New(temporal, options.Namespace, cfg).Belongs(ctx)
	all = append(all, finding(part, "the namespace is nobody else's", err, "set TEMPORAL_NAMESPACE, installation or temporal.encryption.keys"))
	missing, err := temporalclient.MissingSearchAttributes(ctx, temporal, searchAttributes())
	switch {
	case err != nil:
		return append(all, Finding{part, "the search attributes cannot be listed: " + err.Error(), Warning, "let this account list them, or create them by hand (docs/temporal.md)"})
	case len(missing) > 0:
		return append(all, Finding{part, "search attributes are missing: " + strings.Join(missing, ", "), Warning, "the worker creates them when it starts, if it may"})
	}
	return append(all, Finding{Part: part, What: "the search attributes are there", State: Works})
}

func askWHMCS(ctx context.Context, cfg *config.Config) []Finding {
	const part = "WHMCS"
	asked, err := newWHMCS(cfg, nil)
	var version string
	if err == nil {
		version, err = asked.Version(ctx)
	}
	all := []Finding{finding(part, "version "+version+" takes the credential", err, strings.TrimPrefix(cure(whmcs.KindOf(err)), "; "))}
	all = append(all, clock(ctx, part, cfg.WHMCS.URL, cfg.WHMCS.CA, cfg.WHMCS.Fingerprint)...)
	if err != nil {
		return all
	}
	var refused, unasked []string
	for _, right := range whmcs.Rights() {
		if right.Shops && len(cfg.Shops) == 0 {
			continue
		}
		switch may, err := asked.Allowed(ctx, right); {
		case err != nil:
			unasked = append(unasked, right.Action)
		case !may:
			refused = append(refused, right.Action)
		}
	}
	if len(refused) > 0 {
		all = append(all, Finding{part, "the API role does not allow " + strings.Join(refused, ", "), Fault, "allow them in the API role of the credential (docs/whmcs.md)"})
	} else if len(unasked) == 0 {
		all = append(all, Finding{Part: part, What: "the API role allows what is called", State: Works})
	}
	if len(unasked) > 0 {
		all = append(all, Finding{part, "not answered: " + strings.Join(unasked, ", "), Warning, "ask again when WHMCS answers; starter whmcs check tells more"})
	}
	return all
}

func askPanel(ctx context.Context, p config.Panel) []Finding {
	part := "panel " + p.Name
	asked, err := newPanel(p, true, nil, nil)
	var self dcim.Account
	if err == nil {
		self, err = asked.Self(ctx)
	}
	all := []Finding{finding(part, "takes the login; we are account "+self.Name, err, panelCure(dcim.KindOf(err)))}
	all = append(all, clock(ctx, part, p.URL, p.CA, p.Fingerprint)...)
	if err != nil {
		return all
	}
	servers, err := asked.Servers(ctx)
	all = append(all, finding(part, fmt.Sprintf("lists %d servers", len(servers)), err, "give the account the rights of an administrator of servers"))
	if err == nil && len(servers) == 0 {
		all[len(all)-1] = Finding{part, "lists no server", Warning, "see whether the account may see all servers"}
	}
	if p.Mode == config.ModeObserve {
		all = append(all, Finding{part, "is only observed: nothing is written", Warning, "set mode: manage when metalease is to work on it"})
	}
	return all
}

// panelCure is what mends a refusal of a panel.
func panelCure(kind dcim.Kind) string {
	switch kind {
	case dcim.KindCredentials, dcim.KindAccess:
		return "correct user and password of the panel, and see that the account is an administrator who may sign in from this address"
	case dcim.KindCertificate:
		return "set fingerprint to that of the panel's certificate (openssl x509 -noout -fingerprint -sha256), or ca"
	case dcim.KindUnsupported:
		return "correct the panel's url: it ends with /dcimgr and is DCImanager 5"
	case dcim.KindNotAPanel:
		return "see whether the panel is in maintenance or broken; if not, correct its url: it ends with /dcimgr and is DCImanager 5"
	default: // it did not answer, or not as a panel does
		return "see that this machine reaches the panel's url"
	}
}

// clock compares the clock of a web server with ours. One that does not tell its time, or does not answer, is no finding of its own.
func clock(ctx context.Context, part, address, ca, fingerprint string) []Finding {
	trust, err := tlstrust.Config(ca, fingerprint)
	if err != nil {
		return nil
	}
	asking := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: trust, Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, address, nil)
	if err != nil {
		return nil
	}
	answer, err := asking.Do(req)
	if err != nil {
		return nil
	}
	_ = answer.Body.Close()
	theirs, err := http.ParseTime(answer.Header.Get("Date"))
	if err != nil {
		return []Finding{{Part: part, What: "does not tell its time", State: Works}}
	}
	if off := time.Since(theirs).Round(time.Second); off.Abs() > farClock {
		return []Finding{{part, fmt.Sprintf("its clock is %s off ours", off.Abs()), Fault, "set both clocks (NTP): signatures and times of payment rest on them"}}
	}
	return []Finding{{Part: part, What: "its clock is ours", State: Works}}
}

// Faulty tells whether something does not work.
func Faulty(all []Finding) error {
	n := 0
	for _, f := range all {
		if f.State == Fault {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return errors.New(plural(n))
}

func plural(n int) string {
	if n == 1 {
		return "one thing does not work"
	}
	return fmt.Sprintf("%d things do not work", n)
}
