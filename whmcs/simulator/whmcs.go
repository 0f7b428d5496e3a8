package simulator

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"

	"metalease/internal/tlstrust"
)

// WHMCS is a simulated WHMCS. It is an http.Handler.
type WHMCS struct {
	config  Config
	random  *rand.Rand
	gateway *http.Client
	mux     *http.ServeMux

	mu     sync.Mutex
	state  State
	faults []*Fault
	hangs  chan struct{}
	dirty  bool
	// locks keep the module functions of one service apart, as WHMCS does.
	locks map[int]*sync.Mutex
	// tokens sign a browser in once; sessions are browsers that are signed in.
	tokens   map[string]token
	sessions map[string]int
}

// New makes a WHMCS, from its state file when there is one.
func New(config Config) (*WHMCS, error) {
	if err := config.complete(); err != nil {
		return nil, err
	}
	trust, err := tlstrust.Config(config.GatewayCA, "")
	if err != nil {
		return nil, fmt.Errorf("the gateway's certificate: %w", err)
	}
	w := &WHMCS{
		config: config, random: rand.New(rand.NewPCG(uint64(config.Seed), 2)), hangs: make(chan struct{}), locks: map[int]*sync.Mutex{},
		tokens: map[string]token{}, sessions: map[string]int{},
		gateway: &http.Client{Timeout: gatewayTimeout, Transport: &http.Transport{TLSClientConfig: trust, MaxIdleConnsPerHost: 16}},
		// Empty lists, and not null, for programs that read them.
		state: State{Since: config.Now(), NextID: config.FirstID, Clients: []*Client{}, Orders: []*OrderRow{}, Services: []*Service{}, Mails: []Mail{},
			Queue: []QueueRow{}, Tickets: []*Ticket{}, Notifications: []Notification{}, Activity: []string{}, Counters: map[string]Count{}, Shelves: map[int]Shelf{}},
	}
	w.routes()
	err = w.load()
	w.stockShelves()
	return w, err
}

// ServeHTTP answers api.php, and /_sim/ for tests. What a call has changed stands
// in the state file before the call ends, even when its reply is lost.
func (w *WHMCS) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	defer func() {
		if err := w.Save(); err != nil {
			w.log("the state file was not written: %s", err)
		}
	}()
	w.mux.ServeHTTP(rw, r)
}

// Close lets go of calls that hang and writes the state file.
func (w *WHMCS) Close() error {
	w.ClearFaults()
	w.gateway.CloseIdleConnections()
	return w.Save()
}

// State is a copy of everything.
func (w *WHMCS) State() State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state.copy()
}

// service returns a copy of a service.
func (w *WHMCS) service(id int) (Service, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if s := w.state.Service(id); s != nil {
		return *s, true
	}
	return Service{}, false
}

// change changes the state.
func (w *WHMCS) change(how func(*State)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	how(&w.state)
	w.dirty = true
}

// edit changes a service.
func (w *WHMCS) edit(id int, how func(*Service)) {
	w.change(func(state *State) {
		if s := state.Service(id); s != nil {
			how(s)
		}
	})
}

// log writes a line of WHMCS's activity log.
func (w *WHMCS) log(format string, args ...any) {
	w.change(func(state *State) { state.Activity = append(state.Activity, fmt.Sprintf(format, args...)) })
}

// lock keeps module functions of one service from running side by side.
func (w *WHMCS) lock(id int) func() {
	w.mu.Lock()
	l, there := w.locks[id]
	if !there {
		l = &sync.Mutex{}
		w.locks[id] = l
	}
	w.mu.Unlock()
	l.Lock()
	return l.Unlock
}

// newID is an id that nothing of this WHMCS has had.
func (s *State) newID() int {
	s.NextID++
	return s.NextID
}

// password has sixteen characters of four classes.
func (w *WHMCS) password() string {
	classes := []string{"abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!#%+-_"}
	var b []byte
	for i := range 16 {
		class := classes[i%len(classes)]
		b = append(b, class[w.random.IntN(len(class))])
	}
	return string(b)
}

// stored is the state file: the state with the passwords that it does not show.
type stored struct {
	State     State          `json:"state"`
	Passwords map[int]string `json:"passwords"`
	Roots     map[int]string `json:"root_passwords,omitempty"`
}

func (w *WHMCS) load() error {
	if w.config.StateFile == "" {
		return nil
	}
	text, err := os.ReadFile(w.config.StateFile)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	file := stored{State: w.state} // so that what the file lacks stays empty
	if err := json.Unmarshal(text, &file); err != nil {
		return fmt.Errorf("state file %s: %w", w.config.StateFile, err)
	}
	w.state = file.State
	for _, s := range w.state.Services {
		s.Password, s.RootPassword = file.Passwords[s.ID], file.Roots[s.ID]
	}
	return nil
}

// Save writes the state file whole, or leaves the old one.
func (w *WHMCS) Save() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.config.StateFile == "" || !w.dirty {
		return nil
	}
	file := stored{w.state, map[int]string{}, map[int]string{}}
	for _, s := range w.state.Services {
		file.Passwords[s.ID] = s.Password
		if s.RootPassword != "" {
			file.Roots[s.ID] = s.RootPassword
		}
	}
	text, err := json.Marshal(file)
	if err != nil {
		return err
	}
	next := w.config.StateFile + ".new"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return err
	}
	w.dirty = false
	return os.Rename(next, w.config.StateFile)
}
