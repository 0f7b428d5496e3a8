package panel

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
)

// PlanInput is what decides which server an order gets.
type PlanInput struct {
	ServiceID  int    `json:"service_id"`
	ClientID   int    `json:"client_id"`
	Package    string `json:"package"`
	OSTemplate string `json:"os_template,omitempty"`
	// ServerID is the one server that the order may have; empty for any.
	ServerID string `json:"server_id,omitempty"`
}

// Plan is what an order would get now.
type Plan struct {
	// Server is nil when it would wait.
	Server *Server `json:"server,omitempty"`
	// Held is true when the service has this server already, under its mark.
	Held bool `json:"held,omitempty"`
	// LastResort is true for a server that failed twice lately: no other is free.
	LastResort bool `json:"last_resort,omitempty"`
	// Others are the further servers of the package and why not them: at most PlanOthers.
	Others []NotThis `json:"others"`
	// Reasons count all of Others, also those that are left out.
	Reasons []ReasonCount `json:"reasons"`
	Account PlannedOwner  `json:"account"`
	// Template tells whether the panel has the OS template.
	Template bool      `json:"template"`
	AsOf     time.Time `json:"as_of"`
}

// PlanOthers is the most servers of which a plan tells why they are not taken.
const PlanOthers = 50

// NotThis is a server that the order would not get.
type NotThis struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Why   string `json:"why"`
}

// ReasonCount counts the servers that are not taken for a reason.
type ReasonCount struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// PlannedOwner is the account that would own the server.
type PlannedOwner struct {
	Name string `json:"name,omitempty"`
	// Kind is existing, new, foreign (somebody else's) or unknown.
	Kind string `json:"kind"`
	Why  string `json:"why,omitempty"`
}

// Plan tells which server an order would get now, and why not the others. It writes nothing.
func (p *Panel) Plan(ctx context.Context, in PlanInput) (Plan, error) {
	owner, err := p.plannedOwner(ctx, in)
	if err != nil {
		return Plan{}, err
	}
	templates, err := p.backend.Templates(ctx)
	if err != nil {
		return Plan{}, err
	}
	found, err := p.FindServer(ctx, FindInput{ServiceID: in.ServiceID})
	if err != nil {
		return Plan{}, err
	}
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return Plan{}, err
	}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return Plan{}, err
	}
	choice := choice{p: p, in: in, api: api, plan: Plan{
		Server: found.Server, Held: found.Server != nil, Others: []NotThis{}, Reasons: []ReasonCount{}, Account: owner, AsOf: listing.Began.UTC(),
		Template: slices.ContainsFunc(templates, func(t dcim.Template) bool { return t.ID == in.OSTemplate }),
	}}
	for _, server := range listing.Servers {
		if err := choice.weigh(ctx, server); err != nil {
			return Plan{}, err
		}
	}
	choice.settle()
	return choice.plan, nil
}

// plannedOwner is LookUpAccount as a person reads it: nothing is created.
func (p *Panel) plannedOwner(ctx context.Context, in PlanInput) (PlannedOwner, error) {
	answer, err := p.LookUpAccount(ctx, AccountQuestion{ClientID: in.ClientID, ServiceID: in.ServiceID})
	var app *temporal.ApplicationError
	switch {
	case errors.As(err, &app) && app.Type() == edge.ErrAccountForeign:
		return PlannedOwner{Kind: "foreign", Why: app.Message()}, nil
	case errors.As(err, &app) && (app.Type() == edge.ErrBadOrder || app.Type() == edge.ErrClient):
		return PlannedOwner{Kind: "unknown", Why: app.Message()}, nil
	case err != nil:
		return PlannedOwner{}, err
	case answer.Absent != "":
		return PlannedOwner{Name: answer.Absent, Kind: "new", Why: "no account of the client yet"}, nil
	}
	return PlannedOwner{Name: answer.Account.Name, Kind: "existing", Why: answer.Why}, nil
}

