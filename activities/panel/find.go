package panel

import (
	"context"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
)

// Sighting is a server of the panel that a person looks for, as it is now.
type Sighting struct {
	Server
	Owner string `json:"owner,omitempty"`
	// Marks as they stand in the notes, those of other installations too.
	Marks []string `json:"marks,omitempty"`
	// ServiceID is the service of our one mark; 0 without.
	ServiceID int `json:"service_id,omitempty"`
}

// sightingLimit bounds the answer: an owner may have many servers.
const sightingLimit = 50

// FindServers looks in the panel's list for a server by id, main address, hostname, label or
// owner. Extra addresses are not in the list.
func (p *Panel) FindServers(ctx context.Context, text string) ([]Sighting, error) {
	found, err := p.findServers(ctx, text)
	return found, edge.Convert(ctx, err)
}

func (p *Panel) findServers(ctx context.Context, text string) ([]Sighting, error) {
	users, err := p.users(ctx)
	if err != nil {
		return nil, err
	}
	round, err := p.List.Fresh(ctx, true)
	if err != nil {
		return nil, err
	}
	found := []Sighting{}
	for _, id := range round.Order {
		server := round.Servers[id]
		if !isCalled(server, text) && !holding.Owned(server.Owner, users[text]) || len(found) == sightingLimit {
			continue
		}
		form, err := p.Client.Form(ctx, id)
		if err != nil {
			return nil, err
		}
		sighting := Sighting{Server: *serverOf(server), Owner: server.Owner}
		marks := holding.ParseMarks(form.Notes())
		for _, mark := range marks {
			sighting.Marks = append(sighting.Marks, mark.String())
		}
		if len(marks) == 1 && marks[0].Installation == p.Installation && !marks[0].Is(holding.StateQuarantine) {
			sighting.ServiceID = marks[0].ServiceID
		}
		found = append(found, sighting)
	}
	return found, nil
}

func isCalled(server dcim.Server, text string) bool {
	if text == "" || text == holding.FreeHostname {
		return false
	}
	return text == server.ID || text == server.Hostname || text == server.Name || text == server.Owner ||
		server.IP != "" && SameIP(server.IP, text)
}
