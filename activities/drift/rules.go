package drift

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/clean"
	"metalease/whmcs"
)

// View is all that the drift rules know of one panel: what the panel, WHMCS and the
// workflows show.
type View struct {
	// Panel is its name, Installation the name in our marks, API the account that owns what
	// nobody rents.
	Panel, Installation string
	API                 holding.Account
	// Now and Settle: what changed less than that ago may still be on its way.
	Now    time.Time
	Settle time.Duration
	// Home tells whether a service without any trace on a panel must be on this one.
	Home     func(Billed) bool
	Servers  []Sight
	Accounts []holding.Account
	Services []Billed
	Lives    []Life
	// Orders are those of Pending services that no lifecycle of the panel looks after.
	Orders []Order
	// Builds tells whether an order that names this panel is for this one, or for none of the
	// configuration and told of here; nil takes every order.
	Builds func(panel string) bool
}

// Sight is one server as the panel shows it. Marks are known when its form was read.
type Sight struct {
	dcim.Server
	Read  bool
	Marks []holding.Mark
}

// Billed is a service of ours as WHMCS shows it.
type Billed struct {
	ID, ClientID, OrderID int
	Status                whmcs.Status
	// Username is the account's name, IP the main address; both as they were delivered.
	Username, IP string
	// Entry is the WHMCS server entry, empty when none is assigned.
	Entry  string
	Reason string
	// Unreadable is why the row was not read whole; empty when it was.
	Unreadable string
}

// statusDeleted stands for a service that WHMCS does not have.
const statusDeleted whmcs.Status = "deleted"

// alive services are those that somebody pays for.
func (b Billed) alive() bool {
	return b.Status == whmcs.StatusActive || b.Status == whmcs.StatusSuspended
}

// ended services must not hold a server.
func (b Billed) ended() bool {
	return slices.Contains([]whmcs.Status{whmcs.StatusTerminated, whmcs.StatusCancelled, whmcs.StatusFraud, statusDeleted}, b.Status)
}

// Life is the lifecycle of a service.
type Life struct {
	ServiceID int
	// ClientID is whose service it is for the lifecycle; 0 when that is not known.
	ClientID int
	// Panel that the lifecycle works on.
	Panel string
	// Running is false when it has ended; Ending says how: completed, terminated, ...
	Running  bool
	Ending   string
	Phase    string
	ServerID string
	// Reason is why the server is blocked, as WHMCS should show it.
	Reason string
	// Held is why nothing is blocked by itself; only a look at the service itself shows it.
	Held string
	// Updated is when it changed last; zero when that is not known.
	Updated time.Time
}

// Phases of a lifecycle in which it should hold what WHMCS sells; see workflows.Phase. In
// every other phase it is on its way.
const (
	lifeActive    = "active"
	lifeBlocked   = "blocked"
	lifeAttention = "attention"
)

// ourUsername is the name that WHMCS gives the account of a service, as this product's
// orders have it.
var OurUsername = regexp.MustCompile(`^u[0-9]+$`)

// rules is one application of the drift rules.
type rules struct {
	View
	servers  map[string]Sight
	services map[int]Billed
	lives    map[int]Life
	orders   map[int]Order
	// holds are the servers that carry a service's mark, in the panel's order.
	holds map[int][]string
	// used are the servers that a lifecycle holds.
	used map[string]bool
	// byIP are the live services that were delivered an address.
	byIP map[string][]int
	// at is the server with a main address.
	at map[string]Sight
	// byName are the services of an account.
	byName map[string][]Billed
	// shared is true when another installation works on the panel too.
	shared bool
	// told are the servers of which something was reported.
	told map[string]bool
	// strangers and retired count accounts; see DriftReport.
	Strangers, Retired int

	found []Drift
}

// Drifts applies the drift rules: the most severe first. Services that are on their way, or
// were less than Settle ago, are left out.
func Find(v View) []Drift { return NewRules(v).All() }

func NewRules(v View) *rules {
	r := &rules{
		View: v, servers: map[string]Sight{}, services: map[int]Billed{}, lives: map[int]Life{}, orders: map[int]Order{},
		holds: map[int][]string{}, used: map[string]bool{}, byIP: map[string][]int{}, at: map[string]Sight{}, byName: map[string][]Billed{}, told: map[string]bool{},
	}
	for _, s := range v.Servers {
		r.servers[s.ID] = s
		r.at[plainIP(s.IP)] = s
		r.shared = r.shared || slices.ContainsFunc(s.Marks, func(m holding.Mark) bool { return m.Installation != v.Installation })
		for _, m := range r.ours(s) {
			r.holds[m.ServiceID] = append(r.holds[m.ServiceID], s.ID)
		}
	}
	for _, l := range v.Lives {
		r.lives[l.ServiceID] = l
		r.used[l.ServerID] = r.used[l.ServerID] || l.Running && l.Panel == v.Panel
	}
	for _, o := range v.Orders {
		r.orders[o.ServiceID] = o
	}
	for _, b := range v.Services {
		r.services[b.ID] = b
		r.byName[b.Username] = append(r.byName[b.Username], b)
		if ip := plainIP(b.IP); b.alive() && ip != "" {
			r.byIP[ip] = append(r.byIP[ip], b.ID)
		}
	}
	return r
}

