// Package simulator is a DCImanager 5 panel with state, served over real HTTP.
//
// It answers as docs/dcimanager.md says, so that any client of the panel
// can use it unchanged, and it watches its clients: what no client may do is
// listed as a Violation. Time passes by deadlines that are looked at when a
// request comes, so a thousand servers cost nothing.
package simulator

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Config describes a panel. The zero value is an empty panel that does
// everything at once and behaves as docs/dcimanager.md guesses.
type Config struct {
	// Servers makes a fleet of that many, ids from 1, spread over Packages.
	Servers  int
	Packages []string
	// Fleet is an explicit fleet instead; FleetFile is read when Fleet is empty.
	Fleet     []Server
	FleetFile string

	// User and Password of the API account, an administrator. Default whmcsapi, secret.
	User, Password string
	// Users are further accounts.
	Users []User

	// InstallTime is how long an OS install takes, PowerTime how long a power command.
	InstallTime, PowerTime time.Duration
	// FlagDelay passes before any asynchronous flag appears or changes.
	FlagDelay time.Duration
	// SecondPorts is how many more switch ports each server has beside its first one.
	SecondPorts int
	// PoolSize is the number of extra addresses of each family; 0 is 256, below 0 none.
	PoolSize int
	// AddressGroups that the panel knows; default public and private.
	AddressGroups []string
	// Templates are ids of OS templates; default is a handful of ISPsystem's.
	Templates []string
	// FailInstalls are ids of servers whose installs all fail.
	FailInstalls []string
	// KeyLife is how long a login key works; 10 minutes when zero.
	KeyLife time.Duration
	// TrafficMissing are ids of servers that the traffic reports leave out.
	TrafficMissing []string
	// MinPassword is the least length of passwords; shorter ones are a bad value.
	MinPassword int
	// Seed makes chance (fault probabilities, traffic figures) repeatable.
	Seed int64
	// StateFile is read by New if it exists, and kept up to date.
	StateFile string
	// Log gets one line for each call; nil is silent.
	Log io.Writer
	// Clock is the panel's time; nil is the machine's.
	Clock func() time.Time

	// What docs/dcimanager.md leaves unconfirmed has a switch each, from here on (switches.go).

	// OwnerAsName lists owners by name, not by id (docs/dcimanager.md 3.2).
	OwnerAsName bool
	// FormOwnerAsName shows the owner in the server form by name. Saving wants an id either way.
	FormOwnerAsName bool
	// EmptyFlags leaves the text of set flags empty instead of "on" (docs/dcimanager.md 4.2).
	EmptyFlags bool
	// DisabledFlagOnly does not show a disabled server as blocked too (docs/dcimanager.md 4.5).
	DisabledFlagOnly bool
	// DisabledRefusesPowerOn and so on: what a disabled server refuses (docs/dcimanager.md 3.4).
	DisabledRefusesPowerOn, DisabledRefusesPowerOff, DisabledRefusesInstall bool
	// DisabledLetsCustomers lets a customer switch and install the own server while it is disabled.
	DisabledLetsCustomers bool
	// InstallWhileInstalling accepts an install while another one runs.
	InstallWhileInstalling bool
	// TemplateOnAccept shows the new template when an install is accepted, not when it is done.
	TemplateOnAccept bool
	// ClearFailureOnAccept clears operation_failed when an install is accepted, not when it appears.
	ClearFailureOnAccept bool
	// CancelMeansFailed leaves operation_failed behind a cancelled operation.
	CancelMeansFailed bool
	// CancelNeedsOperation refuses to cancel where nothing runs; else that does nothing.
	CancelNeedsOperation bool
	// Encoding of XML answers; UTF-8 when empty (docs/dcimanager.md 2.1).
	Encoding Encoding
	// LowerCaseDomains stores host names in lower case, whatever was sent.
	LowerCaseDomains bool
	// ReusableKeys lets a session key log in more than once (docs/dcimanager.md 2.3).
	ReusableKeys bool
	// RoamingSessions work from any address, not only from the one that logged in.
	RoamingSessions bool
	// NoCookieCheck lets a browser log in by key without a cookie and without checkcookie=no.
	NoCookieCheck bool
	// Console is what ipmiredirect answers; ConsoleSession when empty (docs/dcimanager.md 3.10).
	Console Console
	// Filter is what the server list does with a filter; FilterExact when empty (docs/dcimanager.md U7).
	Filter Filter
	// SwitchNames shows the name of the switch in the form of a connection (docs/dcimanager.md 3.8).
	SwitchNames bool
	// TrafficPlain leaves the exact number of bytes out of volumes (docs/dcimanager.md 3.9).
	TrafficPlain bool
	// LongIPv6 spells IPv6 addresses out in address lists (docs/dcimanager.md 5).
	LongIPv6 bool
	// DiagnosticsOnRelease is how long diagnostics run on a released server; 0 is none (docs/dcimanager.md R16).
	DiagnosticsOnRelease time.Duration
	// ErrorStatus is the HTTP status of error documents; default 200 (docs/dcimanager.md 2.1).
	ErrorStatus int
	// AuthErrorType answers a refused login: auth (default) or access (docs/dcimanager.md 2.2).
	AuthErrorType string
	// PoolErrorType answers when the address pool is empty; default limit.
	PoolErrorType string
	// MissingErrorType answers where an object is not there; default missed (docs/dcimanager.md 2.6).
	MissingErrorType string
	// RootListed has the superuser in the list of users, AdminLevel is the API account's there;
	// default 29 (docs/dcimanager.md 1 and 3.1).
	RootListed bool
	AdminLevel int
	// ListNotes shows the notes in the list of servers (docs/dcimanager.md 3.2).
	ListNotes bool
	// NotesLimit cuts notes at that many characters, 0 is none; NotesCRLF stores line breaks as two
	// characters (docs/dcimanager.md 3.3).
	NotesLimit int
	NotesCRLF  bool
	// FormTypeAsText shows the type in the form as the list does, not as a number (docs/dcimanager.md 3.3).
	FormTypeAsText bool
	// TemplatesWithoutID lists templates by name alone (docs/dcimanager.md 3.10).
	TemplatesWithoutID bool
	// PDUType is how a power unit is called in the list of connections; default PDU (docs/dcimanager.md 3.8).
	PDUType string
}

