package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	nameForm        = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)
	fingerprintForm = regexp.MustCompile(`^[0-9a-f]{64}$`)
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
	rule.distinct(c.Gateway, c.Shops)
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
	case ForPanel:
		rule.access(c.Panels)
	case ForWHMCS:
		rule.whmcs(&c.WHMCS)
	case ForCommandLine, ForConnection, ForCodec: // it speaks to Temporal alone
	}
}

func (c *Config) checkWorker(rule checker) {
	rule.whmcs(&c.WHMCS)
	rule.access(c.Panels)
	for i := range c.Panels {
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