func (r *rules) All() []Drift {
	for _, s := range r.Servers {
		r.server(s)
	}
	for _, id := range r.everyService() {
		r.service(r.billed(id))
	}
	for _, a := range r.Accounts {
		r.account(a)
	}
	slices.SortStableFunc(r.found, func(a, b Drift) int {
		return cmp.Or(slices.Index(severities, a.Severity)-slices.Index(severities, b.Severity), a.ServiceID-b.ServiceID, strings.Compare(a.ServerID, b.ServerID))
	})
	return r.found
}

var severities = []Severity{SeverityHigh, SeverityMedium, SeverityLow}

// everyService lists the services that WHMCS, a lifecycle or a mark knows.
func (r *rules) everyService() []int {
	var ids []int
	for _, b := range r.Services {
		ids = append(ids, b.ID)
	}
	for _, l := range r.Lives {
		ids = append(ids, l.ServiceID)
	}
	for id := range r.holds {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (r *rules) billed(id int) Billed {
	if b, there := r.services[id]; there {
		return b
	}
	return Billed{ID: id, Status: statusDeleted}
}

// ours are the marks with which a service of this installation holds a server. A server in
// quarantine is set aside on purpose.
func (r *rules) ours(s Sight) []holding.Mark {
	return slices.DeleteFunc(slices.Clone(s.Marks), func(m holding.Mark) bool {
		held := m.Is(holding.StateClaimed) || m.Is(holding.StateInstalling) || m.Is(holding.StateActive) || m.Is(holding.StateReleasing)
		return m.Installation != r.Installation || !held
	})
}

// moving tells that a service is on its way from one state to another, or was a moment ago.
func (r *rules) moving(id int) bool {
	l := r.lives[id]
	if !l.Running {
		return false
	}
	settled := l.Phase == lifeActive || l.Phase == lifeBlocked || l.Phase == lifeAttention
	return !settled || r.Now.Sub(l.Updated) < r.Settle
}

// accountOf names who owns a server; the panel may show ids or names
// (docs/dcimanager.md 3.2).
func (r *rules) accountOf(owner string) string {
	if r.API.Owns(owner) {
		return "the API account"
	}
	for _, a := range r.Accounts {
		if a.Owns(owner) {
			return "account " + a.Name
		}
	}
	return "user " + owner
}

// owns tells whether the account of that name owns the server.
func (r *rules) owns(name string, s Sight) bool {
	if name == "" || s.Owner == "" {
		return false
	}
	i := slices.IndexFunc(r.Accounts, func(a holding.Account) bool { return a.Name == name })
	return i >= 0 && r.Accounts[i].Owns(s.Owner)
}

// longestText bounds every other text of a difference, in characters: some come from a panel.
const longestText = 500

// report adds a difference; the id comes from what it is about.
func (r *rules) report(d Drift) {
	parts := []string{string(d.Kind)}
	if d.ServiceID != 0 {
		parts = append(parts, fmt.Sprint(d.ServiceID))
	}
	if d.ServerID != "" && d.Kind != DriftTwice {
		parts = append(parts, d.ServerID)
	}
	if d.ID == "" {
		d.ID = strings.Join(parts, "-")
	}
	if d.ClientID == 0 {
		d.ClientID = r.services[d.ServiceID].ClientID
	}
	d.Label = r.servers[d.ServerID].Label
	d.What, d.Cause = holding.OneLine(d.What), holding.OneLine(d.Cause)
	for _, text := range []*string{&d.ID, &d.ServerID, &d.Label, &d.Repair, &d.Advice, &d.Reason} {
		*text = clean.Line(*text, longestText)
	}
	r.told[d.ServerID] = true
	r.found = append(r.found, d)
}

// plainIP spells an address in one way; empty when it is none.
func plainIP(text string) string {
	ip, err := netip.ParseAddr(strings.TrimSpace(text))
	if err != nil {
		return ""
	}
	return ip.Unmap().String()
}
