package config

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	nameForm        = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	fingerprintForm = regexp.MustCompile(`^[0-9a-f]{64}$`)
	buildForm       = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
)

// shortestSecret is the least length of the key of an HMAC that guards the gateway.
const shortestSecret = 16

// shortestTime keeps a loop from running hot; tests and the demo go far below what production wants.
const shortestTime = 10 * time.Millisecond

// checker holds the rules that are used more than once. A key that already has a fault gets no second one.
type checker struct{ *report }

func (c *Config) check(r *report, role Role) {
	rule := checker{r}
	rule.name("installation", c.Installation)
	rule.panels(c.Panels)
	rule.longEnough("defaults.install_timeout", c.Defaults.InstallTimeout)
	rule.between("defaults.install_attempts", float64(c.Defaults.InstallAttempts), 1, 10)
	rule.oneOf("log.", "format", c.Log.Format)
	rule.oneOf("log.", "level", c.Log.Level)

	rule.encryption(c.Temporal.Encryption, role)
	rule.shops(c.Shops, role)
	rule.readKeys(c.Gateway.ReadKeys, c.Shops, role)
	rule.products(c.Products, c.Panels)
	rule.orderTime(c.Products, c.WHMCS.Timeout)
	rule.catalogue(c.Catalogue)
	switch role {
	case ForCheck:
		c.checkWorker(rule)
		rule.gateway(c.Gateway)
	case ForWorker:
		c.checkWorker(rule)
	case ForGateway:
		rule.gateway(c.Gateway)
		if len(c.Shops) > 0 || c.Catalogue.Public { // then it asks WHMCS itself
			rule.whmcs(&c.WHMCS)
		}
	case ForCommandLine, ForConnection, ForCodec: // it speaks to Temporal alone
	}
}

func (c *Config) checkWorker(rule checker) {
	rule.whmcs(&c.WHMCS)
	for i := range c.Panels {
		rule.panelAccess(fmt.Sprintf("panels[%d].", i), &c.Panels[i])
		rule.panelPolicy(fmt.Sprintf("panels[%d].", i), c.Panels[i])
	}
	rule.whmcsServers(c.Panels)
	rule.timing(c.Timing)
	rule.worker(c.Worker)
}

func (c checker) panels(panels []Panel) {
	if len(panels) == 0 {
		c.fault("panels", "names no panel; at least one is needed")
	}
	seen := map[string]int{}
	for i, panel := range panels {
		key := fmt.Sprintf("panels[%d].name", i)
		c.name(key, panel.Name)
		c.oneOf(fmt.Sprintf("panels[%d].", i), "mode", panel.Mode)
		if first, twice := seen[panel.Name]; twice && panel.Name != "" {
			c.fault(key, "%q is already the name of panels[%d]", panel.Name, first)
			continue
		}
		seen[panel.Name] = i
	}
}

func (c checker) panelAccess(at string, panel *Panel) {
	c.address(at+"url", panel.URL, false)
	if panel.PublicURL != "" {
		c.address(at+"public_url", panel.PublicURL, false)
	}
	c.present(at+"user", panel.User)
	c.present(at+"password", panel.Password.Reveal())
	c.trust(at, panel.CA, &panel.Fingerprint)
	c.longEnough(at+"timeout", panel.Timeout)
	c.between(at+"rate", panel.Rate, 0.1, 1000)
	c.between(at+"concurrency", float64(panel.Concurrency), 1, 1000)
	c.between(at+"urgent_share", panel.UrgentShare, 0, 0.9)
}

// panelPolicy checks what metalease may do to the servers of a panel.
func (c checker) panelPolicy(at string, panel Panel) {
	c.between(at+"max_releases_per_hour", float64(panel.MaxReleasesPerHour), 0, 1_000_000)
	c.between(at+"max_blocks_per_hour", float64(panel.MaxBlocksPerHour), 0, 1_000_000)
	c.oneOf(at, "resale", panel.Resale)
	c.longEnough(at+"resale_hold", panel.ResaleHold)
	c.oneOf(at, "wipe", panel.Wipe)
	c.longEnough(at+"reconcile_every", panel.ReconcileEvery)
}

// whmcsServers keeps a WHMCS server entry from standing for two panels: a service could then be found on either.
func (c checker) whmcsServers(panels []Panel) {
	owner := map[string]string{}
	for i, panel := range panels {
		for j, entry := range panel.WHMCSServers {
			key := fmt.Sprintf("panels[%d].whmcs_servers[%d]", i, j)
			c.present(key, entry)
			if other, taken := owner[entry]; taken && entry != "" {
				c.fault(key, "%q is already listed for panel %s", entry, other)
				continue
			}
			owner[entry] = panel.Name
		}
	}
}

func (c checker) whmcs(whmcs *WHMCS) {
	c.address("whmcs.url", whmcs.URL, true)
	if whmcs.PublicURL != "" {
		c.webAddress("whmcs.public_url", whmcs.PublicURL)
	}
	c.present("whmcs.identifier", whmcs.Identifier)
	c.present("whmcs.secret", whmcs.Secret.Reveal())
	c.trust("whmcs.", whmcs.CA, &whmcs.Fingerprint)
	c.longEnough("whmcs.timeout", whmcs.Timeout)
	c.longEnough("whmcs.module_timeout", whmcs.ModuleTimeout)
	c.between("whmcs.rate", whmcs.Rate, 0.1, 1000)
	c.between("whmcs.concurrency", float64(whmcs.Concurrency), 1, 1000)
	c.oneOf("whmcs.", "notify", whmcs.Notify)
	if whmcs.Notify == NotifyTicket {
		c.between("whmcs.ticket_department", float64(whmcs.TicketDept), 1, 1_000_000_000)
	}
	if len(whmcs.Modules) == 0 {
		c.fault("whmcs.modules", "names no server module; at least metalease is needed")
	}
	for i, module := range whmcs.Modules {
		c.present(fmt.Sprintf("whmcs.modules[%d]", i), module)
	}
}

