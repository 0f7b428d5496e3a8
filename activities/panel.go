package activities

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"

	"metalease/dcim"
	"metalease/whmcs"
)

// freeHostname is what the panel shows for a server that nobody rents
// (reference/dcimanager.md R1).
const freeHostname = "free.ds"

// noOwner is what a form may show instead of an empty owner (reference 3.3).
const noOwner = "no_owner"

// Panel holds the activities that work on one DCImanager.
type Panel struct {
	client       *dcim.Client
	billing      *whmcs.Client
	installation string
	user         string
	settle       time.Duration
	limit        time.Duration
	modules      []string
	entries      []string
	brakes       Brakes
	// releasesPerHour and blocksPerHour are the limits of the brakes.
	releasesPerHour, blocksPerHour int
	resale                         Resale
	// clearDisks has each install clear the disks first.
	clearDisks bool

	list  *sharedList
	marks markIndex

	mu  sync.Mutex
	api Account
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
	Brakes Brakes
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
		client: o.Client, billing: o.WHMCS, installation: o.Installation, user: o.User,
		settle: o.Settle, limit: o.ReleaseLimit, modules: o.Modules, entries: o.Entries,
		brakes: o.Brakes, releasesPerHour: o.ReleasesPerHour, blocksPerHour: o.BlocksPerHour,
		resale: o.Resale, clearDisks: o.ClearDisks,
		list: &sharedList{fetch: o.Client.Servers, tick: o.Tick},
	}
}

func (p *Panel) mark(service int, state string) Mark {
	return Mark{p.installation, service, state}
}

// apiAccount is the account that owns servers while nobody rents them. Its id is
// looked up once: the panel wants ids where people know names (reference 3.1).
func (p *Panel) apiAccount(ctx context.Context) (Account, error) {
	p.mu.Lock()
	api := p.api
	p.mu.Unlock()
	if api.ID != "" {
		return api, nil
	}
	users, err := p.client.Users(ctx)
	if err != nil {
		return Account{}, err
	}
	for _, user := range users {
		if user.Name == p.user {
			p.mu.Lock()
			p.api = Account{user.ID, user.Name}
			p.mu.Unlock()
			return Account{user.ID, user.Name}, nil
		}
	}
	return Account{}, final(ErrPanelCredentials,
		"panel %s does not list its API account %q as a user, so no server can be held for it: use an administrator, not root", p.client.Name(), p.user)
}

// owned tells whether an owner as the panel shows it is this account. Whether
// the panel shows ids or names is unconfirmed (reference 3.2), so both count.
func owned(owner string, account Account) bool {
	return owner != "" && (owner == account.ID || owner == account.Name)
}

func nobody(owner string) bool { return owner == "" || owner == noOwner }

// proof is a server form that passed the ownership check, and who it was that
// owned the server.
type proof struct {
	form  dcim.Form
	mark  Mark
	owner Account
}

// prove is the ownership check (DESIGN section 3, rule 9): the form must show
// this id, one of these owners and this service's mark. Otherwise nothing may
// be written.
func (p *Panel) prove(ctx context.Context, t Target, owners ...Account) (proof, error) {
	form, err := p.client.Form(ctx, t.ServerID)
	if err != nil {
		return proof{}, err
	}
	marks := parseMarks(form.Notes())
	switch {
	case form.ID() != t.ServerID:
		return proof{}, final(ErrOwnership, "panel %s answered with server %q when asked for %s; nothing was written", p.client.Name(), form.ID(), t.ServerID)
	case len(marks) == 0:
		return proof{}, final(ErrOwnership, "server %s carries no mark of service %d any more; nothing was written", t.ServerID, t.ServiceID)
	case len(marks) > 1:
		return proof{}, final(ErrOwnership, "server %s carries %d marks; nothing was written", t.ServerID, len(marks))
	case marks[0].Installation != p.installation || marks[0].ServiceID != t.ServiceID:
		return proof{}, final(ErrOwnership, "server %s is marked for another service (%s); nothing was written", t.ServerID, marks[0])
	}
	for _, account := range owners {
		if owned(form.Owner(), account) {
			return proof{form, marks[0], account}, nil
		}
	}
	return proof{}, final(ErrOwnership, "server %s belongs to %q, not to %s; nothing was written",
		t.ServerID, form.Owner(), names(owners))
}

func names(accounts []Account) string {
	var all []string
	for _, account := range accounts {
		all = append(all, account.Name)
	}
	return strings.Join(all, " or ")
}

// holders are the accounts that may own the server at this point of its life:
// the API account, and the customer's after hand-over.
func (p *Panel) holders(ctx context.Context, t Target) ([]Account, error) {
	api, err := p.apiAccount(ctx)
	if err != nil {
		return nil, err
	}
	if t.Account.ID == "" {
		return []Account{api}, nil
	}
	return []Account{api, t.Account}, nil
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
func (p *Panel) save(ctx context.Context, t Target, owner Account, state string) error {
	holders, err := p.holders(ctx, t)
	if err != nil {
		return err
	}
	return p.client.Together(ctx, func(ctx context.Context) error {
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
		have.form.SetNotes(withMark(have.form.Notes(), p.mark(t.ServiceID, state)))
		return p.client.SaveForm(ctx, have.form)
	})
}

// watch looks at the server once a tick until done says so. It ends early when
// the worker stops, so that another one goes on.
func (p *Panel) watch(ctx context.Context, serverID string, done func(dcim.Server) (bool, error)) error {
	for {
		round, err := p.list.fresh(ctx, false)
		if err != nil {
			return err
		}
		server, there := round.servers[serverID]
		if !there {
			return final(ErrOwnership, "server %s is not on panel %s any more", serverID, p.client.Name())
		}
		if ok, err := done(server); ok || err != nil {
			return err
		}
		select {
		case <-activity.GetWorkerStopChannel(ctx):
			return waiting("WorkerStopping", "the worker stops; another one goes on watching server %s", serverID)
		default:
		}
	}
}

// look returns the server as the panel lists it after this call.
func (p *Panel) look(ctx context.Context, serverID string) (dcim.Server, error) {
	return p.in(p.list.fresh(ctx, true))(serverID)
}

// glance returns the server from a list that may be a tick old: for decisions
// that are repeated harmlessly or checked again.
func (p *Panel) glance(ctx context.Context, serverID string) (dcim.Server, error) {
	return p.in(p.list.recent(ctx, p.list.tick))(serverID)
}

func (p *Panel) in(round *round, err error) func(string) (dcim.Server, error) {
	return func(serverID string) (dcim.Server, error) {
		if err != nil {
			return dcim.Server{}, err
		}
		server, there := round.servers[serverID]
		if !there {
			return dcim.Server{}, final(ErrOwnership, "server %s is not on panel %s any more", serverID, p.client.Name())
		}
		return server, nil
	}
}

// isOurs tells whether a WHMCS service is a dedicated server on this panel.
func (p *Panel) isOurs(service whmcs.Service, modules map[int]string) bool {
	if !slices.Contains(p.modules, modules[service.ProductID]) {
		return false
	}
	return len(p.entries) == 0 || service.ServerID == 0 || slices.Contains(p.entries, service.ServerName)
}
