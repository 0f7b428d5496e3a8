package panel

import (
	"context"

	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
)

// Sighting is a server of the panel that a person looks for, as it is now.
type Sighting struct {
	Server
	Owner string `json:"owner,omitempty"`
	// Marks as they stand in the notes, those of other installations too.
	Marks []string `json:"marks,omitempty"`
	// ServiceID is the service of our one mark; 0 without.
	ServiceID int `json:"service_id,omitempty"`
	// Unread is why its record cannot be read; empty when it was.
	Unread string `json:"unread,omitempty"`
}

// sightingLimit bounds the answer: an owner may have many servers.
const sightingLimit = 50

// FindServers looks in the panel's list for a server by id, main address, hostname, label or
// owner. Extra addresses are not in the list.
func (p *Panel) FindServers(ctx context.Context, text string) ([]Sighting, error) {
	accounts, err := p.Reader.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return nil, err
	}
	found := []Sighting{}
	var unread unread
	for _, server := range listing.All() {
		if !isCalled(server, text) && !accounts[text].Owns(server.Owner) || len(found) == sightingLimit {
			continue
		}
		sighting := Sighting{Server: *serverOf(server), Owner: server.Owner}
		marks, err := p.readMarks(ctx, server.ID)
		if unread.is(server.ID, err) {
			sighting.Unread = holding.OneLine(err.Error())
		} else if err != nil {
			return nil, err
		} else {
			unread.read++
		}
		for _, mark := range marks {
			if mark.Installation != p.Installation {
				sighting.Marks = append(sighting.Marks, "marked for "+mark.Holder())
				continue
			}
			sighting.Marks = append(sighting.Marks, mark.String())
		}
		if len(marks) == 1 && marks[0].Installation == p.Installation && !marks[0].Is(holding.StateQuarantine) {
			sighting.ServiceID = marks[0].ServiceID
		}
		found = append(found, sighting)
	}
	return found, unread.all()
}

func isCalled(server dcim.Server, text string) bool {
	if text == "" || hostname.Same(text, dcim.FreeHostname) {
		return false
	}
	return text == server.ID || hostname.Same(text, server.Hostname) || text == server.Label || text == server.Owner ||
		server.IP != "" && sameIP(server.IP, text)
}
