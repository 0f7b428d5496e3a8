package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// Panel is a simulated panel. It is an http.Handler.
type Panel struct {
	config Config
	random *rand.Rand

	mu       sync.Mutex
	state    State
	sessions map[string]session
	keys     map[string]string // session key to user name
	faults   []*Fault
	dirty    bool
	hangs    chan struct{}
	mux      *http.ServeMux
}

// New makes a panel, from its state file when there is one.
func New(config Config) (*Panel, error) {
	if err := config.fill(); err != nil {
		return nil, err
	}
	p := &Panel{
		config: config, random: rand.New(rand.NewPCG(uint64(config.Seed), 1)),
		sessions: map[string]session{}, keys: map[string]string{}, hangs: make(chan struct{}),
	}
	p.routes()
	loaded, err := p.load()
	if err != nil || loaded {
		return p, err
	}
	p.state = State{
		Since: config.Now(), NextID: 1000, Counters: map[string]Count{},
		PoolFree: map[string]int{"ipv4": config.PoolSize, "ipv6": config.PoolSize},
		Installs: []Install{}, Violations: []Violation{},
		Users: []*User{{ID: "3", Name: config.User, Level: levelAdmin, password: config.Password}},
	}
	seen := map[string]bool{}
	for _, s := range config.Fleet {
		if s.ID == "" || seen[s.ID] {
			return nil, fmt.Errorf("the fleet has the server id %q twice, or empty", s.ID)
		}
		seen[s.ID] = true
		p.state.Servers = append(p.state.Servers, p.newServer(s))
	}
	return p, nil
}

func (p *Panel) newServer(s Server) *Server {
	if s.Power == "" {
		s.Power = "off"
	}
	if len(s.IPs) == 0 {
		s.IPs = []Address{{ID: "ip" + s.ID, IP: s.IP, Domain: freeHostname}}
	}
	return &s
}

// Close ends calls that hang and writes the state file.
func (p *Panel) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.hangs:
	default:
		close(p.hangs)
	}
	return p.save()
}

// State is a copy of everything.
func (p *Panel) State() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settle()
	state := p.state
	state.Counters = maps.Clone(state.Counters)
	state.PoolFree = maps.Clone(state.PoolFree)
	state.Installs = slices.Clone(state.Installs)
	state.Violations = slices.Clone(state.Violations)
	state.Servers, state.Users = nil, nil
	for _, s := range p.state.Servers {
		one := *s
		one.IPs = slices.Clone(s.IPs)
		one.Due = slices.Clone(s.Due)
		state.Servers = append(state.Servers, &one)
	}
	for _, u := range p.state.Users {
		one := *u
		state.Users = append(state.Users, &one)
	}
	return state
}

// Violations are what clients did wrong so far.
func (p *Panel) Violations() []Violation { return p.State().Violations }

// Server returns one server of the state; nil when there is none.
func (s State) Server(id string) *Server {
	for _, server := range s.Servers {
		if server.ID == id {
			return server
		}
	}
	return nil
}

func (p *Panel) server(id string) *Server {
	for _, s := range p.state.Servers {
		if s.ID == id {
			return s
		}
	}
	return nil
}

func (p *Panel) user(match func(*User) bool) *User {
	for _, u := range p.state.Users {
		if match(u) {
			return u
		}
	}
	return nil
}

func (p *Panel) userByID(id string) *User { return p.user(func(u *User) bool { return u.ID == id }) }

func (p *Panel) userByName(name string) *User {
	return p.user(func(u *User) bool { return u.Name == name })
}

// stored is the state file: the state with the passwords that it does not show.
type stored struct {
	State     State             `json:"state"`
	Passwords map[string]string `json:"passwords"`
}

func (p *Panel) load() (bool, error) {
	if p.config.StateFile == "" {
		return false, nil
	}
	text, err := os.ReadFile(p.config.StateFile)
	if os.IsNotExist(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var file stored
	if err := json.Unmarshal(text, &file); err != nil {
		return false, fmt.Errorf("state file %s: %w", p.config.StateFile, err)
	}
	p.state = file.State
	for _, u := range p.state.Users {
		u.password = file.Passwords[u.ID]
	}
	return true, nil
}

// save writes the state file whole, or leaves the old one.
func (p *Panel) save() error {
	if p.config.StateFile == "" || !p.dirty {
		return nil
	}
	file := stored{State: p.state, Passwords: map[string]string{}}
	for _, u := range p.state.Users {
		file.Passwords[u.ID] = u.password
	}
	text, err := json.Marshal(file)
	if err != nil {
		return err
	}
	next := p.config.StateFile + ".new"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return err
	}
	p.dirty = false
	return os.Rename(next, p.config.StateFile)
}

// session is a login; it belongs to the caller's address and lives an hour after
// its last use (reference 2.3).
type session struct {
	user    string
	address string
	until   time.Time
}

// Save writes the state file if anything has changed.
func (p *Panel) Save() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.save()
}
