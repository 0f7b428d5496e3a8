package simulator

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Panel is a running panel. It is an http.Handler; nothing runs in the
// background but the writer of a state file.
type Panel struct {
	cfg Config

	mu         sync.Mutex
	since      time.Time
	servers    []*Server
	byID       map[string]*Server
	users      []*User
	apiID      string
	lastID     int
	installs   []Install
	violations []Violation
	counters   map[string]Counter
	sessions   map[string]*session
	keys       map[string]loginKey
	// filter is the one that stays (FilterStays); nil is none.
	filter url.Values
	faults []*activeRule
	chance *rand.Rand
	dirty  bool

	closed chan struct{}
	once   sync.Once
	saver  sync.WaitGroup
}

// Counter counts the calls of a function.
type Counter struct {
	Requests int `json:"requests"`
	// Errors are error documents, and calls that a fault spoiled.
	Errors int `json:"errors"`
	// Bytes are those of the answers.
	Bytes int64 `json:"bytes"`
}

// Install is an OS install that the panel accepted.
type Install struct {
	At       time.Time `json:"at"`
	Server   string    `json:"server"`
	Template string    `json:"template"`
	Recipe   string    `json:"recipe,omitempty"`
	// Password is what the customer will type; tests compare it.
	Password string `json:"password"`
	// By is the name of the user; Mark is the mark in the notes, if there was one.
	By   string `json:"by"`
	Mark string `json:"mark,omitempty"`
	// Fails tells whether it will fail.
	Fails bool `json:"fails,omitempty"`
}

// The API account's id is what docs/dcimanager.md shows; other ids count from 100.
const (
	apiAccountID = "3"
	firstID      = 100
)

// New makes a panel. A state file that exists wins over the fleet.
func New(cfg Config) (*Panel, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	p := &Panel{
		cfg: cfg, since: cfg.Clock().UTC(), byID: map[string]*Server{}, lastID: firstID,
		counters: map[string]Counter{}, sessions: map[string]*session{}, keys: map[string]loginKey{},
		chance: rand.New(rand.NewPCG(uint64(cfg.Seed), 0)),
		closed: make(chan struct{}),
	}
	loaded, err := p.load()
	if err != nil {
		return nil, err
	}
	if !loaded {
		if err := p.populate(); err != nil {
			return nil, err
		}
	}
	for _, id := range cfg.FailInstalls {
		if p.byID[id] == nil {
			return nil, errors.New("fail installs: there is no server " + id)
		}
		p.byID[id].FailInstalls = -1
	}
	if cfg.StateFile != "" {
		if err := p.save(); err != nil {
			return nil, err
		}
		p.saver.Add(1)
		go p.keepSaving()
	}
	return p, nil
}

func (p *Panel) populate() error {
	fleet := fleetFile{Users: p.cfg.Users, Servers: p.cfg.Fleet}
	if len(fleet.Servers) == 0 && p.cfg.FleetFile != "" {
		file, err := readFleet(p.cfg.FleetFile)
		if err != nil {
			return err
		}
		fleet.Users, fleet.Servers = append(fleet.Users, file.Users...), file.Servers
	}
	if len(fleet.Servers) == 0 {
		fleet.Servers = makeFleet(p.cfg.Servers, p.cfg.Packages)
	}
	p.apiID = apiAccountID
	p.users = []*User{{ID: p.apiID, Name: p.cfg.User, Password: p.cfg.Password, Level: p.cfg.AdminLevel}}
	for _, user := range fleet.Users {
		if err := p.addUser(user); err != nil {
			return err
		}
	}
	return p.install(fleet.Servers)
}

// Close ends hanging calls and writes the state file a last time.
func (p *Panel) Close() {
	p.once.Do(func() {
		close(p.closed)
		p.saver.Wait()
	})
}

// ServeHTTP serves the panel under /dcimgr and /manager/dcimgr, consoles under /ipmi/, and its
// control under /_sim/. A fault that closes the connection panics with
// http.ErrAbortHandler, as the server wants it.
func (p *Panel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := strings.TrimSuffix(r.URL.Path, "/"); {
	case path == "/dcimgr", path == "/manager/dcimgr":
		p.serveCall(w, r)
	case strings.HasPrefix(r.URL.Path, "/ipmi/"):
		p.serveConsole(w, r)
	case strings.HasPrefix(r.URL.Path, "/_sim/"):
		p.serveControl(w, r)
	case path == "":
		http.Redirect(w, r, "/dcimgr", http.StatusFound)
	default:
		http.NotFound(w, r)
	}
}

// now does what was promised until now, and tells the time. The caller holds
// the lock.
func (p *Panel) now() time.Time {
	now := p.cfg.Clock()
	for _, s := range p.servers {
		if s.settle(now) {
			p.dirty = true
		}
	}
	return now
}

// Violations lists what clients did that no client may do.
func (p *Panel) Violations() []Violation {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Violation{}, p.violations...)
}

// newID is the next id of an address, connection or user.
func (p *Panel) newID() string {
	p.lastID++
	return number(p.lastID)
}

func (p *Panel) userByIDOrName(text string) *User {
	for _, by := range []func(*User) bool{
		func(u *User) bool { return u.ID == text },
		func(u *User) bool { return u.Name == text },
	} {
		if i := slices.IndexFunc(p.users, by); i >= 0 {
			return p.users[i]
		}
	}
	return nil
}

func (p *Panel) userName(id string) string {
	for _, u := range p.users {
		if u.ID == id {
			return u.Name
		}
	}
	return id
}