// choice goes through the list as the allocator does.
type choice struct {
	p    *Panel
	in   PlanInput
	api  holding.Account
	plan Plan
	// unreliable are free servers that failed lately, in the panel's order.
	unreliable []dcim.Server
	unread     unread
}

func (c *choice) weigh(ctx context.Context, server dcim.Server) error {
	if !server.Matches(c.in.Package) && server.ID != c.in.ServerID {
		return nil
	}
	switch {
	case c.plan.Server != nil && server.ID == c.plan.Server.ID:
		return nil
	case c.in.ServerID != "" && server.ID != c.in.ServerID:
		c.refuse(server, "the order names another server", "")
		return nil
	case !server.Matches(c.in.Package):
		c.refuse(server, "it is not of the package", ": "+whyNotFree(server))
		return nil
	case c.api.Owns(server.Owner):
		return c.weighOurs(ctx, server)
	case server.Owner != "":
		c.refuse(server, "it belongs to somebody", ": "+server.Owner)
		return nil
	case !server.Free() && !hostname.Same(server.Hostname, dcim.FreeHostname) && !server.Blocked && !server.HardwareProblem && !server.Diagnostics:
		c.refuse(server, "its hostname is not "+dcim.FreeHostname, " but "+server.Hostname)
		return nil
	case !server.Free():
		c.refuse(server, whyNotFree(server), "")
		return nil
	case c.plan.Server != nil:
		c.refuse(server, "free too: the first in the panel's order is taken", "")
		return nil
	}
	record, err := c.p.backend.Record(ctx, server.ID)
	if c.unread.is(server.ID, err) {
		c.refuse(server, "its record cannot be read", ": "+holding.OneLine(err.Error()))
		return nil
	}
	if err != nil {
		return err
	}
	marks := holding.ParseMarks(record.Notes)
	switch {
	case len(marks) > 0:
		c.refuse(server, "it carries a mark", ": "+marks[0].String())
	case unreliable(record.Notes, c.p.Installation, time.Now()):
		c.unreliable = append(c.unreliable, server)
	default:
		c.plan.Server = serverOf(server)
	}
	return nil
}

// weighOurs tells apart what the API account owns. Marks are read only for what is shown.
func (c *choice) weighOurs(ctx context.Context, server dcim.Server) error {
	if len(c.plan.Others) >= PlanOthers {
		c.refuse(server, "it is held by us", "")
		return nil
	}
	marks, err := c.p.marksOf(ctx, server.ID, false)
	switch {
	case c.unread.is(server.ID, err):
		c.refuse(server, "its record cannot be read", ": "+holding.OneLine(err.Error()))
	case err != nil:
		return err
	case len(marks) == 0:
		c.refuse(server, "the API account owns it without a mark", "")
	case marks[0].Is(holding.StateQuarantine):
		c.refuse(server, "it is in quarantine", ": "+marks[0].String())
	default:
		c.refuse(server, "it is held by us", ": "+marks[0].String())
	}
	return nil
}

// settle takes a server that failed lately when there is no other.
func (c *choice) settle() {
	for _, server := range c.unreliable {
		if c.plan.Server == nil {
			c.plan.Server, c.plan.LastResort = serverOf(server), true
			continue
		}
		c.refuse(server, "installs failed on it twice lately: it is offered last", "")
	}
}

// refuse counts a server under the reason and shows it with the detail.
func (c *choice) refuse(server dcim.Server, reason, detail string) {
	if len(c.plan.Others) < PlanOthers {
		c.plan.Others = append(c.plan.Others, NotThis{server.ID, server.Label, reason + detail})
	}
	i := slices.IndexFunc(c.plan.Reasons, func(r ReasonCount) bool { return r.Reason == reason })
	if i < 0 {
		c.plan.Reasons = append(c.plan.Reasons, ReasonCount{reason, 1})
		return
	}
	c.plan.Reasons[i].Count++
}