func (c checker) timing(timing Timing) {
	c.longEnough("timing.tick", timing.Tick)
	c.longEnough("timing.power_timeout", timing.PowerTimeout)
	c.longEnough("timing.repeat", timing.Repeat)
	c.longEnough("timing.install_settle", timing.InstallSettle)
	c.longEnough("timing.release_timeout", timing.ReleaseTimeout)
	c.longEnough("timing.retry_cap", timing.RetryCap)
	c.longEnough("timing.heartbeat", timing.Heartbeat)
}

func (c checker) worker(worker Worker) {
	if worker.MetricsListen != "" {
		c.listen("worker.metrics_listen", worker.MetricsListen)
	}
	c.between("worker.build_slots", float64(worker.BuildSlots), 1, 100_000)
	c.between("worker.urgent_slots", float64(worker.UrgentSlots), 1, 100_000)
	c.between("worker.watch_slots", float64(worker.WatchSlots), 1, 100_000)
	if worker.BuildID != "" && !buildForm.MatchString(worker.BuildID) {
		c.fault("worker.build_id", "%q is not the name of a build: up to 64 letters, digits, dots, - and _", worker.BuildID)
	}
	if worker.BuildID != "" && !worker.Versioning {
		c.fault("worker.build_id", "is set without worker.versioning")
	}
}

func (c checker) fault(key, reason string, args ...any) {
	if !slices.ContainsFunc(c.faults, func(known Fault) bool { return known.Key == key }) {
		c.add(key, reason, args...)
	}
}

func (c checker) present(key, value string) {
	if value == "" {
		c.fault(key, "is missing")
	}
}

// IsName tells whether a text can be the name of an installation or a panel.
func IsName(text string) bool { return nameForm.MatchString(text) }

func (c checker) name(key, value string) {
	c.present(key, value)
	if !IsName(value) {
		c.fault(key, "%q is not a name: 1 to 32 of a-z, 0-9 and -", value)
	}
}

// oneOf requires one of the words that a key takes; at is what stands before the key.
func (c checker) oneOf(at, key, value string) {
	if !slices.Contains(words[key], value) {
		c.fault(at+key, "%q is not one of %s", value, strings.Join(words[key], ", "))
	}
}

func (c checker) longEnough(key string, value time.Duration) {
	if value < shortestTime {
		c.fault(key, "%v is too short; the least is %v", value, shortestTime)
	}
}

func (c checker) between(key string, value, least, most float64) {
	if !(value >= least && value <= most) { // written so that not-a-number fails too
		c.fault(key, "%v is out of bounds: %v to %v", value, least, most)
	}
}

// address wants an absolute https URL. Plain http carries the credentials readably, so it is allowed only where nobody
// listens: to this machine, and to a container beside this one.
func (c checker) address(key, value string, plainNearby bool) {
	c.present(key, value)
	address, err := url.Parse(value)
	switch {
	case strings.Contains(value, "@"): // not repeated: what stands before it may be a password
		c.fault(key, "must not hold a user or password; they have their own keys")
	case err != nil || address.Hostname() == "":
		c.fault(key, "%q is not a URL like https://host:port/path", value)
	case address.RawQuery != "" || address.Fragment != "":
		c.fault(key, "%q must end with its path", value)
	case address.Scheme == "https":
	case !plainNearby:
		c.fault(key, "%q is not https", value)
	case address.Scheme != "http" || !nearby(address.Hostname()):
		c.fault(key, "%q is not https (plain http is only for 127.0.0.1 and for a container beside this one)", value)
	}
}

// webAddress wants what a browser opens.
func (c checker) webAddress(key, value string) {
	address, err := url.Parse(value)
	if err != nil || address.Hostname() == "" || address.Scheme != "https" && address.Scheme != "http" || address.RawQuery != "" {
		c.fault(key, "%q is not an address like https://temporal.example.com", value)
	}
}

// nearby says that a host cannot be on the internet: loopback, or a name without a dot, as containers have.
func nearby(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return !strings.Contains(host, ".")
}

func (c checker) listen(key, value string) {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		c.fault(key, "%q is not an address like 127.0.0.1:8080", value)
	}
}

// trust checks what a certificate is verified against, and brings the fingerprint into one form (openssl prints it with colons).
func (c checker) trust(at, ca string, fingerprint *string) {
	if ca != "" && *fingerprint != "" {
		c.fault(at+"fingerprint", "is set beside %sca; use one of the two", at)
	}
	if *fingerprint != "" {
		*fingerprint = strings.ToLower(strings.ReplaceAll(*fingerprint, ":", ""))
		if !fingerprintForm.MatchString(*fingerprint) {
			c.fault(at+"fingerprint", "is not a SHA-256 fingerprint: 64 hex digits, with or without colons")
		}
	}
	if ca == "" {
		return
	}
	switch text, err := os.ReadFile(ca); {
	case err != nil:
		c.fault(at+"ca", "%v", err)
	case !x509.NewCertPool().AppendCertsFromPEM(text):
		c.fault(at+"ca", "%q holds no PEM certificate", ca)
	}
}
