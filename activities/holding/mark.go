// Package holding says who holds a server: the owner that the panel shows, and our mark in the
// server's notes.
package holding

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"metalease/internal/clean"
)

// Mark is our line in a server's notes. It says which service holds the server
// and how far the work on it has come, so that losing Temporal loses nothing.
type Mark struct {
	Installation string
	ServiceID    int
	// State is one of the constants below, or one followed by details.
	State string
}

// States of a mark.
const (
	StateClaimed    = "claimed"
	StateInstalling = "installing" // followed by the number of the install
	// StateActive is that of a server that a customer has, whatever follows: blocks, and
	// StateInstalling with a number while it is installed anew.
	StateActive     = "active"
	StateReleasing  = "releasing"
	StateQuarantine = "quarantine" // followed by the reason
)

var markLine = regexp.MustCompile(`^metalease:([a-z0-9-]+)/service-([0-9]+) ?(.*)$`)

// String is the line as it stands in the notes.
func (m Mark) String() string {
	return fmt.Sprintf("metalease:%s/service-%d %s", m.Installation, m.ServiceID, m.State)
}

// longestName is that of an installation, in characters.
const longestName = 40

// Holder names whom a mark is for, and nothing else of it: whatever stands behind that, anybody
// may have written who can edit notes. A mark that is not ours is told to people as this.
func (m Mark) Holder() string {
	return fmt.Sprintf("service %d of installation %s", m.ServiceID, clean.Line(m.Installation, longestName))
}

// Is tells whether the mark has a state, whatever the detail behind it.
func (m Mark) Is(state string) bool {
	return m.State == state || strings.HasPrefix(m.State, state+" ")
}

// parseMarks returns every mark in the notes. More than one is somebody's error
// and nobody's claim.
func ParseMarks(notes string) []Mark {
	var marks []Mark
	for line := range strings.Lines(notes) {
		match := markLine.FindStringSubmatch(strings.TrimSpace(line))
		if match == nil {
			continue
		}
		id, err := strconv.Atoi(match[2])
		if err != nil {
			continue
		}
		marks = append(marks, Mark{match[1], id, strings.TrimSpace(match[3])})
	}
	return marks
}

// withMark returns the notes with this mark in place of an older one of the
// same service; other people's lines stay as they are.
func WithMark(notes string, mark Mark) string {
	rest := WithoutMark(notes, mark)
	if rest == "" {
		return mark.String()
	}
	return rest + "\n" + mark.String()
}

// withoutMark returns the notes less the mark of this installation's service.
func WithoutMark(notes string, mark Mark) string {
	var kept []string
	for line := range strings.Lines(notes) {
		line = strings.TrimRight(line, "\r\n")
		found := ParseMarks(line)
		if len(found) == 1 && found[0].Installation == mark.Installation && found[0].ServiceID == mark.ServiceID {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimRight(strings.Join(kept, "\n"), "\n ")
}

// longestReason is in characters.
const longestReason = 160

// OneLine makes a reason fit into the one line of a mark, or of a note.
func OneLine(text string) string { return clean.Page(text, longestReason) }
