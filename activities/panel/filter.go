package panel

import (
	"context"
	"maps"
	"slices"

	"metalease/activities/holding"
	"metalease/dcim"
)

// Who wants one server needs not read all of them, where the panel's list can be filtered. Whether
// it can, and what the filter means, is not confirmed (docs/dcimanager.md U7). So each filter is
// tried before it counts: its rows have to be some of the whole list's, not all of them, and equal
// to the whole list's in every field. The whole list is read right after a try, so that a filter that
// stays would show. What a filtered list lacks is never gone: then the whole one is read.

// requestRows is what a request costs beside its rows, in rows: panels answer one in some tens of
// milliseconds however little it asks, and it is requests that a limit counts.
const requestRows = 50

// requestsAtOnce is how many servers are asked for at a time.
const requestsAtOnce = 4

// mostTries is how often a filter is tried that shows servers otherwise than the whole list does: they
// may have changed in between.
const mostTries = 3

// demand is who has to be in a list: all servers, those with these ids, and all that these owners have.
type demand struct {
	all          bool
	ids, ownedBy map[string]bool
	// try is an owner of whom the list is asked first, so that the filter may count from then on; empty tries nothing.
	try string
}

func (w *demand) server(id string) { w.ids = with(w.ids, id) }

func (w *demand) owner(text string) { w.ownedBy = with(w.ownedBy, text) }

func (w *demand) asks(id string) bool { return w.all || w.ids[id] }

func with(set map[string]bool, text string) map[string]bool {
	if set == nil {
		set = map[string]bool{}
	}
	set[text] = true
	return set
}

// plan is the requests that show who is wanted; none means the whole list.
type plan struct {
	wanted *demand
	wheres []dcim.Where
	// tried are the answers of filters that do not count yet.
	tried map[dcim.Where][]dcim.Server
}

func (p plan) whole() bool { return len(p.wheres) == 0 }

// filters are what is known of the panel's filters.
type filters struct {
	byID, byOwner filter
	// rows are servers as they were shown since the last whole list, with the owners that were saved since.
	rows map[string]dcim.Server
	// idRows is how many rows an answer about one id had.
	idRows int
}

type filter struct {
	counts, refused bool
	tries           int
}

func (f *filters) of(where dcim.Where) *filter {
	if where.ID != "" {
		return &f.byID
	}
	return &f.byOwner
}

// plan chooses what costs least in rows: each server alone, those of its owner, or the whole list.
func (s *serverList) plan(w *demand) plan {
	base, f := s.base(), &s.filters
	switch {
	case base == nil || s.some == nil:
		return plan{}
	case w.try != "" && !f.byOwner.counts && !f.byOwner.refused:
		return plan{wanted: w, wheres: []dcim.Where{{Owner: w.try}}, tried: map[dcim.Where][]dcim.Server{}}
	case w.all:
		return plan{}
	}
	owners, alone := maps.Clone(w.ownedBy), map[string][]string{}
	if len(owners) > 0 && !f.byOwner.counts { // what it lacks would be taken for gone
		return plan{}
	}
	for id := range w.ids {
		server, there := s.shown(base, id)
		if !there || server.Unreadable != "" {
			return plan{}
		}
		alone[server.Owner] = append(alone[server.Owner], id)
	}
	p, cost := plan{wanted: w, tried: map[dcim.Where][]dcim.Server{}}, 0
	for _, owner := range slices.Sorted(maps.Keys(alone)) {
		ids := alone[owner]
		singly := len(ids) * (requestRows + max(f.idRows, 1))
		switch {
		case owners[owner]:
		case owner != "" && !f.byOwner.refused && (f.byID.refused || requestRows+s.owned(base, owner) < singly):
			owners = with(owners, owner)
		case f.byID.refused:
			return plan{}
		default:
			cost += singly
			for _, id := range slices.Sorted(slices.Values(ids)) {
				p.wheres = append(p.wheres, dcim.Where{ID: id})
			}
		}
	}
	for _, owner := range slices.Sorted(maps.Keys(owners)) {
		cost += requestRows + s.owned(base, owner)
		p.wheres = append(p.wheres, dcim.Where{Owner: owner})
	}
	if cost >= requestRows+len(base.Servers) {
		return plan{}
	}
	return p
}

// base is the last whole list; nil when there is none to compare with.
func (s *serverList) base() *Listing {
	if s.whole == nil || !s.whole.read() {
		return nil
	}
	return &s.whole.listing
}

// shown is a server as it was shown last.
func (s *serverList) shown(base *Listing, id string) (dcim.Server, bool) {
	if server, there := s.filters.rows[id]; there {
		return server, true
	}
	return base.Server(id)
}

// owned counts the servers of an owner, as they were shown last.
func (s *serverList) owned(base *Listing, owner string) int {
	count := 0
	for _, server := range base.Servers {
		if server, _ = s.shown(base, server.ID); server.Owner == owner {
			count++
		}
	}
	return count
}

// readSome reads what the plan says. It returns false where the whole list has to be read: for a
// filter that is tried, or that the panel refuses, and where somebody is missing.
func (s *serverList) readSome(ctx context.Context, r *refresh, p plan, first firstAnswer) bool {
	answers, err := s.askRest(ctx, p, first)
	if r.err = err; err != nil {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []dcim.Server
	whole := p.wanted.all
	seen := map[string]bool{}
	for _, where := range p.wheres {
		servers, answered := answers[where]
		if answered && !s.filters.of(where).counts {
			p.tried[where] = servers
			answered = false
		}
		if !answered { // the other tries are kept
			whole = true
			continue
		}
		if !s.complete(p, where, servers) {
			return false
		}
		if where.ID != "" {
			s.filters.idRows = len(servers)
		}
		for _, server := range servers {
			if !seen[server.ID] {
				seen[server.ID] = true
				all = append(all, server)
			}
		}
	}
	if whole {
		return false
	}
	r.listing.part = true
	r.listing.fill(all)
	for _, server := range all {
		s.filters.show(server)
	}
	return true
}

func (f *filters) show(server dcim.Server) {
	if f.rows == nil {
		f.rows = map[string]dcim.Server{}
	}
	f.rows[server.ID] = server
}

// saved notes a save that has made a server the API account's, or has taken it from that, so that the next list asks for
// it where it is. What the list calls another owner is not known: then the server is asked for alone.
func (s *serverList) saved(id string, change dcim.Change, api holding.Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	base := s.base()
	if base == nil || s.some == nil {
		return
	}
	server, there := s.shown(base, id)
	owner, _ := change.Owner()
	if is := api.ID != "" && owner == api.ID; !there || is == api.Owns(server.Owner) {
		return
	}
	texts := s.ownerTexts([]holding.Account{api})
	switch {
	case owner != api.ID:
		server.Owner = ""
	case texts != nil:
		server.Owner = texts[0]
	default:
		return
	}
	s.filters.show(server)
}
