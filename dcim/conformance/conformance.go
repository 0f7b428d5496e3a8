// Package conformance tells whether a client of a panel keeps what dcim.Backend promises. It
// works on a whole panel, real or simulated, that a test can look into, break and make wait.
package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// Verb is a call of dcim.Backend that a panel can break.
type Verb string

// Verbs. UpdateRead and UpdateWrite are the two halves of Update.
const (
	CreateAccount   Verb = "create account"
	UpdateRead      Verb = "update, read"
	UpdateWrite     Verb = "update, write"
	Block           Verb = "block"
	Unblock         Verb = "unblock"
	PowerOn         Verb = "power on"
	PowerOff        Verb = "power off"
	Reboot          Verb = "reboot"
	Install         Verb = "install"
	Diagnose        Verb = "diagnose"
	CancelOperation Verb = "cancel operation"
	AddAddress      Verb = "add address"
	NameAddress     Verb = "name address"
	DeleteAddress   Verb = "delete address"
	Servers         Verb = "servers"
	PowerOnAs       Verb = "power on, in a customer's name"
	InstallAs       Verb = "install, in a customer's name"
	OpenPort        Verb = "open port"
	ClosePort       Verb = "close port"
	Ports           Verb = "ports"
	PortDetails     Verb = "port details"
	Traffic         Verb = "traffic"
	// MakeKey and LogIn come before a call in the name of an account.
	MakeKey Verb = "make key"
	LogIn   Verb = "log in"
	Console Verb = "console"
)

// Fault is how a call goes wrong.
type Fault string

// Faults.
const (
	// Refused: the panel says no and changes nothing.
	Refused Fault = "refused"
	// Garbage: what answers is no panel; nothing is changed.
	Garbage Fault = "garbage"
	// LostRequest: the connection ends, and nothing is changed.
	LostRequest Fault = "lost request"
	// LostReply: the connection ends after the change was made.
	LostReply Fault = "lost reply"
	// Hang: no answer until the caller gives up.
	Hang Fault = "hang"
	// Flood: an answer without end.
	Flood Fault = "flood"
)

// Panel is the panel behind the backend. Its servers 1 to 4 are free, of the package
// PackageOne, and have the Template to choose.
type Panel interface {
	// Break has the next calls of a verb go wrong.
	Break(t *testing.T, verb Verb, fault Fault)
	// Mend ends that.
	Mend()
	// Pass has the panel's time pass, so that it does what it has accepted.
	Pass(d time.Duration)
	// Writes counts the writes that have reached the panel, whatever became of them.
	Writes() int
	// SetOwner is a person who gives a server to an account.
	SetOwner(t *testing.T, serverID string, account dcim.Account)
	// SetLabel is a person who writes a server's label.
	SetLabel(t *testing.T, serverID, label string)
	// Label is a server's label as it stands in the panel.
	Label(t *testing.T, serverID string) string
	// Browse is a browser that is let in, and returns the page that it sees: with the name of the
	// account, or of the server whose console it is.
	Browse(t *testing.T, in dcim.SignOn) string
}

// What the panel of a test has.
const (
	PackageOne = "E3-16G"
	Template   = "ISPsystem__Debian-12-x86_64"
	// Soon is how long the panel takes for whatever it has accepted, at most.
	Soon = time.Minute
	// InstallTime is how long an install takes: longer than Soon.
	InstallTime = 10 * time.Minute
)

// Options of the backend of a test.
type Options struct {
	ReadOnly bool
	// Concurrency is in requests at a time, one of them kept for urgent ones; 0 is the default.
	Concurrency int
}

// Open returns a new panel and a backend on it.
type Open func(t *testing.T, o Options) (dcim.Backend, Panel)

// Run holds a backend to dcim.Backend.
func Run(t *testing.T, open Open) {
	t.Helper()
	for name, test := range map[string]func(*suite){
		"who we are":              (*suite).self,
		"accounts":                (*suite).accounts,
		"stock":                   (*suite).stock,
		"filters":                 (*suite).filters,
		"update":                  (*suite).update,
		"update that decides":     (*suite).updateDecides,
		"update in one turn":      (*suite).updateInOneTurn,
		"turn":                    (*suite).turn,
		"update without a read":   (*suite).updateWithoutARead,
		"block":                   (*suite).block,
		"power":                   (*suite).power,
		"install":                 (*suite).install,
		"cancelled install":       (*suite).cancelledInstall,
		"diagnostics":             (*suite).diagnostics,
		"cancelled diagnostics":   (*suite).cancelledDiagnostics,
		"one operation at a time": (*suite).oneOperation,
		"addresses":               (*suite).addresses,
		"missing objects":         (*suite).missing,
		"ids of several":          (*suite).ids,
		"what is observed":        (*suite).observed,
		"urgent calls":            (*suite).urgent,
		"given up before a turn":  (*suite).givenUp,
		"what is no character":    (*suite).noCharacter,
		"a list without end":      (*suite).listWithoutEnd,
		"nothing to cancel":       (*suite).nothingToCancel,
		"in a customer's name":    (*suite).inTheNameOf,
		"whose name":              (*suite).whoseName,
		"reinstall by a customer": (*suite).reinstall,
		"sign-on":                 (*suite).signOn,
		"before the call":         (*suite).beforeTheCall,
		"ports":                   (*suite).ports,
		"traffic":                 (*suite).traffic,
		"names of addresses":      (*suite).namesOfAddresses,
		"reads that fail":         (*suite).failingReads,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&suite{T: t, open: open})
		})
	}
	for _, w := range writes {
		for _, fault := range []Fault{Refused, Garbage, LostRequest, LostReply, Hang} {
			t.Run(string(fault)+"/"+string(w.verb), func(t *testing.T) {
				t.Parallel()
				s := &suite{T: t, open: open}
				s.fault(w, fault)
			})
		}
	}
}

// suite is one test.
type suite struct {
	*testing.T
	open Open
	b    dcim.Backend
	p    Panel
}

func (s *suite) start(o Options) {
	s.Helper()
	s.b, s.p = s.open(s.T, o)
}

func (s *suite) ctx() context.Context { return s.Context() }

// server is the row of a server.
func (s *suite) server(id string) dcim.Server {
	s.Helper()
	servers, err := s.b.Servers(s.ctx())
	require.NoError(s, err)
	for _, server := range servers {
		if server.ID == id {
			return server
		}
	}
	s.Fatalf("the panel lists no server %s", id)
	return dcim.Server{}
}

func (s *suite) record(id string) dcim.Record {
	s.Helper()
	record, err := s.b.Record(s.ctx(), id)
	require.NoError(s, err)
	return record
}

// hold makes us the owner of a server, as a claim does.
func (s *suite) hold(id, notes string) dcim.Account {
	s.Helper()
	api, err := s.b.Self(s.ctx())
	require.NoError(s, err)
	require.NoError(s, s.b.Update(s.ctx(), id, func(dcim.Record) (dcim.Change, error) { return dcim.Assign(api, notes), nil }))
	return api
}
