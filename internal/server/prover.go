package server

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/profile"
	"metalease/dcim/proving"
	"metalease/internal/audit"
	"metalease/internal/config"
	"metalease/internal/logging"
	"metalease/internal/metrics"
	"metalease/whmcs"
)

// newPanel is the client of a panel, with what was seen of it; observe hears of its calls. Both
// functions may be nil.
func newPanel(p config.Panel, readOnly bool, contradicted func(fact, was, is string), observe func(string, error, time.Duration)) (*dci5.Client, error) {
	var seen profile.Profile
	if p.Profile != "" {
		var err error
		if seen, err = profile.Read(p.Profile); err != nil {
			return nil, err
		}
	}
	return dci5.New(dci5.Config{
		Name: p.Name, URL: p.URL, PublicURL: p.PublicURL, User: p.User, Password: p.Password.Reveal(), CAFile: p.CA, Fingerprint: p.Fingerprint,
		Timeout: p.Timeout, Rate: p.Rate, Concurrency: p.Concurrency, UrgentShare: p.UrgentShare,
		ReadOnly: readOnly, Profile: seen, Contradicted: contradicted, Observe: observe,
	})
}

// contradicted keeps in what a panel is not any more as it was seen, for people who ask.
type contradicted struct {
	panel   config.Panel
	calls   *metrics.Calls
	logger  *zap.Logger
	mu      sync.Mutex
	against []dcim.Contradiction
}

func newContradicted(p config.Panel, calls *metrics.Calls, logger *zap.Logger) *contradicted {
	calls.Profiled(p.Name, dci5.Noticed()...)
	return &contradicted{panel: p, calls: calls, logger: logger}
}

// take tells staff of one; the client tells each once.
func (c *contradicted) take(fact, was, is string) {
	p := c.panel
	c.mu.Lock()
	c.against = append(c.against, dcim.Contradiction{Fact: fact, Was: was, Is: is, Since: time.Now().UTC()})
	c.mu.Unlock()
	c.calls.Contradicted(p.Name, fact)
	c.logger.Error("the panel contradicts its profile: run starter panel check "+p.Name,
		zap.String("panel", p.Name), zap.String("profile", p.Profile), zap.String("line", fact), zap.String("profile_says", was), zap.String("panel_shows", is))
}

func (c *contradicted) all() []dcim.Contradiction {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.against)
}

// WHMCS is the client of the WHMCS of a configuration.
func WHMCS(cfg *config.Config) (*whmcs.Client, error) { return newWHMCS(cfg, nil) }

// Prover asks a panel about itself, by reads. It goes by no profile: what is asked is whether one is true.
func Prover(p config.Panel) (*proving.Prover, error) {
	p.Profile = ""
	client, err := newPanel(p, true, nil, nil)
	if err != nil {
		return nil, err
	}
	return &proving.Prover{Client: client}, nil
}

// Driller is a Prover that may change the panel. Each change that it makes or takes back is a line of log.audit_file; without one, of
// the file that is given. The name of that file is returned.
func Driller(cfg *config.Config, p config.Panel, file string) (*proving.Prover, string, error) {
	p.Profile = ""
	client, err := newPanel(p, false, nil, nil)
	if err != nil {
		return nil, "", err
	}
	settings := cfg.Log
	settings.AuditFile = cmp.Or(settings.AuditFile, file)
	lines, err := logging.Audit(settings, zap.NewNop(), cfg.Secrets()...)
	if err != nil {
		return nil, "", fmt.Errorf("what a drill changes is written down, and cannot be: %w", err)
	}
	return &proving.Prover{Client: client, Writes: audit.Backend(client, audit.New(lines))}, settings.AuditFile, nil
}
