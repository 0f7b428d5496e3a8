// Package tenant is what is asked of, and told about, a server that a customer has: the inputs and
// answers of package panel's activities for it.
package tenant

import (
	"time"

	"metalease/activities/holding"
	"metalease/internal/hostname"
)

// Server names a server that a customer has, and how something is done with it.
type Server struct {
	ServiceID int    `json:"service_id"`
	ClientID  int    `json:"client_id"`
	ServerID  string `json:"server_id"`
	// Account owns the server.
	Account holding.Account `json:"account"`
	// AsCustomer has the panel asked in the name of the customer's account, as its own buttons are
	// (docs/dcimanager.md R19).
	AsCustomer bool `json:"as_customer,omitempty"`
	// Until is when it is too late to begin: nobody wants a reboot hours after the click.
	Until time.Time `json:"until,omitzero"`
}

// Power is what SwitchPower does: on, off or reboot.
type Power struct {
	Server
	Action string        `json:"action"`
	Limit  time.Duration `json:"limit"`
	// Unsettled is true when an earlier switch may still come, because nobody saw its end: what the
	// panel shows already is not believed at once then.
	Unsettled bool `json:"unsettled,omitempty"`
}

// Network is what SwitchNetwork does.
type Network struct {
	Server
	On bool `json:"on,omitempty"`
}

// Port is one connection of a server to a switch; empty fields are not known.
type Port struct {
	Switch string `json:"switch,omitempty"`
	Port   string `json:"port,omitempty"`
	State  string `json:"state,omitempty"`
	// Problem is why it could not be switched.
	Problem string `json:"problem,omitempty"`
}

// Addresses is what ChangeAddresses brings a running server to.
type Addresses struct {
	Server
	// IPv4 and IPv6 count the wanted extra addresses; nil leaves them as they are.
	IPv4  *int   `json:"ipv4,omitempty"`
	IPv6  *int   `json:"ipv6,omitempty"`
	Group string `json:"group,omitempty"`
	// Hostname is what new addresses are called.
	Hostname string         `json:"hostname,omitempty"`
	Domains  hostname.Names `json:"domains,omitempty"`
	// Take are the addresses that a person has agreed to lose.
	Take []string `json:"take,omitempty"`
}

// Changed is the answer of ChangeAddresses.
type Changed struct {
	Main     string   `json:"main"`
	Extra    []string `json:"extra"`
	Hostname string   `json:"hostname"`
	// Surplus are addresses more than wanted, which nothing is done with before a person has agreed.
	Surplus []string `json:"surplus,omitempty"`
}

// SignOn asks for a way into the panel, or to the console of a server.
type SignOn struct {
	Server
	Console bool `json:"console,omitempty"`
	// Key is what the answer is sealed to (package signon).
	Key []byte `json:"key"`
}

// Facts are what staff ask about a server; an empty field is not known.
type Facts struct {
	Label  string `json:"label,omitempty"`
	MAC    string `json:"mac,omitempty"`
	Rack   string `json:"rack,omitempty"`
	Power  string `json:"power,omitempty"`
	IPMIIP string `json:"ipmi_ip,omitempty"`
	// Operation is what runs on the server, whoever started it.
	Operation string    `json:"operation,omitempty"`
	Blocked   bool      `json:"blocked,omitempty"`
	Ports     []Port    `json:"ports"`
	AsOf      time.Time `json:"as_of"`
}

// Reinstall is what StartReinstall installs; what was there is lost.
type Reinstall struct {
	Server
	OSTemplate string `json:"os_template"`
	Recipe     string `json:"recipe,omitempty"`
	// Number counts the installs of this server. It stands in the mark, so that a repeat of one
	// reinstall is told from the next one.
	Number int `json:"number"`
}

// Servers asks about servers of a panel, by their ids.
type Servers struct {
	IDs []string `json:"ids"`
}

// Usage is the answer about Servers. One of which the panel has no figures is not in it.
type Usage struct {
	Servers map[string]Traffic `json:"servers"`
	AsOf    time.Time          `json:"as_of"`
}

// Traffic is what a server has used; nil is unknown, which is not zero.
type Traffic struct {
	InBytes  *int64   `json:"in_bytes,omitempty"`
	OutBytes *int64   `json:"out_bytes,omitempty"`
	P95Mbit  *float64 `json:"p95_mbit,omitempty"`
}
