package api

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"time"
	"unicode/utf8"

	"metalease/internal/clean"
	"metalease/internal/hostname"
)

// Actor is who asks, for the timeline. What a client asks for is done as the client's account on the panel.
type Actor struct {
	Kind string `json:"kind,omitempty"`
	Name string `json:"name,omitempty"`
}

// String is the actor in a sentence: "client jane@example.com".
func (a Actor) String() string {
	kind := cmp.Or(a.Kind, ActorSystem)
	if a.Name == "" {
		return kind
	}
	return kind + " " + a.Name
}

// Action is what is being done with a running server: part of the status.
type Action struct {
	// Kind is the name of the signal.
	Kind string `json:"kind"`
	// What it does, in a few words: "reboot", "reinstall with ISPsystem__Debian-12-x86_64".
	What  string    `json:"what"`
	By    Actor     `json:"by"`
	Since time.Time `json:"since"`
	// EndedAt is zero while it runs.
	EndedAt time.Time `json:"ended_at,omitzero"`
	// Problem is why the newest action of its kind did not end well; empty while it runs.
	Problem string `json:"problem,omitempty"`
}

// RunningFaults names every field of a signal of a running server that no server can have.
func (e Event) RunningFaults(kind string) []FieldError {
	var faults []FieldError
	fault := func(bad bool, field, reason string) {
		if bad {
			faults = append(faults, FieldError{field, reason})
		}
	}
	switch e.Actor.Kind {
	case "", ActorClient, ActorStaff, ActorSystem:
	default:
		fault(true, "actor.kind", "must be client, staff or system")
	}
	switch kind {
	case SignalPower:
		fault(!slices.Contains([]string{"on", "off", "reboot"}, e.Action), "action", "must be on, off or reboot")
	case SignalReinstall:
		fault(e.OSTemplate == "", "os_template", "must be a template id of the panel, such as ISPsystem__Debian-12-x86_64")
		fault(utf8.RuneCountInString(e.OSTemplate) > LimitName, "os_template", fmt.Sprintf("must have at most %d characters", LimitName))
		fault(utf8.RuneCountInString(e.Recipe) > LimitName, "recipe", fmt.Sprintf("must have at most %d characters", LimitName))
		fault(e.Confirm == "", "confirm", "must be the host name of the server: all its data will be lost")
	case SignalNetwork:
		fault(e.State != "on" && e.State != "off", "state", "must be on or off")
		fault(e.Actor.Kind == ActorClient, "actor.kind", "only staff switch the network")
	case SignalAddresses:
		count := func(n *int, field string) {
			fault(n != nil && (*n < 0 || *n > maxExtraAddresses), field, fmt.Sprintf("must be a count from 0 to %d", maxExtraAddresses))
		}
		count(e.IPv4, "ipv4")
		count(e.IPv6, "ipv6")
		fault(e.IPv4 == nil && e.IPv6 == nil && len(e.Domains) == 0, "domains", "or ipv4, or ipv6 must say what is to change")
		fault(len(e.Domains) > LimitDomains, "domains", fmt.Sprintf("must name at most %d addresses", LimitDomains))
		for _, named := range e.Domains {
			field := "domains." + clean.Line(named.IP, LimitID)
			_, err := netip.ParseAddr(named.IP)
			fault(err != nil, field, "is no address")
			fault(!hostname.Valid(named.Name), field, "must be a host name such as s101.example.com")
			fault(hostname.Same(named.Name, freeName), field, "free.ds marks a free server")
		}
	}
	return faults
}

// freeName is the host name of a free server (docs/dcimanager.md R1).
const freeName = "free.ds"
