package panel

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
)

// markIndex remembers which marks stand on servers that somebody owns. The server list shows no
// notes, so the record is read. What was read holds as long as the lists go on to show the server
// as it was: whoever gets it after another is given it by nobody and under another name
// (docs/architecture.md, rule 8), which a list shows in between. The index decides nothing: what it
// finds is read again, and a claim reads the record in any case.
type markIndex struct {
	mu    sync.Mutex
	known map[string]knownMark
	// reading are the servers whose record is being read now.
	reading map[string]*reading
}

// reading is one read of a record: done is closed when it has ended, with err.
type reading struct {
	done chan struct{}
	err  error
}

type knownMark struct {
	marks []holding.Mark
	read  time.Time
	// seen is the last list that showed the server as it was, with this owner and name; both are
	// empty until the first one.
	seen            time.Time
	owner, hostname string
	// stale is set once a list has contradicted it, or none has confirmed it for too long.
	stale bool
}

const (
	// markAge is how long the marks of a server are believed that no list has shown since: it may
	// have gone from hand to hand unseen.
	markAge = time.Minute
	// longestMarkAge is how long they are believed in any case: staff may edit notes.
	longestMarkAge = 10 * time.Minute
	// quarantineAge is that of a server in quarantine: nothing but a person takes it out, and gives it
	// to nobody, which a list shows. There are many, for long, and they are no order's cost.
	quarantineAge = 6 * time.Hour
)

// InQuarantine tells whether marks are those of a server in quarantine.
func InQuarantine(marks []holding.Mark) bool {
	return len(marks) == 1 && marks[0].Is(holding.StateQuarantine)
}

func (k knownMark) oldest() time.Duration {
	if InQuarantine(k.marks) {
		return quarantineAge
	}
	return longestMarkAge
}

// rests tells whether a server that is shown as it was has not gone from hand to hand, though no list
// was read for long: whoever gets it gives it another name. In quarantine it has the name of before,
// which may be that of a free one, and nobody is given it.
func (k knownMark) rests() bool {
	return k.owner != "" && (InQuarantine(k.marks) || !hostname.Same(k.hostname, dcim.FreeHostname))
}

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
	return known.marks, there && !known.stale && time.Since(known.seen) < markAge && time.Since(known.read) < known.oldest()
}

func (m *markIndex) remember(serverID string, marks []holding.Mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[string]knownMark{}
	}
	m.known[serverID] = knownMark{marks: marks, read: time.Now(), seen: time.Now()}
}

// look compares what is known with a list. What the list contradicts, or may have changed since the
// one before, is read again before it counts.
func (m *markIndex) look(listing *Listing) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, known := range m.known {
		server, there := listing.Server(id)
		switch {
		case !there, !listing.Began.After(known.seen):
			continue // a list may lack servers, and one that began before knows nothing newer
		case listing.Began.Sub(known.seen) >= markAge && !known.rests(),
			known.owner != "" && (known.owner != server.Owner || known.hostname != server.Hostname):
			known.stale = true
		}
		known.seen, known.owner, known.hostname = listing.Began, server.Owner, server.Hostname
		m.known[id] = known
	}
}

// turn waits while somebody else reads the marks of a server: many orders that come at once read
// each of them once. What one could not read, those who waited for it do not wait for in turn.
// Errors: those of the read that was waited for, and of the context.
func (m *markIndex) turn(ctx context.Context, serverID string) (done func(error), err error) {
	for {
		m.mu.Lock()
		running, busy := m.reading[serverID]
		if !busy {
			mine := &reading{done: make(chan struct{})}
			if m.reading == nil {
				m.reading = map[string]*reading{}
			}
			m.reading[serverID] = mine
			m.mu.Unlock()
			return func(err error) {
				m.mu.Lock()
				defer m.mu.Unlock()
				delete(m.reading, serverID)
				mine.err = err
				close(mine.done)
			}, nil
		}
		m.mu.Unlock()
		select {
		case <-running.done:
			if running.err != nil && !errors.Is(running.err, context.Canceled) { // who gave up says nothing of the server
				return nil, running.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
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
	for id, known := range m.known {
		if !owned[id] && listing.Began.After(known.read) { // one that began before knows nothing newer
			delete(m.known, id)
		}
	}
}

// marksOf returns the marks of a server; thorough reads the record in any case.
func (p *Panel) marksOf(ctx context.Context, serverID string, thorough bool) (marks []holding.Mark, err error) {
	if !thorough {
		var done func(error)
		if done, err = p.marks.turn(ctx, serverID); err != nil {
			return nil, err
		}
		defer func() { done(err) }()
		if marks, young := p.marks.young(serverID); young {
			return marks, nil
		}
	}
	marks, err = p.readMarks(ctx, serverID)
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