const (
	defaultUser     = "whmcsapi"
	defaultPassword = "secret"
	defaultPackage  = "E3-16G"
	defaultPool     = 256
)

var defaultTemplates = []string{
	"ISPsystem__Debian-12-x86_64", "ISPsystem__Ubuntu-24.04-x86_64", "ISPsystem__Ubuntu-22.04-x86_64",
	"ISPsystem__AlmaLinux-9-x86_64", "ISPsystem__Windows-Server-2022-x86_64",
}

func (c *Config) complete() error {
	setDefault(&c.User, defaultUser)
	setDefault(&c.Password, defaultPassword)
	setDefault(&c.AuthErrorType, typeAuth)
	setDefault(&c.PoolErrorType, typeLimit)
	setDefault(&c.MissingErrorType, typeMissed)
	setDefault(&c.PDUType, connectionPDU)
	if c.AdminLevel == 0 {
		c.AdminLevel = levelAdmin
	}
	switch {
	case c.PoolSize == 0:
		c.PoolSize = defaultPool
	case c.PoolSize < 0:
		c.PoolSize = 0
	}
	if c.ErrorStatus == 0 {
		c.ErrorStatus = http.StatusOK
	}
	if len(c.Packages) == 0 {
		c.Packages = []string{defaultPackage}
	}
	if len(c.AddressGroups) == 0 {
		c.AddressGroups = []string{"public", "private"}
	}
	if len(c.Templates) == 0 {
		c.Templates = slices.Clone(defaultTemplates)
	}
	if c.KeyLife == 0 {
		c.KeyLife = defaultKeyLife
	}
	if c.Console == "" {
		c.Console = ConsoleSession
	}
	if c.Filter == "" {
		c.Filter = FilterExact
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	switch {
	case c.Servers < 0 || c.Servers > maxServers:
		return fmt.Errorf("servers is %d: it must be from 0 to %d", c.Servers, maxServers)
	case c.PoolSize > maxPool:
		return fmt.Errorf("pool size is %d: it must be at most %d", c.PoolSize, maxPool)
	case strings.Contains(c.User, ":"):
		return fmt.Errorf("user %q has a colon, which authinfo cannot carry", c.User)
	case c.ErrorStatus < 200 || c.ErrorStatus > 599:
		return fmt.Errorf("error status is %d: it must be from 200 to 599", c.ErrorStatus)
	case c.AdminLevel <= levelUser:
		return fmt.Errorf("admin level is %d: it must be above %d, which is a customer's", c.AdminLevel, levelUser)
	case c.NotesLimit < 0:
		return fmt.Errorf("notes limit is negative")
	case c.KeyLife < 0:
		return fmt.Errorf("key life is negative")
	case !slices.Contains(consoles, c.Console):
		return fmt.Errorf("console is %q: it must be one of %v", c.Console, consoles)
	case !slices.Contains(filters, c.Filter):
		return fmt.Errorf("filter is %q: it must be one of %v", c.Filter, filters)
	case c.InstallTime < 0 || c.PowerTime < 0 || c.FlagDelay < 0 || c.DiagnosticsOnRelease < 0:
		return fmt.Errorf("a time is negative")
	}
	return c.Encoding.check()
}

func setDefault(value *string, otherwise string) {
	if *value == "" {
		*value = otherwise
	}
}

func number(n int) string { return strconv.Itoa(n) }
