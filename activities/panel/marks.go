package panel

import (
	"context"
	"slices"
	"sync"
	"time"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
)

// markIndex remembers which marks stand on the servers that the API account
// owns. The server list shows no notes, so each form is read, but at most once
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

// marksOf returns the marks of a server; thorough reads the form in any case.
func (p *Panel) marksOf(ctx context.Context, serverID string, thorough bool) ([]holding.Mark, error) {
	p.marks.mu.Lock()
	known, there := p.marks.known[serverID]
	p.marks.mu.Unlock()
	if there && !thorough && time.Since(known.read) < markAge {
		return known.marks, nil
	}
	form, err := p.Client.Form(ctx, serverID)
	if err != nil {
		return nil, err
	}
	p.remember(serverID, holding.ParseMarks(form.Notes()))
	return holding.ParseMarks(form.Notes()), nil
}

func (p *Panel) remember(serverID string, marks []holding.Mark) {
	p.marks.mu.Lock()
	defer p.marks.mu.Unlock()
	if p.marks.known == nil {
		p.marks.known = map[string]knownMark{}
	}
	p.marks.known[serverID] = knownMark{marks, time.Now()}
}

// forgetOthers drops what is known of servers that the API account does not own
// any more, so that a server's second life never shows its first.
func (p *Panel) forgetOthers(round *Round, api holding.Account) {
	p.marks.mu.Lock()
	defer p.marks.mu.Unlock()
	for id := range p.marks.known {
		if !holding.Owned(round.Servers[id].Owner, api) {
			delete(p.marks.known, id)
		}
	}
}

// FindInput asks whether a service already has a server.
type FindInput struct {
	ServiceID int `json:"service_id"`
	// Account is the name under which the customer would own it.
	Account string `json:"account,omitempty"`
	// Thorough reads every form anew and looks at the customer's servers too: for
	// a service that is started a second time.
	Thorough bool `json:"thorough,omitempty"`
}

// FindServer looks for a server with this service's mark among those that the
// API account or the customer's account owns. Errors: ServiceOnTwoServers.
func (p *Panel) FindServer(ctx context.Context, in FindInput) (Found, error) {
	found, err := p.findServer(ctx, in)
	return found, edge.Convert(ctx, err)
}

func (p *Panel) findServer(ctx context.Context, in FindInput) (Found, error) {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return Found{}, err
	}
	owners := []holding.Account{api}
	if in.Thorough && in.Account != "" {
		users, err := p.users(ctx)
		if err != nil {
			return Found{}, err
		}
		owners = append(owners, users[in.Account])
	}
	round, err := p.List.Fresh(ctx, true)
	if err != nil {
		return Found{}, err
	}
	p.forgetOthers(round, api)

	var found Found
	for _, id := range round.Order {
		server := round.Servers[id]
		if !slices.ContainsFunc(owners, func(a holding.Account) bool { return holding.Owned(server.Owner, a) }) {
			continue
		}
		marks, err := p.marksOf(ctx, id, in.Thorough)
		if err != nil {
			return Found{}, err
		}
		for _, mark := range marks {
			if mark.Installation != p.Installation || mark.ServiceID != in.ServiceID || mark.Is(holding.StateQuarantine) {
				continue
			}
			if found.Server != nil {
				return Found{}, edge.NonRetryable(edge.ErrDuplicatedMark, "servers %s and %s both carry the mark of service %d: clear one in the panel, then retry",
					found.Server.ID, id, in.ServiceID)
			}
			found = Found{Server: serverOf(server), State: mark.State, HandedOver: !holding.Owned(server.Owner, api)}
		}
	}
	return found, nil
}

func serverOf(server dcim.Server) *Server {
	return &Server{ID: server.ID, Label: server.Name, Hostname: server.Hostname, IP: server.IP}
}
