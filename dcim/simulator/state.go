package simulator

import (
	"fmt"
	"net/netip"
	"slices"
	"time"
)

// Server is one machine with everything that the panel knows of it.
type Server struct {
	ID       string    `json:"id" yaml:"id"`
	Label    string    `json:"label" yaml:"label"`
	IP       string    `json:"ip" yaml:"ip"`
	MAC      string    `json:"mac" yaml:"mac"`
	Notes    string    `json:"notes" yaml:"notes"`
	Type     string    `json:"type" yaml:"type"`
	Chassis  string    `json:"chassis_templ" yaml:"chassis_templ"`
	Rack     string    `json:"rack" yaml:"rack"`
	Owner    string    `json:"owner" yaml:"owner"` // user id; empty: nobody
	Template string    `json:"template,omitempty" yaml:"template"`
	IPs      []Address `json:"ips" yaml:"ips"`

	Disabled        bool `json:"disabled" yaml:"disabled"`
	HardwareProblem bool `json:"hwproblem" yaml:"hwproblem"`
	Diagnostics     bool `json:"diag_in_progress" yaml:"diag_in_progress"`
	// Power is on, off or error.
	Power           string `json:"power" yaml:"power"`
	Installing      bool   `json:"install_in_progress" yaml:"-"`
	OperationFailed bool   `json:"operation_failed" yaml:"operation_failed"`
	// PortsBusy is true while ports are being opened or closed.
	PortsBusy bool `json:"func_in_progress" yaml:"-"`
	// FailInstalls is how many of the next installs fail; PowerFails makes power fail.
	FailInstalls int  `json:"fail_installs,omitempty" yaml:"fail_installs"`
	PowerFails   bool `json:"power_fails,omitempty" yaml:"power_fails"`

	Due []transition `json:"due,omitempty" yaml:"-"`
	// Asked is the template of the running install, Fails how it will end.
	Asked string `json:"asked,omitempty" yaml:"-"`
	Fails bool   `json:"fails,omitempty" yaml:"-"`
	// Held is the service whose mark stands on the server, Customer the last user
	// of level 16 who owned it since it was free, InstallMark the last mark under
	// which an install was asked for.
	Held        string `json:"held,omitempty" yaml:"-"`
	Customer    string `json:"customer,omitempty" yaml:"-"`
	InstallMark string `json:"install_mark,omitempty" yaml:"-"`
}

// Address is one address of a server.
type Address struct {
	ID     string `json:"id" yaml:"id"`
	IP     string `json:"ip" yaml:"ip"`
	Domain string `json:"domain" yaml:"domain"`
}

// User is a panel user. Its password is never shown.
type User struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Level    int    `json:"level"`
	password string
}

// Install is one OS install that the panel accepted.
type Install struct {
	Server   string    `json:"server"`
	Template string    `json:"template"`
	Recipe   string    `json:"recipe"`
	Mark     string    `json:"mark,omitempty"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Failed   bool      `json:"failed,omitempty"`
}

// Violation is something that no good client does.
type Violation struct {
	At     time.Time `json:"at"`
	Server string    `json:"server"`
	Rule   string    `json:"rule"`
	What   string    `json:"what"`
}

// Count is what one function has cost.
type Count struct {
	Requests int   `json:"requests"`
	Bytes    int64 `json:"bytes"`
}

// State is everything, as /_sim/state shows it.
type State struct {
	Since      time.Time        `json:"since"`
	Servers    []*Server        `json:"servers"`
	Users      []*User          `json:"users"`
	Installs   []Install        `json:"installs"`
	Violations []Violation      `json:"violations"`
	Counters   map[string]Count `json:"counters"`
	PoolFree   map[string]int   `json:"pool_free"`
	NextID     int              `json:"next_id"`
}

// freeHostname is the hostname of a server that nobody rents (reference R1).
const freeHostname = "free.ds"

// levels of users (reference 3.1; 29 is unconfirmed).
const (
	levelUser  = 16
	levelAdmin = 29
)

// hostname is the domain of the main address (reference section 5).
func (s *Server) hostname() string {
	for _, a := range s.IPs {
		if a.IP == s.IP {
			return a.Domain
		}
	}
	return ""
}

// free is the panel's own definition (reference R1).
func (s *Server) free() bool {
	return s.Owner == "" && s.hostname() == freeHostname && !s.Disabled && !s.HardwareProblem && !s.Diagnostics
}

// transition is a change that the panel shows later.
type transition struct {
	At time.Time `json:"at"`
	Do string    `json:"do"`
}

// later plans a change of the server.
func (s *Server) later(at time.Time, do string) {
	s.Due = append(s.Due, transition{at, do})
	slices.SortStableFunc(s.Due, func(a, b transition) int { return a.At.Compare(b.At) })
}

// forget drops planned changes of these names.
func (s *Server) forget(names ...string) {
	s.Due = slices.DeleteFunc(s.Due, func(t transition) bool { return slices.Contains(names, t.Do) })
}

// settle applies what is due. No server costs anything between requests.
func (p *Panel) settle() {
	now := p.config.Now()
	for _, s := range p.state.Servers {
		for len(s.Due) > 0 && !s.Due[0].At.After(now) {
			t := s.Due[0]
			s.Due = s.Due[1:]
			p.apply(s, t)
		}
	}
}

func (p *Panel) apply(s *Server, t transition) {
	p.dirty = true
	switch t.Do {
	case "power on", "power off":
		s.Power = t.Do[len("power "):]
		if s.PowerFails {
			s.Power = "error"
		}
	case "disable":
		s.Disabled = true
	case "enable":
		s.Disabled = false
	case "ports busy":
		s.PortsBusy = true
	case "ports quiet":
		s.PortsBusy = false
	case "install shown":
		s.Installing, s.OperationFailed = true, false
	case "install over":
		s.Installing, s.OperationFailed = false, s.Fails
		if !s.Fails {
			s.Template = s.Asked
			s.Power = "on"
		}
	case "diagnostics over":
		s.Diagnostics = false
	}
}

// takeAddress takes a free address of the pool.
func (p *Panel) takeAddress(family string) (string, bool) {
	if p.state.PoolFree[family] <= 0 {
		return "", false
	}
	used := map[string]bool{}
	for _, s := range p.state.Servers {
		for _, a := range s.IPs {
			used[a.IP] = true
		}
	}
	for i := 1; i <= p.config.PoolSize; i++ {
		ip := fmt.Sprintf("198.19.%d.%d", i/250, 1+i%250)
		if family == "ipv6" {
			ip = netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i)).String()
		}
		if !used[ip] {
			p.state.PoolFree[family]--
			return ip, true
		}
	}
	return "", false
}

func (p *Panel) giveAddress(ip string) {
	if addr, err := netip.ParseAddr(ip); err == nil && addr.Is6() {
		p.state.PoolFree["ipv6"]++
		return
	}
	p.state.PoolFree["ipv4"]++
}

func (p *Panel) newID() string {
	p.state.NextID++
	return fmt.Sprint(p.state.NextID)
}
