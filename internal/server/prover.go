package server

import (
	"time"

	"go.uber.org/zap"

	"metalease/dcim/dci5"
	"metalease/dcim/profile"
	"metalease/dcim/proving"
	"metalease/internal/config"
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

// contradictions tell staff that a panel is not any more as it was seen.
func contradictions(p config.Panel, logger *zap.Logger) func(fact, was, is string) {
	return func(fact, was, is string) {
		logger.Error("the panel contradicts its profile: run starter panel check "+p.Name,
			zap.String("panel", p.Name), zap.String("profile", p.Profile), zap.String("line", fact), zap.String("profile_says", was), zap.String("panel_shows", is))
	}
}

// WHMCS is the client of the WHMCS of a configuration.
func WHMCS(cfg *config.Config) (*whmcs.Client, error) { return newWHMCS(cfg, nil) }

// Prover asks a panel about itself. It goes by no profile: what is asked is whether one is true.
func Prover(p config.Panel, readOnly bool) (*proving.Prover, error) {
	p.Profile = ""
	client, err := newPanel(p, readOnly, nil, nil)
	if err != nil {
		return nil, err
	}
	return &proving.Prover{Client: client}, nil
}
