package panel

import (
	"context"
	"errors"
	"slices"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// FindInput asks whether a service already has a server.
type FindInput struct {
	ServiceID int `json:"service_id"`
	// Account is the name under which the customer would own it.
	Account string `json:"account,omitempty"`
	// Thorough reads every record anew and looks at the customer's servers too: for
	// a service that is started a second time.
	Thorough bool `json:"thorough,omitempty"`
}

// FindServer looks for a server with this service's mark among those that the
// API account or the customer's account owns. Errors: ServiceOnTwoServers.
func (p *Panel) FindServer(ctx context.Context, in FindInput) (Found, error) {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return Found{}, err
	}
	owners := []holding.Account{api}
	if in.Thorough && in.Account != "" {
		accounts, err := p.Reader.Accounts(ctx)
		if err != nil {
			return Found{}, err
		}
		owners = append(owners, accounts[in.Account])
	}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return Found{}, err
	}
	p.marks.forgetOthers(listing, api)

	var found Found
	var unread unread
	for _, server := range listing.All() {
		if !ownedByOne(server, owners) {
			continue
		}
		marks, err := p.marksOf(ctx, server.ID, in.Thorough)
		if unread.is(server.ID, err) {
			continue
		}
		if err != nil {
			return Found{}, err
		}
		unread.read++
		for _, mark := range marks {
			if !p.isOf(mark, in.ServiceID) || mark.Is(holding.StateQuarantine) {
				continue
			}
			if found.Server != nil {
				return Found{}, edge.NonRetryable(edge.ErrDuplicatedMark, "servers %s and %s both carry the mark of service %d: clear one in the panel, then retry",
					found.Server.ID, server.ID, in.ServiceID)
			}
			found = Found{Server: serverOf(server), State: mark.State, HandedOver: !api.Owns(server.Owner)}
		}
	}
	found.Unread = unread.servers
	return found, unread.all()
}

func ownedByOne(server dcim.Server, owners []holding.Account) bool {
	return slices.ContainsFunc(owners, func(a holding.Account) bool { return a.Owns(server.Owner) })
}

func serverOf(server dcim.Server) *Server {
	return &Server{ID: server.ID, Label: server.Label, Hostname: server.Hostname, IP: server.IP}
}

// MarkedInput names the service whose servers are looked for.
type MarkedInput struct {
	ServiceID int `json:"service_id"`
}

// MarkedServer is a server that carries a service's mark.
type MarkedServer struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	// Mark as it stands in the notes; or why they cannot be read.
	Mark string `json:"mark"`
}

// MarkedServers lists the servers that carry this service's mark, whatever its state. It
// reads the records of all servers that the API account or the service's own account owns:
// "none" is an answer on which a service may be ended, so a server whose record cannot be read
// is in the list.
func (p *Panel) MarkedServers(ctx context.Context, in MarkedInput) ([]MarkedServer, error) {
	owners, err := p.possibleOwners(ctx, in.ServiceID)
	if err != nil {
		return nil, err
	}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return nil, err
	}
	marked := []MarkedServer{}
	var unread unread
	for _, server := range listing.All() {
		if !ownedByOne(server, owners) {
			continue
		}
		marks, err := p.readMarks(ctx, server.ID)
		if unread.is(server.ID, err) {
			marked = append(marked, MarkedServer{server.ID, server.Label, "its record cannot be read: " + holding.OneLine(err.Error())})
			continue
		}
		if err != nil {
			return nil, err
		}
		unread.read++
		for _, mark := range marks {
			if p.isOf(mark, in.ServiceID) {
				marked = append(marked, MarkedServer{server.ID, server.Label, mark.String()})
			}
		}
	}
	return marked, unread.all()
}

// possibleOwners are the API account and the account under whose name WHMCS has the
// service; a service that WHMCS does not know any more has none.
func (p *Panel) possibleOwners(ctx context.Context, serviceID int) ([]holding.Account, error) {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return nil, err
	}
	service, err := p.WHMCS.Service(ctx, serviceID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return []holding.Account{api}, nil
	}
	if err != nil {
		return nil, err
	}
	accounts, err := p.Reader.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	return []holding.Account{api, accounts[service.Username]}, nil
}
