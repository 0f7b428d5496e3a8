package simulator

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
)

// controlRoutes are the switches behind the panel, for tests. They are there for
// this machine only.
func (p *Panel) controlRoutes() {
	handle := func(pattern string, f http.HandlerFunc) {
		p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if ip := net.ParseIP(host(r.RemoteAddr)); ip != nil && !ip.IsLoopback() {
				http.Error(w, "/_sim/ is for this machine only", http.StatusForbidden)
				return
			}
			f(w, r)
		})
	}
	handle("GET /_sim/state", func(w http.ResponseWriter, _ *http.Request) { reply(w, p.State()) })
	handle("POST /_sim/faults", p.postFaults)
	handle("DELETE /_sim/faults", func(w http.ResponseWriter, _ *http.Request) {
		p.ClearFaults()
		reply(w, map[string]bool{"ok": true})
	})
	handle("POST /_sim/servers/{id}", p.postServer)
}

func reply(w http.ResponseWriter, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	write(w, http.StatusOK, "application/json", body)
}

func (p *Panel) postFaults(w http.ResponseWriter, r *http.Request) {
	var raw json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&raw); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var rules []Fault
	if json.Unmarshal(raw, &rules) != nil {
		var one Fault
		if err := json.Unmarshal(raw, &one); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		rules = []Fault{one}
	}
	for _, rule := range rules {
		if err := rule.check(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	for _, rule := range rules {
		_ = p.Fault(rule) // checked above, all before the first
	}
	reply(w, map[string]int{"rules": len(rules)})
}

// change is what an administrator at work can do to a server.
type change struct {
	// Owner is a user's name; empty frees the server.
	Owner    *string `json:"owner"`
	Notes    *string `json:"notes"`
	Hostname *string `json:"hostname"`
	Label    *string `json:"label"`
	Type     *string `json:"type"`
	Disabled *bool   `json:"disabled"`
	Hardware *bool   `json:"hwproblem"`
	Diag     *bool   `json:"diag_in_progress"`
	Failed   *bool   `json:"operation_failed"`
	Power    *string `json:"power"`
	Fails    *int    `json:"fail_installs"`
	NoPower  *bool   `json:"power_fails"`
	DeleteIP *string `json:"delete_ip"`
}

func (p *Panel) postServer(w http.ResponseWriter, r *http.Request) {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	var c change
	if err := decoder.Decode(&c); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := p.Change(r.PathValue("id"), c); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reply(w, map[string]bool{"ok": true})
}

// Change is an administrator at work on one server. It breaks no rule: people may.
func (p *Panel) Change(id string, c change) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settle()
	s := p.server(id)
	if s == nil {
		return fmt.Errorf("there is no server %s", id)
	}
	if c.Owner != nil {
		s.Owner, s.Customer = "", ""
		if user := p.userByName(*c.Owner); user != nil {
			s.Owner, s.Customer = user.ID, user.ID
		} else if *c.Owner != "" {
			return fmt.Errorf("there is no user %s", *c.Owner)
		}
	}
	if c.Hostname != nil {
		for i := range s.IPs {
			s.IPs[i].Domain = *c.Hostname
		}
	}
	if c.DeleteIP != nil {
		s.IPs = slices.DeleteFunc(s.IPs, func(a Address) bool { return a.IP == *c.DeleteIP })
	}
	set(&s.Notes, c.Notes)
	set(&s.Label, c.Label)
	set(&s.Type, c.Type)
	set(&s.Chassis, c.Type)
	set(&s.Disabled, c.Disabled)
	set(&s.HardwareProblem, c.Hardware)
	set(&s.Diagnostics, c.Diag)
	set(&s.OperationFailed, c.Failed)
	set(&s.Power, c.Power)
	set(&s.FailInstalls, c.Fails)
	set(&s.PowerFails, c.NoPower)
	p.dirty = true
	return nil
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// FailInstalls makes the next installs of a server fail.
func (p *Panel) FailInstalls(id string, n int) error { return p.Change(id, change{Fails: &n}) }
