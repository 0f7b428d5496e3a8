package simulator

import (
	"regexp"
	"strings"
)

// mark is a line in a server's notes: metalease:<installation>/service-<id> <state>.
type mark struct{ holder, state string }

var markLine = regexp.MustCompile(`^metalease:([^/\s]+/service-[0-9]+)(?:\s+(.*))?$`)

func (m mark) String() string { return "metalease:" + m.holder + " " + m.state }

// is tells the state, whatever the detail behind it.
func (m mark) is(state string) bool {
	word, _, _ := strings.Cut(m.state, " ")
	return word == state
}

// drill tells whether it is the mark of somebody who tries a free server out: of no service, and
// a quarantine, so that nobody is offered it meanwhile.
func (m mark) drill() bool { return strings.HasSuffix(m.holder, "/service-0") && m.is("quarantine") }

// install is the number behind the state "installing", which may stand behind "active", or in the
// mark of a drill; empty for another state.
func (m mark) install() string {
	state := strings.TrimPrefix(m.state, "active ")
	if at := strings.Index(state, "installing "); m.drill() && at >= 0 {
		state = state[at:]
	}
	words := strings.Fields(state)
	if len(words) < 2 || words[0] != "installing" {
		return ""
	}
	return words[1]
}

func parseMarks(notes string) []mark {
	var marks []mark
	for line := range strings.Lines(notes) {
		if found := markLine.FindStringSubmatch(strings.TrimSpace(line)); found != nil {
			marks = append(marks, mark{found[1], strings.TrimSpace(found[2])})
		}
	}
	return marks
}

// unmarked is what other people wrote into the notes.
func unmarked(notes string) string {
	var kept []string
	for line := range strings.Lines(notes) {
		if line = strings.TrimSpace(line); line != "" && !markLine.MatchString(line) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
