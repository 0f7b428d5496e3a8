// Package dcim is what metalease needs of a panel that manages servers: the types that it
// speaks of, its errors, the limits of the load on it, and the interface Backend. A client
// of one kind of panel implements Backend; dci5 is that of DCImanager 5, and package
// conformance tells whether a client keeps what is promised here.
package dcim

import "context"

// Backend is one panel. It is safe for concurrent use.
//
// A read returns what the panel shows when it is called. A write returns when the panel has
// accepted it; what it does shows in a later read, seconds or minutes after. Nothing is
// repeated by a backend: only its caller knows what a repeat would do. Errors are *Error, or
// context.Canceled for a call that was given up before anything was sent. Of a write that
// ends in ErrMayHaveHappened or another Uncertain error, only a later read can tell whether it
// was made; every other error means that it was not.
//
// Ids are of one object each: an empty one, or a list of several, is ErrValue and is not sent.
type Backend interface {
	// Name is the panel's configured name.
	Name() string
	// ReadOnly tells whether every write is refused: ErrReadOnly.
	ReadOnly() bool

	// Self is the account that we work as; it owns a server while nobody rents it. Nil as the
	// error means that the panel is one that this client speaks to, and that the login works.
	// Errors: ErrUnsupported, ErrCredentials.
	Self(ctx context.Context) (Account, error)
	// Accounts lists the accounts of customers, in the panel's order.
	Accounts(ctx context.Context) ([]Account, error)
	// CreateAccount creates the account of a customer. Errors: ErrExists, ErrValue with the
	// panel's rule for names or passwords.
	CreateAccount(ctx context.Context, name, password string) (Account, error)

	// Servers lists all servers, in the panel's order.
	Servers(ctx context.Context) ([]Server, error)
	// ServersWhere is Servers for those that a filter lets through. Whether a panel filters, and by
	// what, is not confirmed (docs/dcimanager.md U7): it may list all servers, take the value for a
	// part of the text, or refuse. So what the answer lacks is not gone. Errors: ErrValue for a filter
	// that is none.
	ServersWhere(ctx context.Context, where Where) ([]Server, error)
	// Record reads what the panel keeps about one server. Errors: ErrMissed.
	Record(ctx context.Context, serverID string) (Record, error)
	// Turn waits until that many calls about a server may be made and runs do, whose calls with
	// its context do not wait for their turn again: however many others want the panel, nothing
	// is waited for between what was read and what relies on it. All of them go with that
	// context; one without it may wait for this very turn to end. A turn within a turn is the
	// same one. Errors: that of do; before it, one that says that nothing was sent.
	Turn(ctx context.Context, serverID string, calls int, do func(context.Context) error) error
	// Update reads the record of a server and saves what decide makes of it, in one turn.
	// Nothing is saved when decide returns the zero Change, or an error, which Update returns as
	// it is. All that a Change does not name stays as it was. When the read fails nothing was
	// sent, and the error says so. Errors: ErrMissed.
	Update(ctx context.Context, serverID string, decide func(Record) (Change, error)) error
	// Block cuts the server off the network; Blocked shows it.
	Block(ctx context.Context, serverID string) error
	// Unblock puts it back. Its ports may be Busy some time longer than Blocked shows.
	Unblock(ctx context.Context, serverID string) error
	// Power switches the server; PowerOn, PowerOff or PowerError follows.
	Power(ctx context.Context, serverID string, to Power) error
	// Ports lists what the server hangs on, with as much of each as the list shows.
	Ports(ctx context.Context, serverID string) ([]Port, error)
	// PortDetails is Ports with all that the panel shows of each: one call for each port. A port
	// that goes away meanwhile stays as the list showed it.
	PortDetails(ctx context.Context, serverID string) ([]Port, error)
	// SwitchPort opens or closes one port; Busy shows that it is at work. Errors: ErrMissed,
	// ErrValue for a port of a blocked server that is to be opened.
	SwitchPort(ctx context.Context, serverID, portID string, on bool) error
	// Traffic is what the panel has counted, by server id: one call for each report, however many
	// servers there are. A server without a row has no entry; a report that the panel refuses
	// leaves its figures nil, unless it refuses all.
	Traffic(ctx context.Context) (map[string]Traffic, error)

	// Templates lists the OS templates of the panel.
	Templates(ctx context.Context) ([]Template, error)
	// InstalledTemplate is the id of the template that the server has; empty for none.
	InstalledTemplate(ctx context.Context, serverID string) (string, error)
	// Install installs an OS. Installing shows it; OperationFailed is set when it failed.
	Install(ctx context.Context, serverID string, in Install) error
	// Diagnose tests the hardware. Diagnostics shows it, and HardwareProblem what it found.
	Diagnose(ctx context.Context, serverID string) error
	// CancelOperation stops the install or test that runs on the server.
	CancelOperation(ctx context.Context, serverID string) error
	// Progress is the panel's text about the operation that runs, for people.
	Progress(ctx context.Context, serverID string) (string, error)

	// Addresses lists the server's addresses, the main one among them.
	Addresses(ctx context.Context, serverID string) ([]Address, error)
	// AddAddress adds one of the panel's choice. Errors: ErrLimit when none is left.
	AddAddress(ctx context.Context, serverID string, in NewAddress) (Address, error)
	// NameAddress names one address; the name of the main one is the server's hostname.
	NameAddress(ctx context.Context, serverID, addressID, domain string) error
	// DeleteAddress takes an address from the server.
	DeleteAddress(ctx context.Context, serverID, addressID string) error

	// The calls below are made in the name of an account: that of a customer, or Self. The panel
	// lets a customer touch the own servers only, and may refuse that too while one is blocked
	// (docs/dcimanager.md 2.3 and 3.4). An error before the call itself means that nothing was changed.
	// Errors: ErrDenied when the account may not, or is another one of staff; ErrMissed for an
	// account that the panel does not have.

	// PowerAs is Power.
	PowerAs(ctx context.Context, as Account, serverID string, to Power) error
	// InstallAs is Install. A customer's one carries no recipe: ErrValue.
	InstallAs(ctx context.Context, as Account, serverID string, in Install) error
	// SignOn makes a key with which a browser logs in as the account, once. It is a write, though
	// nothing of it shows in a later read.
	SignOn(ctx context.Context, as Account) (SignOn, error)
	// Console lets a browser see the server's IPMI console. ErrUnsupported when it cannot be
	// reached without a secret in its address.
	Console(ctx context.Context, as Account, serverID string) (SignOn, error)
}
