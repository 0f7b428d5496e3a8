package panel

import (
	"fmt"
	"slices"
	"strings"

	"metalease/activities/holding"
)

// seen is what the panel showed before the install was asked for; it tells a
// new install from an old one when the reply was lost.
type seen struct {
	template string
	failed   bool
	// accepted is true once the panel has answered that it will install.
	accepted bool
	// unsaid is true while the mark does not say so yet. It is no part of the mark.
	unsaid bool
	// again is true once it was asked for a second time, because nothing had begun.
	again bool
}

// provesNothing tells whether nobody could tell, once the reply is lost, that an install of that
// template has ended well: one that has not begun would look the same.
func (s seen) provesNothing(template string) bool { return s.template == word(template) || s.failed }

// installingState is the mark's state before install n: "installing 1 was=TEMPLATE".
func installingState(n int, before seen) string {
	state := fmt.Sprintf("%s %d", holding.StateInstalling, n)
	if before.accepted {
		state += " accepted"
	}
	if before.again {
		state += " again"
	}
	if before.failed {
		state += " failed"
	}
	if before.template != "" {
		state += " " + wasTemplate + word(before.template)
	}
	return state
}

const wasTemplate = "was="

// word is a text without what would end it in a mark, or begin another one.
func word(text string) string { return strings.Join(strings.Fields(holding.OneLine(text)), "_") }

// withInstall is a mark's state that announces install n. Of a server that a customer has it stays
// that: "active installing 2 was=TEMPLATE", with what else stands there.
func withInstall(state string, n int, before seen) string {
	if !(holding.Mark{State: state}).Is(holding.StateActive) {
		return installingState(n, before)
	}
	words := strings.Fields(withoutInstall(state))
	return strings.Join(slices.Insert(words, 1, installingState(n, before)), " ")
}

// stillInstall adds to what a mark says of an install that it announces still.
func stillInstall(n int, before seen) func(state string) string {
	return func(state string) string {
		if InstallNumber(holding.Mark{State: state}) != n {
			return state
		}
		return withInstall(state, n, before)
	}
}

// withoutInstall is a mark's state that announces no install.
func withoutInstall(state string) string {
	words := strings.Fields(state)
	at := announcedAt(words)
	switch {
	case at < 0:
		return state
	case at == 0:
		return holding.StateClaimed
	}
	end := at + 2
	for end < len(words) && ofInstall(words[end]) {
		end++
	}
	return strings.Join(slices.Delete(words, at, min(end, len(words))), " ")
}

// announcedAt is where in the words of a state the announcement of an install begins; -1 is nowhere.
func announcedAt(words []string) int {
	for at := range min(2, len(words)) {
		if words[at] == holding.StateInstalling && (at == 0 || words[0] == holding.StateActive) {
			return at
		}
	}
	return -1
}

// ofInstall tells whether a word belongs to the announcement before it.
func ofInstall(word string) bool {
	return word == "accepted" || word == "again" || word == "failed" || strings.HasPrefix(word, wasTemplate)
}

// askedInstall reads the announcement back; number 0 means no install.
func askedInstall(mark holding.Mark) (before seen, number int) {
	words := strings.Fields(mark.State)
	at := announcedAt(words)
	if at < 0 || len(words) < at+2 {
		return seen{}, 0
	}
	if _, err := fmt.Sscanf(words[at+1], "%d", &number); err != nil {
		return seen{}, 0
	}
	for _, word := range words[at+2:] {
		switch word {
		case "failed":
			before.failed = true
		case "accepted":
			before.accepted = true
		case "again":
			before.again = true
		}
		if template, found := strings.CutPrefix(word, wasTemplate); found {
			before.template = template
		}
	}
	return before, number
}

// InstallNumber is the number of the install that a mark announces; 0 is none.
func InstallNumber(mark holding.Mark) int {
	_, number := askedInstall(mark)
	return number
}
