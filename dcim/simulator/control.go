package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
)

// serveControl answers /_sim/*, to callers on this machine only.
func (p *Panel) serveControl(w http.ResponseWriter, r *http.Request) {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		answer(w, http.StatusForbidden, problem("/_sim/ answers callers on this machine only"))
		return
	}
	id, isServer := strings.CutPrefix(r.URL.Path, "/_sim/servers/")
	switch call := r.Method + " " + r.URL.Path; {
	case call == "GET /_sim/state":
		answer(w, http.StatusOK, p.State())
	case call == "POST /_sim/faults":
		p.postFaults(w, r)
	case call == "DELETE /_sim/faults":
		p.ClearFaults()
		answer(w, http.StatusOK, map[string]bool{"ok": true})
	case r.Method == http.MethodPost && isServer:
		p.postServer(w, r, id)
	default:
		answer(w, http.StatusNotFound, problem("there is GET /_sim/state, POST and DELETE /_sim/faults, POST /_sim/servers/{id}"))
	}
}

func problem(text string) map[string]string { return map[string]string{"error": text} }

func answer(w http.ResponseWriter, status int, body any) {
	text, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be encoded"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a caller that went away is no concern
}

// decode reads a body strictly: an unknown field is an error.
func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if decoder.More() {
		return fmt.Errorf("there is more than one value")
	}
	return nil
}

func (p *Panel) postFaults(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	rules := make([]Rule, 1)
	if err == nil {
		if strings.HasPrefix(strings.TrimSpace(string(text)), "[") {
			err = decode(text, &rules)
		} else {
			err = decode(text, &rules[0])
		}
	}
	if err == nil {
		err = p.Fault(rules...)
	}
	if err != nil {
		answer(w, http.StatusBadRequest, problem("a fault is {function, effect, count, skip, probability, type, object, server, element, delay}: "+err.Error()))
		return
	}
	answer(w, http.StatusCreated, map[string]int{"added": len(rules)})
}

// patch is what an administrator does to a server by hand. Absent fields stay.
type patch struct {
	Owner           *string `json:"owner"` // id or name; empty or no_owner for none
	Name            *string `json:"name"`
	MAC             *string `json:"mac"`
	Notes           *string `json:"notes"`
	Hostname        *string `json:"hostname"`
	Type            *string `json:"type"`
	ChassisTemplate *string `json:"chassis_templ"`
	Template        *string `json:"template"`
	Blocked         *bool   `json:"blocked"`
	Disabled        *bool   `json:"disabled"`
	HardwareProblem *bool   `json:"hwproblem"`
	Diagnostics     *bool   `json:"diag_in_progress"`
	Installing      *bool   `json:"install_in_progress"`
	OperationFailed *bool   `json:"operation_failed"`
	Power           *Power  `json:"power"`
	FailInstalls    *int    `json:"fail_installs"`
	FailPower       *int    `json:"fail_power"`
	DeleteIP        *string `json:"delete_ip"`
	AddIP           *string `json:"add_ip"` // an address, or ipv4 or ipv6 for one of the pool
	// Burst, and In and Out in bytes, are figures of the traffic reports; "none" leaves one out.
	Burst *string `json:"burst"`
	In    *string `json:"rx"`
	Out   *string `json:"tx"`
	// PowerCommand and Install are asked for in the panel itself, by the user By or the owner.
	PowerCommand *string `json:"power_command"` // on, off or reboot
	Install      *string `json:"install"`       // id of a template
	By           *string `json:"by"`            // id or name
}

func (p *Panel) postServer(w http.ResponseWriter, r *http.Request, id string) {
	change, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
	var server Server
	if err == nil {
		server, err = p.Administer(id, change)
	}
	switch {
	case errors.Is(err, errNoServer):
		answer(w, http.StatusNotFound, problem(err.Error()))
	case err != nil:
		answer(w, http.StatusBadRequest, problem(err.Error()))
	default:
		answer(w, http.StatusOK, server)
	}
}

