package panel

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
	"metalease/whmcs"
)

// FindInput asks which server a service has.
type FindInput struct {
	ServiceID int `json:"service_id"`
	ClientID  int `json:"client_id,omitempty"`
	// Accounts are the names under which its customer may own it.
	Accounts []string `json:"accounts,omitempty"`
	// Thorough reads every record anew: for a service that had a life before.
	Thorough bool `json:"thorough,omitempty"`
	// Remembered is the server that the service had when it last looked. It is found without a mark too.
	Remembered string `json:"remembered,omitempty"`
}

// FindServer looks for a server with this service's mark among those that the API account or an
// account of the customer owns, and tells how the panel shows it. Errors: ServiceOnTwoServers.
func (p *Panel) FindServer(ctx context.Context, in FindInput) (Found, error) {
	s, err := p.newScan(ctx, in)
	if err != nil {
		return Found{}, err
	}
	for _, server := range s.listing.All() {
		account, owned := s.owner(server)
		if !owned {
			continue
		}
		marks, err := p.marksOfOwned(ctx, server, account == s.api, in.Thorough || server.ID == in.Remembered)
		if err == nil && !in.Thorough && slices.ContainsFunc(marks, func(m holding.Mark) bool { return p.isOf(m, in.ServiceID) }) {
			marks, err = p.marksOfOwned(ctx, server, account == s.api, true) // on this one it is decided
		}
		if s.unread.is(server.ID, err) {
			continue
		}
		if err != nil {
			return Found{}, err
		}
		s.unread.read++
		if err := s.weigh(ctx, server, account, marks); err != nil {
			return Found{}, err
		}
	}
	s.found.Unread = s.unread.servers
	if s.found.Server == nil {
		s.found = s.unmarked
		s.found.Unread = s.unread.servers
	}
	if err := s.unread.all(); err != nil || s.found.Server == nil {
		return s.found, err
	}
	return p.described(ctx, in, s.found)
}

// scan goes through the servers that a service may have.
type scan struct {
	p       *Panel
	in      FindInput
	api     holding.Account
	owners  []holding.Account
	listing *Listing
	unread  unread
	// found carries the mark; unmarked is the remembered one, which has lost it.
	found, unmarked Found
}

func (p *Panel) newScan(ctx context.Context, in FindInput) (*scan, error) {
	s := &scan{p: p, in: in}
	var err error
	if s.api, err = p.Reader.APIAccount(ctx); err != nil {
		return nil, err
	}
	s.owners = []holding.Account{s.api}
	if len(in.Accounts) > 0 {
		accounts, err := p.Reader.Accounts(ctx)
		if err != nil {
			return nil, err
		}
		for _, name := range in.Accounts {
			if account, there := accounts[name]; there {
				s.owners = append(s.owners, account)
			}
		}
	}
	if in.Thorough {
		s.listing, err = p.Reader.Fresh(ctx, true)
	} else {
		s.listing, err = p.Reader.list.ownedBy(ctx, s.owners)
	}
	if err != nil {
		return nil, err
	}
	p.marks.forgetOthers(s.listing, s.api)
	return s, nil
}

func (s *scan) owner(server dcim.Server) (holding.Account, bool) {
	i := slices.IndexFunc(s.owners, func(a holding.Account) bool { return a.Owns(server.Owner) })
	if i < 0 {
		return holding.Account{}, false
	}
	return s.owners[i], true
}

// weigh takes a server that carries the service's mark. Errors: ServiceOnTwoServers.
func (s *scan) weigh(ctx context.Context, server dcim.Server, account holding.Account, marks []holding.Mark) error {
	found := Found{Server: serverOf(server), Blocked: server.Blocked, HandedOver: account != s.api, Cleared: hostname.Same(server.Hostname, dcim.FreeHostname)}
	if found.HandedOver {
		found.Account = account
	}
	if server.ID == s.in.Remembered {
		lost, err := s.lost(ctx, server.ID, found.HandedOver, marks)
		if err != nil {
			return err
		}
		if lost {
			s.unmarked = found
		}
	}
	for _, mark := range marks {
		if !s.p.isOf(mark, s.in.ServiceID) || mark.Is(holding.StateQuarantine) {
			continue
		}
		if s.found.Server != nil {
			return edge.NonRetryable(edge.ErrDuplicatedMark, "servers %s and %s both carry the mark of service %d: clear one in the panel, then retry",
				s.found.Server.ID, server.ID, s.in.ServiceID)
		}
		s.found = found
		s.found.State = mark.State
	}
	return nil
}

// lost tells whether a server carries no mark that counts.
func (s *scan) lost(ctx context.Context, serverID string, customers bool, marks []holding.Mark) (bool, error) {
	for _, mark := range marks {
		if s.p.isOf(mark, s.in.ServiceID) {
			return false, nil
		}
		if forged, err := s.p.forged(ctx, mark, serverID, customers); err != nil || !forged {
			return false, err
		}
	}
	return true, nil
}

// described adds what the list does not show: the extra addresses, and whether another client's
// service has its server in the same account.
func (p *Panel) described(ctx context.Context, in FindInput, found Found) (Found, error) {
	if !in.Thorough {
		return found, nil
	}
	have, err := p.backend.Addresses(ctx, found.Server.ID)
	if err != nil {
		return Found{}, err
	}
	found.Server.ExtraIPs = split(have, found.Server.IP).Extra
	if !found.HandedOver || in.ClientID == 0 {
		return found, nil
	}
	other, err := p.sharing(ctx, found.Account.Name, in.ClientID)
	if err != nil || other.ID == 0 {
		return found, err
	}
	found.Shared = fmt.Sprintf("account %q on panel %s holds server %s of this service, which is client %d's in WHMCS, and the server of service %d, which is client %d's",
		found.Account.Name, p.backend.Name(), found.Server.ID, in.ClientID, other.ID, other.ClientID)
	return found, nil
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
