package api

import "metalease/internal/clean"

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
)

// bounded cuts every text of an event.
func (e Event) bounded() Event {
	e.EventID, e.ServerID = clean.Cut(e.EventID, LimitID), ID(clean.Cut(string(e.ServerID), LimitID))
	e.Reason, e.Source = clean.Cut(e.Reason, LimitReason), clean.Cut(e.Source, LimitID)
	return e
}
