package panel

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// Adoption is what taking over one service from ISPsystem's module would mean, or why it
// cannot be done.
type Adoption struct {
	ServiceID int             `json:"service_id"`
	ClientID  int             `json:"client_id"`
	OrderID   int             `json:"order_id,omitempty"`
	Server    Server          `json:"server,omitzero"`
	Package   string          `json:"package,omitempty"`
	Account   holding.Account `json:"account,omitzero"`
	// Status and Reason are those of WHMCS.
	Status string `json:"status,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Blocked is what the panel shows.
	Blocked bool `json:"blocked,omitempty"`
	// Marked is true when the server carries this service's mark already.
	Marked bool `json:"marked,omitempty"`
	// Problem is why nothing can be done; empty for none.
	Problem string `json:"problem,omitempty"`
}

// AdoptionQuestion names services, or a product. Records, when there are any, are used
// instead of those of WHMCS's table.
type AdoptionQuestion struct {
	Services []int                   `json:"services,omitempty"`
	Product  int                     `json:"product,omitempty"`
	Records  []whmcs.IspsystemRecord `json:"records,omitempty"`
	// After is the last service of the answer before.
	After int `json:"after,omitempty"`
}

// AdoptionAnswer is one page of adoptions, by service id.
type AdoptionAnswer struct {
	Adoptions []Adoption `json:"adoptions"`
	// Total counts the services of all pages.
	Total int  `json:"total"`
	More  bool `json:"more,omitempty"`
}

// adoptionPage bounds an answer, and the forms that are read for one.
const adoptionPage = 50

// Adoptions tells what an adoption would do. It writes nothing.
func (p *Panel) Adoptions(ctx context.Context, q AdoptionQuestion) (AdoptionAnswer, error) {
	records := q.Records
	if len(records) == 0 {
		var err error
		if records, err = p.WHMCS.IspsystemRecords(ctx, q.Services, q.Product); err != nil {
			return AdoptionAnswer{}, err
		}
	}
	for _, id := range q.Services { // one that the table does not have may still carry our mark
		if !slices.ContainsFunc(records, func(r whmcs.IspsystemRecord) bool { return r.ServiceID == id }) {
			records = append(records, whmcs.IspsystemRecord{ServiceID: id})
		}
	}
	slices.SortFunc(records, func(a, b whmcs.IspsystemRecord) int { return a.ServiceID - b.ServiceID })
	answer := AdoptionAnswer{Total: len(records)}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return AdoptionAnswer{}, err
	}
	accounts, err := p.Reader.Accounts(ctx)
	if err != nil {
		return AdoptionAnswer{}, err
	}
	for _, record := range records {
		if record.ServiceID <= q.After {
			continue
		}
		if answer.More = len(answer.Adoptions) == adoptionPage; answer.More {
			break
		}
		adoption, err := p.adoption(ctx, record, listing, accounts)
		if err != nil {
			return AdoptionAnswer{}, err
		}
		if other := sharing(records, record); other > 0 && adoption.Problem == "" {
			adoption.Problem = fmt.Sprintf("server %s stands in the table for service %d as well", record.ServerID, other)
		}
		answer.Adoptions = append(answer.Adoptions, adoption)
	}
	return answer, nil
}

// sharing is another service of the same server; 0 is none.
func sharing(records []whmcs.IspsystemRecord, of whmcs.IspsystemRecord) int {
	for _, r := range records {
		if r.ServerID != "" && r.ServerID == of.ServerID && r.ServiceID != of.ServiceID {
			return r.ServiceID
		}
	}
	return 0
}

func (p *Panel) adoption(ctx context.Context, record whmcs.IspsystemRecord, listing *Listing, accounts map[string]holding.Account) (Adoption, error) {
	a := Adoption{ServiceID: record.ServiceID}
	service, err := p.WHMCS.Service(ctx, record.ServiceID)
	if errors.Is(err, whmcs.ErrNotFound) {
		a.Problem = "WHMCS has no such service"
		return a, nil
	}
	if err != nil {
		return a, err
	}
	a.ClientID, a.OrderID, a.Status, a.Reason = service.ClientID, service.OrderID, string(service.Status), service.SuspensionReason
	a.Account = accounts[service.Username]
	if record.ServerID == "" {
		found, err := p.FindServer(ctx, FindInput{ServiceID: service.ID, Accounts: []string{service.Username}, Thorough: true})
		if err != nil {
			return a, err
		}
		if found.Server != nil {
			record.ServerID = found.Server.ID
		}
	}
	server, there := listing.Server(record.ServerID)
	switch {
	case service.Status != whmcs.StatusActive && service.Status != whmcs.StatusSuspended:
		a.Problem = fmt.Sprintf("WHMCS shows it as %s: only an Active or Suspended service has a server to adopt", service.Status)
	case len(p.Entries) > 0 && record.Entry.Name != "" && !slices.Contains(p.Entries, record.Entry.Name):
		a.Problem = fmt.Sprintf("its server entry is %q, which is not panel %s (whmcs_servers)", record.Entry.Name, p.backend.Name())
	case record.ServerID == "":
		a.Problem = "the table mod_ispsystem names no server for it, and none carries its mark"
	case !there:
		if err := p.unlisted(ctx, record.ServerID); !isGone(err) {
			return a, err
		}
		a.Problem = fmt.Sprintf("panel %s has no server %s", p.backend.Name(), record.ServerID)
	}
	if a.Problem != "" {
		return a, nil
	}
	a.Server, a.Blocked, a.Package = *serverOf(server), server.Blocked, server.Package()
	return a, p.judge(ctx, &a, service, server)
}

// judge looks at owner and marks, as the adoption itself will.
func (p *Panel) judge(ctx context.Context, a *Adoption, service whmcs.Service, server dcim.Server) error {
	switch {
	case a.Account.ID == "":
		a.Problem = fmt.Sprintf("panel %s has no account %q, which is the service's username", p.backend.Name(), service.Username)
		return nil
	case !a.Account.Owns(server.Owner):
		a.Problem = fmt.Sprintf("server %s belongs to %q, not to the service's account %s", server.ID, server.Owner, a.Account.Name)
		return nil
	}
	marks, err := p.marksOf(ctx, server.ID, true)
	if err != nil {
		return err
	}
	a.Marked = p.heldBy(marks, a.ServiceID)
	if len(marks) > 0 && !a.Marked {
		a.Problem = fmt.Sprintf("server %s carries the mark of another service: %s", server.ID, marks[0].Holder())
	}
	return nil
}

// Adopted is a server that was taken over.
type Adopted struct {
	Server  Server `json:"server"`
	Blocked bool   `json:"blocked,omitempty"`
}

// Adopt marks a server that the service's account owns, in one save that keeps everything
// else, and reads it back. The server is not touched. Errors: NotAdoptable.
func (p *Panel) Adopt(ctx context.Context, t Target) (Adopted, error) {
	err := p.change(ctx, t.ServerID, func(record dcim.Record) (dcim.Change, error) { return p.adopt(record, t) })
	if err != nil {
		return Adopted{}, err
	}
	if _, err := p.verifyOwner(ctx, t, t.Account); err != nil {
		return Adopted{}, err
	}
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil {
		return Adopted{}, err
	}
	have, err := p.backend.Addresses(ctx, t.ServerID)
	if err != nil {
		return Adopted{}, err
	}
	adopted := Adopted{Server: *serverOf(server), Blocked: server.Blocked}
	adopted.Server.ExtraIPs = split(have, server.IP).Extra
	return adopted, nil
}

// adopt decides about the record of a server that is to be adopted.
func (p *Panel) adopt(record dcim.Record, t Target) (dcim.Change, error) {
	marks := holding.ParseMarks(record.Notes)
	mine := p.heldBy(marks, t.ServiceID)
	switch {
	case record.ID != t.ServerID:
		return dcim.Change{}, edge.NonRetryable(edge.ErrNotAdoptable, "panel %s answered with server %q when asked for %s; nothing was written", p.backend.Name(), record.ID, t.ServerID)
	case len(marks) > 0 && !mine:
		return dcim.Change{}, edge.NonRetryable(edge.ErrNotAdoptable, "server %s carries the mark of another service (%s); nothing was written", t.ServerID, marks[0].Holder())
	case !t.Account.Owns(record.Owner):
		return dcim.Change{}, edge.NonRetryable(edge.ErrNotAdoptable, "server %s belongs to %q, not to the service's account %s; nothing was written", t.ServerID, record.Owner, t.Account.Name)
	case mine && marks[0].Is(holding.StateActive):
		return dcim.Change{}, nil
	}
	return dcim.Assign(t.Account, holding.WithMark(record.Notes, p.mark(t.ServiceID, holding.StateActive))), nil
}

// ProductServices lists the services of a product, by WHMCS.
func (p *Panel) ProductServices(ctx context.Context, product int) ([]int, error) {
	services, err := p.WHMCS.ProductServices(ctx, product)
	var ids []int
	for _, service := range services {
		ids = append(ids, service.ID)
	}
	return ids, err
}
