package panel

import (
	"context"
	"slices"
	"sync"
	"time"

	"metalease/activities/holding"
	"metalease/dcim"
)

// markIndex remembers which marks stand on the servers that the API account
// owns. The server list shows no notes, so each record is read, but at most once
// a minute however many orders ask.
type markIndex struct {
	mu    sync.Mutex
	known map[string]knownMark
}

type knownMark struct {
	marks []holding.Mark
	read  time.Time
}

const markAge = time.Minute

// of lists the servers that were last seen under a service's mark.
func (m *markIndex) of(installation string, service int) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []string
	for id, known := range m.known {
		if slices.ContainsFunc(known.marks, func(k holding.Mark) bool { return k.Installation == installation && k.ServiceID == service }) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// young returns what is known of a server, if it is not too old.
func (m *markIndex) young(serverID string) ([]holding.Mark, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	known, there := m.known[serverID]
	return known.marks, there && time.Since(known.read) < markAge
}

func (m *markIndex) remember(serverID string, marks []holding.Mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[string]knownMark{}
	}
	m.known[serverID] = knownMark{marks, time.Now()}
}

// forgetOthers drops what is known of servers that the API account does not own
// any more, so that a server's second life never shows its first.
func (m *markIndex) forgetOthers(listing *Listing, api holding.Account) {
	m.mu.Lock()
	defer m.mu.Unlock()
	owned := map[string]bool{}
	for _, server := range listing.All() {
		owned[server.ID] = api.Owns(server.Owner)
	}
	for id := range m.known {
		if !owned[id] {
			delete(m.known, id)
		}
	}
}

// marksOf returns the marks of a server; thorough reads the record in any case.
func (p *Panel) marksOf(ctx context.Context, serverID string, thorough bool) ([]holding.Mark, error) {
	if marks, young := p.marks.young(serverID); young && !thorough {
		return marks, nil
	}
	marks, err := p.readMarks(ctx, serverID)
	if err == nil {
		p.marks.remember(serverID, marks)
	}
	return marks, err
}

// marksOfOwned is marksOf for a server that the API account or a customer owns. A customer's has an
// index of its own, by owner too: its next life never shows this one.
func (p *Panel) marksOfOwned(ctx context.Context, server dcim.Server, ours, thorough bool) ([]holding.Mark, error) {
	if ours {
		return p.marksOf(ctx, server.ID, thorough)
	}
	key := server.ID + " " + server.Owner
	if marks, young := p.customers.young(key); young && !thorough {
		return marks, nil
	}
	marks, err := p.readMarks(ctx, server.ID)
	if err == nil {
		p.customers.remember(key, marks)
	}
	return marks, err
}

// readMarks reads the marks of any server, and remembers nothing: the index is about those
// that the API account owns.
func (p *Panel) readMarks(ctx context.Context, serverID string) ([]holding.Mark, error) {
	record, err := p.backend.Record(ctx, serverID)
	if err != nil {
		return nil, err
	}
	return holding.ParseMarks(record.Notes), nil
}
