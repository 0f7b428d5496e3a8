// Package panel holds the activities that work on one panel: small methods that may be
// repeated. Every write to a server verifies first that the server is still the service's
// (ownership.go), and no argument or result carries a password. Errors leave as the types of
// package edge: its interceptor gives a client's error one.
package panel

import (
	"context"
	"slices"
	"time"

	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// Panel holds the activities that work on one panel.
type Panel struct {
	Options
	backend dcim.Backend
	marks   markIndex
	// customers are the marks of servers that customers own.
	customers markIndex
	times     installTimes
	products  productIndex
}

// Options configure the activities of one panel.
type Options struct {
	// Reader reads the panel; all who work on one panel share it.
	Reader *Reader
	WHMCS  *whmcs.Client
	// Installation is the name of the WHMCS that we work for, as in the mark.
	Installation string
	// Settle is how long the panel may take to show an operation that it accepted.
	Settle time.Duration
	// ReleaseTimeout is how long each wait of a release may take.
	ReleaseTimeout time.Duration
	// Modules are the WHMCS modules whose services are dedicated servers.
	Modules []string
	// Entries are the names of the WHMCS server entries that mean this panel; none: all.
	Entries []string
	// Brakes are asked before anything is destroyed; nil: nothing stops it.
	Brakes engine.Brakes
	// Messenger carries the questions of Look; nil: it asks nobody.
	Messenger engine.Teller
	// Lives are asked whether a mark of another service is true; nil: every mark counts.
	Lives engine.Lives
	// ReleasesPerHour and BlocksPerHour are how many services may be destroyed in an hour without a person.
	ReleasesPerHour, BlocksPerHour int
	// Resale is what happens to a released server before it is stock again.
	Resale Resale
	// Contradictions tell in what the panel is not any more as its profile says; nil: nobody looks.
	Contradictions func() []dcim.Contradiction
	// ClearDisks has each install clear the disks first; else that is left to the panel's policy.
	ClearDisks bool
}

// New returns the activities of one panel; it contacts nobody.
func New(o Options) *Panel {
	p := &Panel{Options: o, backend: o.Reader.Backend}
	o.Reader.list.observers = append(o.Reader.list.observers, p.marks.look)
	return p
}

func (p *Panel) mark(service int, state string) holding.Mark {
	return holding.Mark{Installation: p.Installation, ServiceID: service, State: state}
}

// permit asks the panel's brakes for a service. A panel without brakes has none to ask.
func (p *Panel) permit(ctx context.Context, t Target, kind engine.Destruction) error {
	if p.Brakes == nil {
		return nil
	}
	limit := p.ReleasesPerHour
	if kind == engine.DestroyBlock {
		limit = p.BlocksPerHour
	}
	return p.Brakes.Permit(ctx, p.backend.Name(), engine.Permit{Kind: kind, ServiceID: t.ServiceID, Limit: limit, Approved: t.Approved})
}

// isOurs tells whether a WHMCS service is a dedicated server on this panel.
func (p *Panel) isOurs(service whmcs.Service, modules map[int]string) bool {
	if !slices.Contains(p.Modules, modules[service.ProductID]) {
		return false
	}
	return len(p.Entries) == 0 || service.ServerID == 0 || slices.Contains(p.Entries, service.ServerName)
}
