package simulator

import (
	"slices"
	"strings"
	"time"
)

// Server is a machine of the panel. A fleet needs to name little of it: the
// panel fills in what is empty.
type Server struct {
	ID   string `json:"id" yaml:"id"`
	Name string `json:"name" yaml:"name"`
	// Type is the list's text, TypeID the form's value; they need not be equal (docs/dcimanager.md 3.3).
	Type            string `json:"type" yaml:"type"`
	TypeID          string `json:"type_id" yaml:"type_id"`
	ChassisTemplate string `json:"chassis_templ" yaml:"chassis_templ"`
	Description     string `json:"gen_chassis_name" yaml:"gen_chassis_name"`
	Rack            string `json:"rack" yaml:"rack"`
	MAC             string `json:"mac" yaml:"mac"`
	Notes           string `json:"notes" yaml:"notes"`
	// Owner is a user id, empty for none. In a fleet a user name is understood too.
	Owner string `json:"owner" yaml:"owner"`
	// OwnerName is written only.
	OwnerName string `json:"owner_name,omitempty" yaml:"-"`
	// Hostname and IP are those of the main address; in a fleet they set it up.
	Hostname string `json:"hostname" yaml:"hostname"`
	IP       string `json:"ip" yaml:"ip"`

	Blocked         bool  `json:"blocked" yaml:"blocked"`
	Disabled        bool  `json:"disabled" yaml:"disabled"`
	HardwareProblem bool  `json:"hwproblem" yaml:"hwproblem"`
	Diagnostics     bool  `json:"diag_in_progress" yaml:"diag_in_progress"`
	Power           Power `json:"power" yaml:"power"`
	Installing      bool  `json:"install_in_progress" yaml:"-"`
	OperationFailed bool  `json:"operation_failed" yaml:"operation_failed"`
	// Template is the id of the installed OS template.
	Template string `json:"template" yaml:"template"`

	// FailInstalls is how many of the next installs fail, FailPower how many of the
	// next power commands end in a power error; below 0 is all.
	FailInstalls int `json:"fail_installs" yaml:"fail_installs"`
	FailPower    int `json:"fail_power" yaml:"fail_power"`

	// Burst, and In and Out in bytes, are figures of the traffic reports: made up when empty, left
	// out when "none".
	Burst string `json:"burst,omitempty" yaml:"burst"`
	In    string `json:"rx,omitempty" yaml:"rx"`
	Out   string `json:"tx,omitempty" yaml:"tx"`

	Addresses   []Address    `json:"addresses" yaml:"-"`
	Connections []Connection `json:"connections" yaml:"-"`
	Operation   Operation    `json:"operation,omitzero" yaml:"-"`
	Pending     []Change     `json:"pending,omitempty" yaml:"-"`
	Tenancy     Tenancy      `json:"tenancy" yaml:"-"`
}

// Power is the state behind the flags poweron, poweroff and powererror.
type Power string

// States of power.
const (
	PowerOn    Power = "on"
	PowerOff   Power = "off"
	PowerError Power = "error"
)

// Address is an IP address of a server.
type Address struct {
	ID     string `json:"id"`
	IP     string `json:"ip"`
	Domain string `json:"domain"`
	Family string `json:"family"`
	Group  string `json:"group"`
	Main   bool   `json:"main,omitempty"`
}

// Connection is a port of a switch or power unit, or the IPMI of a server.
type Connection struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	// Port of the switch or power unit, or the IPMI's address.
	Port string `json:"port"`
	On   bool   `json:"on"`
	// BusyUntil is when func_in_progress goes away.
	BusyUntil time.Time `json:"busy_until,omitzero"`
}

// Types of connections.
const (
	connectionSwitch = "Switch"
	connectionIPMI   = "IPMI"
	connectionPDU    = "PDU"
)

// Operation is the install that runs, or the last one.
type Operation struct {
	Template string    `json:"template"`
	Accepted time.Time `json:"accepted"`
	Ends     time.Time `json:"ends"`
}

// Tenancy is what happened to a server since it was last free; the invariants
// are judged by it.
type Tenancy struct {
	// Customer is the last user, other than the API account, that owned the server.
	Customer string `json:"customer,omitempty"`
	// Touched is true once anything but the form was changed.
	Touched bool `json:"touched,omitempty"`
	// Power is what it was when somebody became its owner.
	Power Power `json:"power,omitempty"`
	// Installs are the holders and numbers under which installs were accepted.
	Installs []string `json:"installs,omitempty"`
}

// tenant is the tenancy of a server that somebody rents whose install nobody here has seen.
func tenant(id string) Tenancy { return Tenancy{Customer: id, Installs: []string{""}} }

// freeHostname is the hostname of a server that nobody rents (docs/dcimanager.md R1).
const freeHostname = "free.ds"

func (s *Server) main() *Address {
	for i := range s.Addresses {
		if s.Addresses[i].Main {
			return &s.Addresses[i]
		}
	}
	return nil
}

// hostname is the domain of the main address (docs/dcimanager.md 5).
func (s *Server) hostname() string {
	if main := s.main(); main != nil {
		return main.Domain
	}
	return ""
}

func (s *Server) mainIP() string {
	if main := s.main(); main != nil {
		return main.IP
	}
	return ""
}

func (s *Server) extraIPs() []string {
	var extra []string
	for _, a := range s.Addresses {
		if !a.Main {
			extra = append(extra, a.IP)
		}
	}
	return extra
}

func (s *Server) blocked() bool { return s.Blocked || s.Disabled }

func (s *Server) address(id string) int {
	return slices.IndexFunc(s.Addresses, func(a Address) bool { return a.ID == id })
}

func (s *Server) connection(id string) *Connection {
	for i := range s.Connections {
		if s.Connections[i].ID == id {
			return &s.Connections[i]
		}
	}
	return nil
}

// rackName is the first word of the rack's text (docs/dcimanager.md 3.2).
func (s *Server) rackName() string {
	name, _, _ := strings.Cut(s.Rack, " ")
	return name
}

// clone is a copy that shares nothing.
func (s *Server) clone() Server {
	c := *s
	c.Addresses = append([]Address{}, s.Addresses...)
	c.Connections = append([]Connection{}, s.Connections...)
	c.Pending = slices.Clone(s.Pending)
	c.Tenancy.Installs = slices.Clone(s.Tenancy.Installs)
	return c
}
