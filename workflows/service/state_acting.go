package service

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"metalease/internal/hostname"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// Acting is what is done with the server for its customer or for staff: one thing at a time.
type Acting struct {
	// Now is under way, or begins next. A signal or a person's answer sets it, its end clears it.
	Now *Action `json:"now,omitempty"`
	// Next is a change of addresses that waits until nothing else is done and nothing blocks the server:
	// it was paid for. A signal sets it; its beginning and a release clear it.
	Next *Action `json:"next,omitempty"`
	// Last is what ended last, for people.
	Last *api.Action `json:"last,omitempty"`
	// Stopped is what staff decide on. An end that they must see sets it; their answer, a good end of
	// another one of its kind and a release clear it.
	Stopped *Stopped `json:"stopped,omitempty"`
	// Later is one of another kind that waits until staff have decided on that one.
	Later *Stopped `json:"later,omitempty"`
	// Password is true while the password of a reinstall has to become the service's in WHMCS.
	Password bool `json:"password,omitempty"`
	// Unkept is the attention which says that WHMCS does not keep it; 0 while nobody was told.
	Unkept int `json:"unkept,omitempty"`
}

// Action is one thing that is done with the server.
type Action struct {
	api.Action
	// Wish is what was asked for, and when.
	Wish Wish `json:"wish"`
	// Joined counts the signals that ask for a waiting one.
	Joined int `json:"joined,omitempty"`
	// Begun is true once the panel may have heard of it.
	Begun bool `json:"begun,omitempty"`
	// Again is true for a reinstall that a person repeats: what became of the one before is read first.
	Again bool `json:"again,omitempty"`
	// Found is true for a reinstall that only the mark told of: it is looked at, and never asked for.
	Found bool `json:"found,omitempty"`
	// Watched is true for a reinstall that the panel has accepted: the watch of the install ends it.
	Watched bool `json:"watched,omitempty"`
	// Late is true once it has not ended in time, and staff were told.
	Late bool `json:"late,omitempty"`
	// Take are addresses that a person has agreed to take from the customer.
	Take []string `json:"take,omitempty"`
}

// Wish is the part of a signal that says what is to be done; its fields are those of api.Event, and
// were found right.
type Wish struct {
	At         time.Time      `json:"at"`
	Action     string         `json:"action,omitempty"`
	State      string         `json:"state,omitempty"`
	OSTemplate string         `json:"os_template,omitempty"`
	Recipe     string         `json:"recipe,omitempty"`
	IPv4       *int           `json:"ipv4,omitempty"`
	IPv6       *int           `json:"ipv6,omitempty"`
	Names      hostname.Names `json:"domains,omitempty"`
}

// Stopped is an action that did not end well, and that staff decide on.
type Stopped struct {
	Action  Action `json:"action"`
	Code    string `json:"code"`
	Message string `json:"message"`
	// ServerID is the server that it is about.
	ServerID string `json:"server_id,omitempty"`
	// Attention is its number, once it is shown.
	Attention int `json:"attention,omitempty"`
	// Surplus are addresses that accept takes.
	Surplus []string `json:"surplus,omitempty"`
}

// keepSurplus bounds the addresses that one accept takes: a person has to be able to read them.
const keepSurplus = 16

func newAction(kind string, event api.Event, now time.Time) *Action {
	wish := Wish{event.At.Time, event.Action, event.State, event.OSTemplate, event.Recipe, event.IPv4, event.IPv6, event.Domains}
	return &Action{Action: api.Action{Kind: kind, What: whatFor(kind, wish), By: event.Actor, Since: now}, Wish: wish, Joined: 1}
}

// whatFor is what a signal asks for, in a few words.
func whatFor(kind string, w Wish) string {
	switch {
	case kind == api.SignalPower && w.Action == running.PowerReboot:
		return "reboot"
	case kind == api.SignalPower:
		return "power " + w.Action
	case kind == api.SignalNetwork:
		return "network " + w.State
	case kind == api.SignalReinstall:
		return strings.TrimSuffix("reinstall with "+w.OSTemplate, " with ")
	}
	return "change of addresses"
}

// by is what is done and for whom, in a sentence.
func by(a api.Action) string { return a.What + ", asked for by " + a.By.String() }

// same tells whether two wishes come to the same: whoever clicks twice, or beside somebody else.
func (a *Action) same(b *Action) bool {
	x, y := a.Wish, b.Wish
	return a.Kind == b.Kind && x.Action == y.Action && x.State == y.State && x.OSTemplate == y.OSTemplate && x.Recipe == y.Recipe &&
		reflect.DeepEqual(x.IPv4, y.IPv4) && reflect.DeepEqual(x.IPv6, y.IPv6) && slices.Equal(x.Names, y.Names)
}

// until is when it is too late to begin; zero for what was paid for.
func (a *Action) until() time.Time {
	if a.Kind == api.SignalAddresses {
		return time.Time{}
	}
	return a.Wish.At.Add(running.WishLasts)
}

func (a *Action) tooLate(now time.Time) bool { return !a.until().IsZero() && !now.Before(a.until()) }

// asked is what is wanted on top of an earlier wish that was not begun yet.
func (a *Action) asked(newer *Action) bool {
	names := slices.Clone(a.Wish.Names)
	for _, named := range newer.Wish.Names {
		if i := slices.IndexFunc(names, func(n hostname.Named) bool { return n.IP == named.IP }); i >= 0 {
			names[i] = named
		} else {
			names = append(names, named)
		}
	}
	if len(names) > api.LimitDomains {
		return false
	}
	slices.SortFunc(names, func(a, b hostname.Named) int { return cmp.Compare(a.IP, b.IP) })
	if newer.Wish.IPv4 != nil {
		a.Wish.IPv4 = newer.Wish.IPv4
	}
	if newer.Wish.IPv6 != nil {
		a.Wish.IPv6 = newer.Wish.IPv6
	}
	a.Wish.Names, a.By, a.Since, a.Joined = names, newer.By, newer.Since, a.Joined+newer.Joined
	return true
}

// shown is what people are shown: what is done now, else what was done last.
func (a *Acting) shown() *api.Action {
	if a.Now != nil {
		now := a.Now.Action
		return &now
	}
	return a.Last
}
