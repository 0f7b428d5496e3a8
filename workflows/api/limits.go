package api

import "unicode/utf8"

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

// Cut shortens a text to so many characters; what was cut shows as an ellipsis.
func Cut(text string, limit int) string {
	if len(text) <= limit || utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

// bounded cuts every text of an event.
func (e Event) bounded() Event {
	e.EventID, e.ServerID = Cut(e.EventID, LimitID), ID(Cut(string(e.ServerID), LimitID))
	e.Reason, e.Source = Cut(e.Reason, LimitReason), Cut(e.Source, LimitID)
	return e
}
