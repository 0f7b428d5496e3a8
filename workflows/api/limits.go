package api

import (
	"metalease/internal/clean"
	"metalease/internal/hostname"
)

// Limits of texts, in characters. The gateway refuses what is longer; a signal from anywhere
// else is cut, for it is in the history already. State is bounded by them.
const (
	// LimitReason bounds reasons, sources and other words of people.
	LimitReason = 500
	// LimitID bounds ids and names of things.
	LimitID = 128
	// LimitName bounds packages, templates, recipes and groups.
	LimitName = 255
	// LimitMessage bounds what a vendor or an error says.
	LimitMessage = 1000
	// LimitInput bounds the input of a signal, in bytes.
	LimitInput = 16 << 10
	// LimitDomains bounds the addresses that are named in one call; a signal with more is refused.
	LimitDomains = 64
	// KeywordLimit bounds a search attribute.
	KeywordLimit = 255
)

// bounded cuts every text of an event.
func (e Event) bounded() Event {
	e.EventID, e.ServerID = clean.Cut(e.EventID, LimitID), ID(clean.Cut(string(e.ServerID), LimitID))
	e.Reason, e.Source = clean.Cut(e.Reason, LimitReason), clean.Cut(e.Source, LimitID)
	e.Actor.Name = clean.Line(e.Actor.Name, LimitID)
	for _, text := range []*string{&e.Actor.Kind, &e.Action, &e.State, &e.OSTemplate, &e.Recipe, &e.Confirm} {
		*text = clean.Cut(*text, LimitName+1) // one more, so that what is too long is told from what was cut
	}
	if len(e.Domains) > LimitDomains {
		e.Domains = e.Domains[:LimitDomains+1] // RunningFaults refuses it
	}
	for i, named := range e.Domains {
		e.Domains[i] = hostname.Named{IP: clean.Cut(named.IP, LimitID), Name: clean.Cut(named.Name, LimitName+1)}
	}
	return e
}
