package panel

import (
	"context"
	"slices"
	"sync"
	"time"

	"metalease/activities/holding"
	"metalease/dcim"
)

// Reader reads a panel for all who work on it in one process: the list of servers is fetched
// once for everybody who wants it, and who we are is asked once.
type Reader struct {
	Backend dcim.Backend

	list           serverList
	sharedAccounts sharedRead[[]dcim.Account]
	// accountAge is how old RecentAccounts may be.
	accountAge time.Duration
	mu         sync.Mutex
	api        holding.Account
	// accounts is how long the list of accounts was.
	accounts length
}

// NewReader returns a reader; it contacts nobody. The tick is the least time between two lists.
func NewReader(backend dcim.Backend, tick time.Duration) *Reader {
	turn := func(ctx context.Context, do func(context.Context) error) error { return backend.Turn(ctx, "", 1, do) }
	return &Reader{
		Backend: backend, accountAge: tick, sharedAccounts: sharedRead[[]dcim.Account]{fetch: backend.Accounts, turn: turn},
		list: serverList{fetch: backend.Servers, turn: turn, panel: backend.Name(), tick: tick, absent: absent{record: backend.Record}},
	}
}

// Filtered has lists filtered where that costs less. It is for a panel of which a check has seen that
// it filters its list, and that the list is whole again in the next call: a filter that stayed would
// hide servers from everybody.
func (r *Reader) Filtered() *Reader {
	r.list.some = r.Backend.ServersWhere
	return r
}

// APIAccount is the account that owns servers while nobody rents them. It is looked up once:
// panels want ids where people know names.
func (r *Reader) APIAccount(ctx context.Context) (holding.Account, error) {
	r.mu.Lock()
	api := r.api
	r.mu.Unlock()
	if api.ID != "" {
		return api, nil
	}
	api, err := r.Backend.Self(ctx)
	if err != nil {
		return holding.Account{}, err
	}
	r.mu.Lock()
	r.api = api
	r.mu.Unlock()
	return api, nil
}

// saved notes a save of a server, so that lists ask for it where it is now.
func (r *Reader) saved(serverID string, change dcim.Change) {
	r.mu.Lock()
	api := r.api
	r.mu.Unlock()
	r.list.saved(serverID, change, api)
}

// AccountList are the customers' accounts, in the panel's order. A list that is empty or much
// shorter than before is no answer: a customer would get a second account.
func (r *Reader) AccountList(ctx context.Context) ([]holding.Account, error) {
	return r.plausible(r.sharedAccounts.get(ctx))
}

func (r *Reader) plausible(accounts []holding.Account, err error) ([]holding.Account, error) {
	if err != nil {
		return nil, err
	}
	accounts = slices.Clone(accounts)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.accounts.known == 0 { // the first customer has none before him
		r.accounts.known = len(accounts)
		return accounts, nil
	}
	return accounts, r.accounts.plausible(len(accounts), "accounts", r.Backend.Name(), time.Now())
}

// Accounts is AccountList by name.
func (r *Reader) Accounts(ctx context.Context) (map[string]holding.Account, error) {
	return byName(r.AccountList(ctx))
}

// RecentAccounts is Accounts as it was at most a tick ago: for what is asked again before anything is created.
func (r *Reader) RecentAccounts(ctx context.Context) (map[string]holding.Account, error) {
	return byName(r.plausible(r.sharedAccounts.young(ctx, r.accountAge)))
}

func byName(accounts []holding.Account, err error) (map[string]holding.Account, error) {
	if err != nil {
		return nil, err
	}
	named := make(map[string]holding.Account, len(accounts))
	for _, account := range accounts {
		named[account.Name] = account
	}
	return named, nil
}

// Fresh is a list whose request begins after this call: with now at once, else with the next
// tick.
func (r *Reader) Fresh(ctx context.Context, now bool) (*Listing, error) {
	return r.list.fresh(ctx, now)
}

// Cached is a list that is at most a tick old.
func (r *Reader) Cached(ctx context.Context) (*Listing, error) {
	return r.CachedFor(ctx, r.list.tick)
}

// CachedFor is a list that is at most that old.
func (r *Reader) CachedFor(ctx context.Context, age time.Duration) (*Listing, error) {
	return r.list.cached(ctx, age)
}
