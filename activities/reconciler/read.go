package reconciler

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
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
	records int
	// unread is what could not be looked at; the rest is compared all the same.
	unread []string
}

// read looks at panel, WHMCS and workflows. The lifecycles come last: one that began
// meanwhile then explains a mark that was seen before, and not the other way round.
func (r *Reconciler) read(ctx context.Context) (reading, error) {
	got := reading{View: drift.View{Panel: r.panelName(), Installation: r.Installation, Settle: r.Settle, Home: drift.Home(r.Only, r.Entries), Builds: r.builds}}
	var err error
	if got.API, err = r.Reader.APIAccount(ctx); err != nil {
		return reading{}, err
	}
	if got.Accounts, err = r.Reader.AccountList(ctx); err != nil {
		return reading{}, err
	}
	activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads the services in WHMCS"})
	if got.Services, err = r.services(ctx); err != nil {
		return reading{}, err
	}
	listing, err := r.Reader.Fresh(ctx, true)
	if err != nil {
		return reading{}, err
	}
	if got.Servers, got.records, err = r.sights(ctx, listing, got.View); err != nil {
		return reading{}, err
	}
	activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "lists the lifecycles"})
	if got.Lives, err = r.Lives.Running(ctx, got.Panel); err != nil {
		return reading{}, err
	}
	got.Orders, err = r.orders(ctx, unlooked(got.View))
	switch {
	case passes(err):
		got.unread = append(got.unread, "paid orders that nobody builds were not looked for: "+err.Error())
	case err != nil:
		return reading{}, err
	}
	got.Now = time.Now()
	return got, nil
}

// services lists what WHMCS has sold of our modules, whatever its status, on any panel.
func (r *Reconciler) services(ctx context.Context) ([]drift.Billed, error) {
	products, err := r.WHMCS.Products(ctx)
	if err != nil {
		return nil, err
	}
	var all []drift.Billed
	for _, product := range products {
		if !slices.Contains(r.Modules, product.Module) {
			continue
		}
		services, err := r.WHMCS.ProductServices(ctx, product.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range services {
			if s.ID > 0 { // a row without an id is of no service
				all = append(all, billed(s))
			}
		}
	}
	return all, nil
}

func billed(s whmcs.Service) drift.Billed {
	b := drift.Billed{
		ID: s.ID, ClientID: s.ClientID, OrderID: s.OrderID, Status: s.Status, Username: s.Username, IP: s.DedicatedIP, Reason: s.SuspensionReason,
		Unreadable: s.Unreadable,
	}
	if s.ServerID != 0 {
		b.Entry = s.ServerName
	}
	return b
}

const (
	// recordsPerSecond is the pace at which records are read: 2 000 take nine minutes, and
	// building goes on meanwhile.
	recordsPerSecond = 4
	// recordAge is how long the marks of a server whose owner and name have not changed are believed
	// at most, and half of it at least: the reads of a fleet spread over the day. What looks wrong is
	// read again in any case.
	recordAge = 24 * time.Hour
)

// recordIndex remembers the marks of servers whose owner and name have not changed.
type recordIndex struct {
	mu    sync.Mutex
	known map[string]knownRecord
}

type knownRecord struct {
	owner, hostname string
	marks           []holding.Mark
	read            time.Time
}

// young returns what is known of a server, if it is not too old.
func (x *recordIndex) young(s dcim.Server) ([]holding.Mark, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	known, there := x.known[s.ID]
	return known.marks, there && known.owner == s.Owner && known.hostname == s.Hostname && time.Since(known.read) < ageOf(s.ID)
}

// ageOf is how long the marks of a server are believed, somewhere between half of recordAge and all of it.
func ageOf(serverID string) time.Duration {
	spread := fnv.New32a()
	_, _ = spread.Write([]byte(serverID)) // it takes everything
	return recordAge/2 + time.Duration(float64(spread.Sum32())/math.MaxUint32*float64(recordAge/2))
}

func (x *recordIndex) remember(s dcim.Server, marks []holding.Mark) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.known == nil {
		x.known = map[string]knownRecord{}
	}
	x.known[s.ID] = knownRecord{s.Owner, s.Hostname, marks, time.Now()}
}

// keep forgets servers that are not on the panel any more.
func (x *recordIndex) keep(listing *panel.Listing) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for id := range x.known {
		if _, there := listing.Server(id); !there {
			delete(x.known, id)
		}
	}
}

// sights are all servers of a list, with the marks of those that can carry one of ours.
func (r *Reconciler) sights(ctx context.Context, listing *panel.Listing, v drift.View) (sights []drift.Sight, records int, err error) {
	r.records.keep(listing)
	sights, unread := r.sighted(rows(listing), v)
	return sights, len(unread), r.readRecords(ctx, sights, unread)
}

// sighted is what is known of servers, and which of them have to be read: what the API account, an
// account of ours, or nobody owns can carry one of our marks. Strangers' records are not read.
func (r *Reconciler) sighted(servers []dcim.Server, v drift.View) (sights []drift.Sight, unread []int) {
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
	for _, server := range servers {
		s := drift.Sight{Server: server}
		s.Marks, s.Read = r.records.young(s.Server)
		may := s.Owner == "" || slices.ContainsFunc(owners, func(a holding.Account) bool { return a.Owns(s.Owner) })
		// What the API account owns is given to somebody, or lost: it is read each time. In quarantine it stays until a
		// person gives it to nobody.
		if may && (!s.Read || v.API.Owns(s.Owner) && !panel.InQuarantine(s.Marks)) {
			unread = append(unread, len(sights))
		}
		sights = append(sights, s)
	}
	return sights, unread
}

// readRecords reads the marks of some of the servers, at the pace of the panel.
func (r *Reconciler) readRecords(ctx context.Context, sights []drift.Sight, unread []int) error {
	pace := rate.NewLimiter(rate.Limit(r.pace()), 1)
	for n, i := range unread {
		activity.RecordHeartbeat(ctx, drift.CompareProgress{Doing: "reads the servers' records", Done: n, All: len(unread)})
		if err := pace.Wait(ctx); err != nil {
			return err
		}
		if err := r.readRecord(ctx, &sights[i]); err != nil {
			return err
		}
	}
	return nil
}

// rows are the servers of a list, each once: pages may move while a panel answers, and a server
// without an id is nobody's.
func rows(listing *panel.Listing) []dcim.Server {
	var all []dcim.Server
	seen := map[string]bool{"": true}
	for _, server := range listing.All() {
		if !seen[server.ID] {
			seen[server.ID] = true
			all = append(all, server)
		}
	}
	return all
}

func (r *Reconciler) pace() float64 {
	if r.RecordsPerSecond > 0 {
		return r.RecordsPerSecond
	}
	return recordsPerSecond
}

// readRecord fills in the marks. The owner stays the list's: the record may show an id where
// the list shows a name (docs/dcimanager.md 3.2).
func (r *Reconciler) readRecord(ctx context.Context, s *drift.Sight) error {
	record, err := r.Reader.Backend.Record(ctx, s.ID)
	if dcim.AboutOne(err) || err == nil && record.ID != s.ID {
		if failure := (*dcim.Error)(nil); errors.As(err, &failure) && failure.Kind == dcim.KindUnreadable {
			s.Unreadable = failure.Message
		}
		s.Read, s.Marks = false, nil // it went while the others were read, or cannot be read: the report is about the others
		return nil
	}
	if err != nil {
		return err
	}
	s.Marks, s.Read = holding.ParseMarks(record.Notes), true
	r.records.remember(s.Server, s.Marks)
	return nil
}
