package panel

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"metalease/activities/edge"
	"metalease/dcim"
)

// serverList gives everybody in this process who wants to see the panel's server
// list the same answer: one request per tick however many services wait
// (docs/dcimanager.md 7.23 tells what the alternative costs). It does nothing while nobody
// asks.
type serverList struct {
	fetch func(context.Context) ([]dcim.Server, error)
	// turn waits until a request may be made; nil waits for nothing.
	turn func(ctx context.Context, do func(context.Context) error) error
	// panel is its name, for errors.
	panel string
	// tick is the least time between the beginnings of two requests.
	tick time.Duration

	// some is fetch with a filter; nil when there is none.
	some func(context.Context, dcim.Where) ([]dcim.Server, error)

	mu    sync.Mutex
	next  *refresh // not begun yet; nil when nobody waits
	last  *refresh // begun last
	whole *refresh // the last one of all servers
	began time.Time
	// rested is when the panel may be asked for all servers again, but by whoever is urgent.
	rested time.Time
	// pressed is when the last list for somebody urgent began.
	pressed time.Time
	// arrived is closed with each list that was read; nil when nobody waits for one.
	arrived chan struct{}
	filters filters

	length length
	absent absent
	// observers see each list before those who have asked for it.
	observers []func(*Listing)
}

// Listing is the list of servers as the panel showed it at one time.
type Listing struct {
	// Began is when it was asked for.
	Began time.Time
	// Servers in the panel's order.
	Servers []dcim.Server
	// Absent are servers that this list lacks though the panel has them, as they were listed
	// last. They count where the question is whether something is there at all.
	Absent []dcim.Server
	byID   map[string]int
	// part is true for one of some servers: it tells nothing of the others.
	part bool
}

// All are the servers that the panel has, those included that this list lacks.
func (l *Listing) All() []dcim.Server {
	if len(l.Absent) == 0 {
		return l.Servers
	}
	return slices.Concat(l.Servers, l.Absent)
}

// Server is a server of the list; the zero one, which is never free, when it is not there.
func (l *Listing) Server(id string) (dcim.Server, bool) {
	i, there := l.byID[id]
	if !there {
		return dcim.Server{}, false
	}
	return l.Servers[i], true
}

// fresh returns a list whose request began after this call. With now the
// request begins at once, else with the next tick.
func (s *serverList) fresh(ctx context.Context, now bool) (*Listing, error) {
	return s.join(ctx, now, func(w *demand) { w.all = true }).wait(ctx)
}

// freshOf is fresh for a list that has to show one server, or all if it does not.
func (s *serverList) freshOf(ctx context.Context, now bool, serverID string) (*Listing, error) {
	listing, err := s.join(ctx, now, func(w *demand) { w.server(serverID) }).wait(ctx)
	if err != nil || !listing.part || listing.has(serverID) {
		return listing, err
	}
	return s.fresh(ctx, true)
}

// cached returns the last list if it began within the age, else a fresh one. It
// serves decisions that a read-back confirms.
func (s *serverList) cached(ctx context.Context, age time.Duration) (*Listing, error) {
	s.mu.Lock()
	last := s.whole
	young := last != nil && time.Since(last.listing.Began) < age
	s.mu.Unlock()
	if !young {
		return s.fresh(ctx, true)
	}
	return last.wait(ctx)
}

// cachedOf is cached for a list that has to show one server.
func (s *serverList) cachedOf(ctx context.Context, age time.Duration, serverID string) (*Listing, error) {
	s.mu.Lock()
	last, whole := s.last, s.whole
	s.mu.Unlock()
	for _, r := range []*refresh{last, whole} {
		if r == nil || time.Since(r.listing.Began) >= age || r == last && r != whole && !r.wanted.asks(serverID) {
			continue
		}
		if listing, err := r.wait(ctx); err != nil || !listing.part || listing.has(serverID) {
			return listing, err
		}
	}
	return s.freshOf(ctx, true, serverID)
}

func (l *Listing) fill(servers []dcim.Server) {
	l.Servers, l.byID = servers, make(map[string]int, len(servers))
	for i, server := range servers {
		l.byID[server.ID] = i
	}
}

func (l *Listing) has(id string) bool { _, there := l.byID[id]; return there }

// fresh returns the server as the panel lists it after this call. Errors: OwnershipLost for
// one that is not there.
func (p *Panel) fresh(ctx context.Context, serverID string) (dcim.Server, error) {
	listing, err := p.Reader.list.freshOf(ctx, true, serverID)
	return p.in(ctx, listing, err, serverID)
}

// cached returns the server from a list that may be a tick old: for decisions
// that are repeated harmlessly or checked again.
func (p *Panel) cached(ctx context.Context, serverID string) (dcim.Server, error) {
	listing, err := p.Reader.list.cachedOf(ctx, p.Reader.list.tick, serverID)
	return p.in(ctx, listing, err, serverID)
}

func (p *Panel) in(ctx context.Context, listing *Listing, err error, serverID string) (dcim.Server, error) {
	if err != nil {
		return dcim.Server{}, err
	}
	server, there := listing.Server(serverID)
	if !there {
		return dcim.Server{}, p.unlisted(ctx, serverID)
	}
	return server, nil
}

// unlisted is the error about a server that the list lacks. Lists are incomplete at times, so
// its record says whether it is gone.
func (p *Panel) unlisted(ctx context.Context, serverID string) error {
	record, err := p.backend.Record(ctx, serverID)
	switch {
	case errors.Is(err, dcim.ErrMissed):
		return edge.NonRetryable(edge.ErrOwnership, "server %s is not on panel %s any more", serverID, p.backend.Name())
	case err != nil:
		return err
	case record.ID != serverID:
		return p.anotherServer(record, serverID)
	}
	return edge.Retryable(edge.ErrPanelUnavailable, "the list of panel %s lacks server %s, which the panel has: it is read again", p.backend.Name(), serverID)
}

// isGone tells whether unlisted has found that the panel has no such server.
func isGone(err error) bool { return edge.TypeOf(err) == edge.ErrOwnership }
