// Package panel holds the activities that work on one panel. They are small and may be
// repeated; every change of a server is made only after the ownership check, and no argument
// or result carries a password.
package panel

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// Panel holds the activities that work on one DCImanager.
type Panel struct {
	Client       *dcim.Client
	Billing      *whmcs.Client
	Installation string
	user         string
	settle       time.Duration
	limit        time.Duration
	Modules      []string
	Entries      []string
	brakes       engine.Brakes
	// releasesPerHour and blocksPerHour are the limits of the brakes.
	releasesPerHour, blocksPerHour int
	resale                         Resale
	// clearDisks has each install clear the disks first.
	clearDisks bool

	List  *sharedList
	marks markIndex

	mu  sync.Mutex
	api holding.Account
}

// PanelOptions configure the activities of one panel.
type PanelOptions struct {
	Client *dcim.Client
	WHMCS  *whmcs.Client
	// Installation is the name of the WHMCS that we work for, as in the mark.
	Installation string
	// User is the name of the API account.
	User string
	// Tick is the least time between two server lists.
	Tick time.Duration
	// Settle is how long the panel may take to show an operation that it accepted.
	Settle time.Duration
	// ReleaseLimit is how long each wait of a release may take.
	ReleaseLimit time.Duration
	// Modules are the WHMCS modules whose services are dedicated servers.
	Modules []string
	// Entries are the names of the WHMCS server entries that mean this panel; none: all.
	Entries []string
	// Brakes are asked before anything is destroyed; nil: nothing stops it.
	Brakes engine.Brakes
	// ReleasesPerHour and BlocksPerHour are how many services may be destroyed in an hour without a person.
	ReleasesPerHour, BlocksPerHour int
	// Resale is what happens to a released server before it is stock again.
	Resale Resale
	// ClearDisks has each install clear the disks first; else that is left to the panel's policy.
	ClearDisks bool
}

// NewPanel returns the activities of one panel; it contacts nobody.
func NewPanel(o PanelOptions) *Panel {
	return &Panel{
		Client: o.Client, Billing: o.WHMCS, Installation: o.Installation, user: o.User,
		settle: o.Settle, limit: o.ReleaseLimit, Modules: o.Modules, Entries: o.Entries,
		brakes: o.Brakes, releasesPerHour: o.ReleasesPerHour, blocksPerHour: o.BlocksPerHour,
		resale: o.Resale, clearDisks: o.ClearDisks,
		List: &sharedList{fetch: o.Client.Servers, tick: o.Tick},
	}
}

func (p *Panel) mark(service int, state string) holding.Mark {
	return holding.Mark{Installation: p.Installation, ServiceID: service, State: state}
}

// apiAccount is the account that owns servers while nobody rents them. Its id is
// looked up once: the panel wants ids where people know names (docs/dcimanager.md 3.1).
func (p *Panel) ApiAccount(ctx context.Context) (holding.Account, error) {
	p.mu.Lock()
	api := p.api
	p.mu.Unlock()
	if api.ID != "" {
		return api, nil
	}
	users, err := p.Client.Users(ctx)
	if err != nil {
		return holding.Account{}, err
	}
	for _, user := range users {
		if user.Name == p.user {
			p.mu.Lock()
			p.api = holding.Account{ID: user.ID, Name: user.Name}
			p.mu.Unlock()
			return holding.Account{ID: user.ID, Name: user.Name}, nil
		}
	}
	return holding.Account{}, edge.NonRetryable(edge.ErrPanelCredentials,
		"panel %s does not list its API account %q as a user, so no server can be held for it: use an administrator, not root", p.Client.Name(), p.user)
}

// proof is a server form that passed the ownership check, and who it was that
// owned the server.
type proof struct {
	form  dcim.Form
	mark  holding.Mark
	owner holding.Account
}

