package dcim

// FreeHostname is the hostname of a server that nobody rents (docs/dcimanager.md R1).
const FreeHostname = "free.ds"

// Server is a row of the panel's list.
type Server struct {
	ID string
	// Label is the text on the server. Hostname is the domain of the main address IP.
	Label, Hostname, IP string
	// Owner is an account's id or name, or empty for nobody: Account.Owns compares.
	Owner string
	// Configuration and Type say what the server is; a package is either.
	Configuration, Type string
	Rack                string
	// Console is what the panel calls the server's IPMI; empty when the list shows none.
	Console string

	// Blocked is set while the server is cut off the network.
	Blocked bool
	// HardwareProblem is the result of a test; Diagnostics is set while one runs.
	HardwareProblem, Diagnostics bool
	// PowerOn, PowerOff and PowerError: one of them follows a power command. None may be set.
	PowerOn, PowerOff, PowerError bool
	// Installing is set while an operation runs. OperationFailed may be left over from an
	// earlier one (docs/dcimanager.md 5).
	Installing, OperationFailed bool
	// Unreadable is why the row was not read whole; empty when it was. What else is set then may
	// lack something, so such a server is not free.
	Unreadable string
}

// Free is the panel's own definition of a server that may be sold (docs/dcimanager.md R1).
func (s Server) Free() bool {
	return s.ID != "" && s.Unreadable == "" && s.Owner == "" && s.Hostname == FreeHostname && !s.Blocked && !s.HardwareProblem && !s.Diagnostics
}

// Matches tells whether the server is of a package: its Configuration or its Type is exactly
// that (docs/dcimanager.md R2).
func (s Server) Matches(pkg string) bool {
	return pkg != "" && (s.Configuration == pkg || s.Type == pkg)
}

// Package is the one name under which the server is counted; empty when it has none.
func (s Server) Package() string {
	if s.Configuration != "" {
		return s.Configuration
	}
	return s.Type
}

// Where is a filter of the panel's list: by id, or by the owner as the list shows it. One of them is set.
type Where struct{ ID, Owner string }

// Power is a power command.
type Power string

// Power commands.
const (
	PowerOn  Power = "on"
	PowerOff Power = "off"
	Reboot   Power = "reboot"
)

// Port is what a server hangs on. What the panel does not show is empty or nil.
type Port struct {
	ID string
	// Type is PortSwitch or PortIPMI; other spellings are not confirmed (docs/dcimanager.md 3.8).
	Type string
	// Switch and Name say where the cable ends: on which switch, and in which of its ports. IP is
	// the address of an IPMI.
	Switch, Name, IP string
	// On tells whether the port is open.
	On *bool
	// Busy is true while the port is being opened or closed.
	Busy bool
}

// Types of ports.
const (
	PortSwitch = "Switch"
	PortIPMI   = "IPMI"
)

// Address is one IP address of a server.
type Address struct{ ID, IP, Domain string }

// NewAddress asks the panel for an address of its own choice.
type NewAddress struct {
	// Domain names it.
	Domain string
	// Group is the address group, such as public.
	Group string
	// Family is ipv4 or ipv6.
	Family string
}

// Families of addresses.
const (
	IPv4 = "ipv4"
	IPv6 = "ipv6"
)