var errNoServer = errors.New("there is no such server")

// Administer changes a server by hand, as POST /_sim/servers/{id} with this JSON
// body does, and returns what it looks like then.
func (p *Panel) Administer(id string, change []byte) (Server, error) {
	var fields patch
	if err := decode(change, &fields); err != nil {
		return Server{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now()
	server := p.byID[id]
	if server == nil {
		return Server{}, fmt.Errorf("%w: %s", errNoServer, id)
	}
	if err := p.administer(server, fields); err != nil {
		return Server{}, err
	}
	return p.show(server), nil
}

// administer works on a copy, so that a bad change changes nothing.
func (p *Panel) administer(server *Server, change patch) error {
	s := server.clone()
	if change.Owner != nil {
		owner := &User{}
		if *change.Owner != "" && *change.Owner != noOwner {
			if owner = p.userByIDOrName(*change.Owner); owner == nil {
				return fmt.Errorf("owner %q is no user of the panel", *change.Owner)
			}
		}
		s.Owner = owner.ID
		p.noteOwner(server, &s)
		if s.Tenancy.Customer == owner.ID && owner.ID != "" && len(s.Tenancy.Installs) == 0 {
			s.Tenancy = tenant(owner.ID)
		}
	}
	if change.Power != nil {
		if !slices.Contains([]Power{PowerOn, PowerOff, PowerError}, *change.Power) {
			return fmt.Errorf("power is %q: it must be on, off or error", *change.Power)
		}
		s.drop(changePower)
	}
	if change.Installing != nil {
		s.drop(changeInstalling, changeInstalled, changeFailed)
	}
	if err := p.administerAddresses(&s, change); err != nil {
		return err
	}
	set(&s.Name, change.Name)
	set(&s.MAC, change.MAC)
	set(&s.Notes, change.Notes)
	set(&s.Type, change.Type)
	set(&s.ChassisTemplate, change.ChassisTemplate)
	set(&s.Template, change.Template)
	set(&s.Blocked, change.Blocked)
	set(&s.Disabled, change.Disabled)
	set(&s.HardwareProblem, change.HardwareProblem)
	set(&s.Diagnostics, change.Diagnostics)
	set(&s.Installing, change.Installing)
	set(&s.OperationFailed, change.OperationFailed)
	set(&s.Power, change.Power)
	set(&s.FailInstalls, change.FailInstalls)
	set(&s.FailPower, change.FailPower)
	set(&s.Burst, change.Burst)
	set(&s.In, change.In)
	set(&s.Out, change.Out)
	if err := p.actByHand(&s, change); err != nil {
		return err
	}
	*server = s
	p.dirty = true
	return nil
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func (p *Panel) administerAddresses(s *Server, change patch) error {
	if change.Hostname != nil {
		if s.main() == nil {
			return fmt.Errorf("server %s has no main address to name", s.ID)
		}
		s.main().Domain = *change.Hostname
	}
	if change.DeleteIP != nil {
		i := slices.IndexFunc(s.Addresses, func(a Address) bool { return a.IP == *change.DeleteIP })
		if i < 0 {
			return fmt.Errorf("server %s has no address %q", s.ID, *change.DeleteIP)
		}
		s.Addresses = slices.Delete(s.Addresses, i, i+1)
	}
	if change.AddIP == nil {
		return nil
	}
	wanted, kind := *change.AddIP, familyIPv4
	if strings.Contains(wanted, ":") || wanted == familyIPv6 {
		kind = familyIPv6
	}
	if wanted == familyIPv4 || wanted == familyIPv6 {
		wanted = ""
	}
	ip, err := p.chooseIP(wanted, kind)
	if err != nil {
		return err
	}
	s.Addresses = append(s.Addresses, Address{ID: p.newID(), IP: ip, Domain: s.hostname(), Family: kind, Group: p.cfg.AddressGroups[0]})
	return nil
}
