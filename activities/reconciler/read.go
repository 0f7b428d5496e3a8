package reconciler

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"golang.org/x/time/rate"

	"metalease/activities/drift"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/dcim"
	"metalease/whmcs"
)

// reading is a view and what it cost.
type reading struct {
	drift.View
	forms int
}

// read looks at panel, WHMCS and workflows. The lifecycles come last: one that began
// meanwhile then explains a mark that was seen before, and not the other way round.
func (r *Reconciler) read(ctx context.Context) (reading, error) {
	p := r.Panel
	got := reading{View: drift.View{Panel: p.Client.Name(), Installation: p.Installation, Settle: r.Settle, Home: r.home}}
	var err error
	if got.API, err = p.ApiAccount(ctx); err != nil {
		return reading{}, err
	}
	if got.Accounts, err = r.accounts(ctx); err != nil {
		return reading{}, err
	}
	activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads the services in WHMCS"})
	if got.Services, err = r.services(ctx); err != nil {
		return reading{}, err
	}
	round, err := p.List.Fresh(ctx, true)
	if err != nil {
		return reading{}, err
	}
	if got.Servers, got.forms, err = r.sights(ctx, round, got.View); err != nil {
		return reading{}, err
	}
	activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "lists the lifecycles"})
	if got.Lives, err = r.Lives.Running(ctx, got.Panel); err != nil {
		return reading{}, err
	}
	got.Now = time.Now()
	return got, nil
}

// home tells whether a service without any trace must be on this panel: its WHMCS server
// entry is this panel's, or there is no other panel.
func (r *Reconciler) home(b drift.Billed) bool {
	if b.Entry == "" || len(r.Panel.Entries) == 0 {
		return r.Only
	}
	return slices.Contains(r.Panel.Entries, b.Entry)
}

// accounts lists the panel's ordinary users in its order.
func (r *Reconciler) accounts(ctx context.Context) ([]holding.Account, error) {
	users, err := r.Panel.Client.Users(ctx)
	if err != nil {
		return nil, err
	}
	var accounts []holding.Account
	for _, user := range users {
		if user.Level == dcim.LevelUser {
			accounts = append(accounts, holding.Account{ID: user.ID, Name: user.Name})
		}
	}
	return accounts, nil
}

// services lists what WHMCS has sold of our modules, whatever its status, on any panel.
func (r *Reconciler) services(ctx context.Context) ([]drift.Billed, error) {
	products, err := r.Panel.Billing.Products(ctx)
	if err != nil {
		return nil, err
	}
	var all []drift.Billed
	for _, product := range products {
		if !slices.Contains(r.Panel.Modules, product.Module) {
			continue
		}
		services, err := r.Panel.Billing.ProductServices(ctx, product.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range services {
			all = append(all, billed(s))
		}
	}
	return all, nil
}

func billed(s whmcs.Service) drift.Billed {
	b := drift.Billed{
		ID: s.ID, ClientID: s.ClientID, Status: s.Status, Username: s.Username, IP: s.DedicatedIP, Reason: s.SuspensionReason,
	}
	if s.ServerID != 0 {
		b.Entry = s.ServerName
	}
	return b
}

const (
	// formsPerSecond is the pace at which forms are read: 2 000 take nine minutes, and
	// building goes on meanwhile.
	formsPerSecond = 4
	// formAge is how long the marks of a server whose owner has not changed are believed.
	// What looks wrong is read again in any case.
	formAge = 6 * time.Hour
)

// formIndex remembers the marks of servers whose owner has not changed.
type formIndex struct {
	mu    sync.Mutex
	known map[string]knownForm
}

type knownForm struct {
	owner string
	marks []holding.Mark
	read  time.Time
}

// young returns what is known of a server, if it is not too old.
func (f *formIndex) young(s dcim.Server) ([]holding.Mark, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	known, there := f.known[s.ID]
	return known.marks, there && known.owner == s.Owner && time.Since(known.read) < formAge
}

func (f *formIndex) remember(s dcim.Server, marks []holding.Mark) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil {
		f.known = map[string]knownForm{}
	}
	f.known[s.ID] = knownForm{s.Owner, marks, time.Now()}
}

// keep forgets servers that are not on the panel any more.
func (f *formIndex) keep(round *panel.Round) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for id := range f.known {
		if _, there := round.Servers[id]; !there {
			delete(f.known, id)
		}
	}
}

// sights are all servers, with the marks of those that can carry one of ours: what the API
// account, an account of ours, or nobody owns. Strangers' forms are not opened.
func (r *Reconciler) sights(ctx context.Context, round *panel.Round, v drift.View) (sights []drift.Sight, forms int, err error) {
	r.forms.keep(round)
	ours := map[string]bool{}
	for _, b := range v.Services {
		ours[b.Username] = true
	}
	owners := []holding.Account{v.API}
	for _, a := range v.Accounts {
		if ours[a.Name] || drift.OurUsername.MatchString(a.Name) {
			owners = append(owners, a)
		}
	}
	var unread []int
	for _, id := range round.Order {
		s := drift.Sight{Server: round.Servers[id]}
		s.Marks, s.Read = r.forms.young(s.Server)
		may := holding.Nobody(s.Owner) || slices.ContainsFunc(owners, func(a holding.Account) bool { return holding.Owned(s.Owner, a) })
		if may && (!s.Read || holding.Owned(s.Owner, v.API)) {
			unread = append(unread, len(sights))
		}
		sights = append(sights, s)
	}
	pace := rate.NewLimiter(rate.Limit(r.pace()), 1)
	for n, i := range unread {
		activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads the servers' forms", Done: n, All: len(unread)})
		if err := pace.Wait(ctx); err != nil {
			return nil, 0, err
		}
		if err := r.readForm(ctx, &sights[i]); err != nil {
			return nil, 0, err
		}
	}
	return sights, len(unread), nil
}

func (r *Reconciler) pace() float64 {
	if r.FormsPerSecond > 0 {
		return r.FormsPerSecond
	}
	return formsPerSecond
}

// readForm fills in the marks. The owner stays the list's: the form may show an id where
// the list shows a name (docs/dcimanager.md 3.2).
func (r *Reconciler) readForm(ctx context.Context, s *drift.Sight) error {
	form, err := r.Panel.Client.Form(ctx, s.ID)
	if dcim.KindOf(err) == dcim.KindMissed || err == nil && form.ID() != s.ID {
		s.Read, s.Marks = false, nil // it went while the others were read
		return nil
	}
	if err != nil {
		return err
	}
	s.Marks, s.Read = holding.ParseMarks(form.Notes()), true
	r.forms.remember(s.Server, s.Marks)
	return nil
}
