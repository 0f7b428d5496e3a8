package panel

import (
	"context"
	"errors"
	"slices"

	"metalease/activities/holding"
	"metalease/dcim"
)

// complete tells whether the answer of a filter that counts shows whom it has to show. With the lock.
func (s *serverList) complete(p plan, where dcim.Where, servers []dcim.Server) bool {
	base := s.base()
	if base == nil || len(servers) >= len(base.Servers) { // it filters no more
		s.fails(where)
		return false
	}
	var answer Listing
	answer.fill(servers)
	readable := func(id string) bool {
		server, there := answer.Server(id)
		return there && server.Unreadable == ""
	}
	if where.ID != "" {
		return readable(where.ID)
	}
	for _, server := range base.All() { // one that the whole list lacked is none that may be missing
		if shown, listed := s.shown(base, server.ID); listed {
			server = shown
		}
		must := p.wanted.ids[server.ID] || p.wanted.ownedBy[where.Owner]
		if must && server.Owner == where.Owner && !readable(server.ID) {
			return false
		}
	}
	return true
}

// refusesFilter tells whether an error is the panel's about a filter.
func refusesFilter(err error) bool { return dcim.AboutOne(err) && !errors.Is(err, dcim.ErrNotAPanel) }

// refused notes that the panel has refused a filter.
func (s *serverList) refused(where dcim.Where) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails(where)
}

// fails notes that a filter was of no use. With the lock.
func (s *serverList) fails(where dcim.Where) {
	f := s.filters.of(where)
	f.tries++
	f.refused = f.tries >= mostTries
	f.counts = f.counts && !f.refused
}

// compare decides on the filters that were tried right before a whole list. With the lock.
func (s *serverList) compare(p plan, whole *Listing) {
	s.filters.rows = nil
	for where, servers := range p.tried {
		if f := s.filters.of(where); proves(where, servers, whole) {
			*f = filter{counts: true}
		} else {
			s.fails(where)
		}
	}
}

// proves tells whether the answer of a filter is some of the whole list, the wanted servers and not all, as the whole list
// shows them. Where a filter shows many servers some may have changed before the whole list; a column that it lacks is missing from all.
func proves(where dcim.Where, servers []dcim.Server, whole *Listing) bool {
	var answer Listing
	answer.fill(servers)
	if len(answer.byID) >= len(whole.byID) || where.ID != "" && !answer.has(where.ID) {
		return false
	}
	equal, flagged := 0, false
	for _, server := range servers {
		listed, there := whole.Server(server.ID)
		if !there {
			return false
		}
		if server == listed {
			equal++
			flagged = flagged || hasFlag(server)
		}
	}
	for _, server := range whole.Servers {
		if where.Owner != "" && server.Owner == where.Owner && !answer.has(server.ID) {
			return false
		}
	}
	return flagged && 2*equal > len(servers)
}

// hasFlag tells whether a row shows any of the flags (docs/dcimanager.md 4).
func hasFlag(s dcim.Server) bool {
	return s.Blocked || s.HardwareProblem || s.Diagnostics || s.PowerOn || s.PowerOff || s.PowerError || s.Installing || s.OperationFailed
}

// ownedBy is fresh, at once, for a list that has to show what accounts own, or all. As long as no filter by owner counts
// it is tried with the first account, which is to be one that owns servers; one without any would prove nothing.
func (s *serverList) ownedBy(ctx context.Context, accounts []holding.Account) (*Listing, error) {
	s.mu.Lock()
	texts, counts := s.ownerTexts(accounts), s.filters.byOwner.counts
	s.mu.Unlock()
	if texts == nil {
		return s.fresh(ctx, true)
	}
	return s.join(ctx, true, func(w *demand) {
		if !counts {
			w.all, w.try = true, texts[0]
			return
		}
		for _, text := range texts {
			w.owner(text)
		}
	}).wait(ctx)
}

// ownerTexts are the accounts as the list shows owners: by id or by name, which is not confirmed
// (docs/dcimanager.md U11). Nil when that is not known, or the panel filters by no owner.
func (s *serverList) ownerTexts(accounts []holding.Account) []string {
	base := s.base()
	if base == nil || s.some == nil || s.filters.byOwner.refused {
		return nil
	}
	i := slices.IndexFunc(base.Servers, func(server dcim.Server) bool { return accounts[0].Owns(server.Owner) })
	if i < 0 {
		return nil
	}
	var texts []string
	for _, account := range accounts {
		if base.Servers[i].Owner == accounts[0].ID {
			texts = append(texts, account.ID)
		} else {
			texts = append(texts, account.Name)
		}
	}
	return texts
}