// prove is the ownership check (docs/architecture.md, rule 9): the form must show
// this id, one of these owners and this service's mark. Otherwise nothing may
// be written.
func (p *Panel) prove(ctx context.Context, t Target, owners ...holding.Account) (proof, error) {
	form, err := p.Client.Form(ctx, t.ServerID)
	if err != nil {
		return proof{}, err
	}
	marks := holding.ParseMarks(form.Notes())
	switch {
	case form.ID() != t.ServerID:
		return proof{}, edge.NonRetryable(edge.ErrOwnership, "panel %s answered with server %q when asked for %s; nothing was written", p.Client.Name(), form.ID(), t.ServerID)
	case len(marks) == 0:
		return proof{}, edge.NonRetryable(edge.ErrOwnership, "server %s carries no mark of service %d any more; nothing was written", t.ServerID, t.ServiceID)
	case len(marks) > 1:
		return proof{}, edge.NonRetryable(edge.ErrOwnership, "server %s carries %d marks; nothing was written", t.ServerID, len(marks))
	case marks[0].Installation != p.Installation || marks[0].ServiceID != t.ServiceID:
		return proof{}, edge.NonRetryable(edge.ErrOwnership, "server %s is marked for another service (%s); nothing was written", t.ServerID, marks[0])
	}
	for _, account := range owners {
		if holding.Owned(form.Owner(), account) {
			return proof{form, marks[0], account}, nil
		}
	}
	return proof{}, edge.NonRetryable(edge.ErrOwnership, "server %s belongs to %q, not to %s; nothing was written",
		t.ServerID, form.Owner(), names(owners))
}

func names(accounts []holding.Account) string {
	var all []string
	for _, account := range accounts {
		all = append(all, account.Name)
	}
	return strings.Join(all, " or ")
}

// holders are the accounts that may own the server at this point of its life:
// the API account, and the customer's after hand-over.
func (p *Panel) holders(ctx context.Context, t Target) ([]holding.Account, error) {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return nil, err
	}
	if t.Account.ID == "" {
		return []holding.Account{api}, nil
	}
	return []holding.Account{api, t.Account}, nil
}

// write runs one change of a server after proving that it is this service's.
func (p *Panel) write(ctx context.Context, t Target, change func() error) error {
	holders, err := p.holders(ctx, t)
	if err != nil {
		return err
	}
	if _, err := p.prove(ctx, t, holders...); err != nil {
		return err
	}
	return change()
}

// save changes owner and mark in one save, after proving. An account without an
// id keeps the owner.
func (p *Panel) save(ctx context.Context, t Target, owner holding.Account, state string) error {
	holders, err := p.holders(ctx, t)
	if err != nil {
		return err
	}
	return p.Client.Together(ctx, func(ctx context.Context) error {
		have, err := p.prove(ctx, t, holders...)
		if err != nil {
			return err
		}
		if owner.ID == "" {
			owner = have.owner
		}
		if owner == have.owner && have.mark.State == state {
			return nil // an earlier attempt did it
		}
		have.form.SetOwner(owner.ID)
		have.form.SetNotes(holding.WithMark(have.form.Notes(), p.mark(t.ServiceID, state)))
		return p.Client.SaveForm(ctx, have.form)
	})
}

// watch looks at the server once a tick until done says so. It ends early when
// the worker stops, so that another one goes on.
func (p *Panel) watch(ctx context.Context, serverID string, done func(dcim.Server) (bool, error)) error {
	for {
		round, err := p.List.Fresh(ctx, false)
		if err != nil {
			return err
		}
		server, there := round.Servers[serverID]
		if !there {
			return edge.NonRetryable(edge.ErrOwnership, "server %s is not on panel %s any more", serverID, p.Client.Name())
		}
		if ok, err := done(server); ok || err != nil {
			return err
		}
		select {
		case <-activity.GetWorkerStopChannel(ctx):
			return edge.Expected("WorkerStopping", "the worker stops; another one goes on watching server %s", serverID)
		default:
		}
	}
}

// look returns the server as the panel lists it after this call.
func (p *Panel) look(ctx context.Context, serverID string) (dcim.Server, error) {
	return p.in(p.List.Fresh(ctx, true))(serverID)
}

// glance returns the server from a list that may be a tick old: for decisions
// that are repeated harmlessly or checked again.
func (p *Panel) glance(ctx context.Context, serverID string) (dcim.Server, error) {
	return p.in(p.List.recent(ctx, p.List.tick))(serverID)
}

func (p *Panel) in(round *Round, err error) func(string) (dcim.Server, error) {
	return func(serverID string) (dcim.Server, error) {
		if err != nil {
			return dcim.Server{}, err
		}
		server, there := round.Servers[serverID]
		if !there {
			return dcim.Server{}, edge.NonRetryable(edge.ErrOwnership, "server %s is not on panel %s any more", serverID, p.Client.Name())
		}
		return server, nil
	}
}

// isOurs tells whether a WHMCS service is a dedicated server on this panel.
func (p *Panel) isOurs(service whmcs.Service, modules map[int]string) bool {
	if !slices.Contains(p.Modules, modules[service.ProductID]) {
		return false
	}
	return len(p.Entries) == 0 || service.ServerID == 0 || slices.Contains(p.Entries, service.ServerName)
}
