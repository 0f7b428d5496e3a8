package simulator

import (
	"fmt"
	"strings"
	"time"
)

// Violation is something that no client may do (docs/architecture.md). Only calls
// of the API account, and of the sessions that its keys opened, are judged: customers
// and staff may do what they like in the panel.
type Violation struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Server   string    `json:"server"`
	Function string    `json:"function"`
	Detail   string    `json:"detail"`
}

// Kinds of violations.
const (
	// TwoHolders: a server was claimed that somebody else holds.
	TwoHolders = "two-holders"
	// InstallForeign: an install on a server that the API account does not own.
	InstallForeign = "install-foreign"
	// InstallUnasked: an install that its mark did not announce, or a second one.
	InstallUnasked = "install-unasked"
	// ReleaseForeign: a release that the mark did not announce, or of a customer's server.
	ReleaseForeign = "release-foreign"
	// ReleaseIncomplete: a released server that is not free.
	ReleaseIncomplete = "release-incomplete"
	// OwnerChanged: a server went from one customer to another without a release.
	OwnerChanged = "owner-changed"
	// SessionForeign: a session that a key of the API account opened touched somebody else's server.
	SessionForeign = "session-foreign"
	// FormBlanked: a saved form lost what was in a field.
	FormBlanked = "form-blanked"
)

func (c *call) violate(s *Server, kind, format string, args ...any) {
	c.violations = append(c.violations, Violation{c.now.UTC(), kind, s.ID, c.function, fmt.Sprintf(format, args...)})
}

// judgeSave compares a server form before and after a save. Marks are judged
// where there are any; where there are none, as with the official module, the
// owner says enough.
func (c *call) judgeSave(before, after *Server) {
	if c.user.ID == c.apiID {
		c.judgeFields(before, after)
		c.judgeMarks(before, after)
		c.judgeOwner(before, after)
	}
	c.noteOwner(before, after)
}

func (c *call) judgeFields(before, after *Server) {
	notes := unmarked(before.Notes) // the mark itself may go
	if !c.params.Has("notes") {
		notes = before.Notes
	}
	if marks := parseMarks(before.Notes); len(marks) == 1 && marks[0].drill() {
		notes = "" // it tries what may be written there
	}
	for _, f := range []struct{ name, before, after string }{
		{"name", before.Name, after.Name},
		{"mac", before.MAC, after.MAC},
		{"type", before.TypeID, after.TypeID},
		{"notes", notes, unmarked(after.Notes)},
	} {
		if f.before != "" && f.after == "" {
			c.violate(after, FormBlanked, "field %s was %q and is empty", f.name, f.before)
		}
	}
}

func (c *call) judgeMarks(before, after *Server) {
	was, is := parseMarks(before.Notes), parseMarks(after.Notes)
	switch {
	case len(is) > 1 && len(is) > len(was):
		c.violate(after, TwoHolders, "it carries %d marks", len(is))
	case len(was) == 1 && len(is) == 1 && was[0].holder != is[0].holder:
		c.violate(after, TwoHolders, "its mark %s became %s", was[0], is[0])
	}
}

func (c *call) judgeOwner(before, after *Server) {
	was, is := parseMarks(before.Notes), parseMarks(after.Notes)
	takesBack := len(was) == 1 && len(is) == 1 && was[0].holder == is[0].holder &&
		(is[0].is("releasing") || is[0].is("quarantine"))
	switch {
	case after.Owner == "":
		if before.Owner != "" {
			c.judgeRelease(before, after)
		}
	case after.Owner != c.apiID:
		if before.Tenancy.Customer != "" && before.Tenancy.Customer != after.Owner {
			c.violate(after, OwnerChanged, "its owner changed from %s to %s without a release", c.userName(before.Tenancy.Customer), c.userName(after.Owner))
		}
	case before.Owner != "" && before.Owner != c.apiID:
		if !takesBack {
			c.violate(after, TwoHolders, "it was claimed while %s owned it", c.userName(before.Owner))
		}
	case before.Owner == c.apiID && len(was) == 0:
		// A save that changes nothing is a second claim: so the official module holds a server.
		again := len(is) == 0 && before.Notes == after.Notes && len(before.Tenancy.Installs) == 0
		if again || len(is) > 0 && !is[0].is("releasing") { // a release may begin without the mark
			c.violate(after, TwoHolders, "it was claimed twice")
		}
	}
}

// judgeRelease wants a released server free by the panel's own definition. One
// that was only claimed is given back as it was.
func (c *call) judgeRelease(before, after *Server) {
	was := parseMarks(before.Notes)
	marked := len(was) > 0
	var left []string
	if len(parseMarks(after.Notes)) > 0 {
		left = append(left, "its mark is left")
	}
	if marked {
		if before.Owner != c.apiID {
			c.violate(after, ReleaseForeign, "it was released while %s owned it", c.userName(before.Owner))
		} else if !was[0].is("releasing") && !was[0].is("claimed") && !was[0].drill() {
			c.violate(after, ReleaseForeign, "it was released while its mark said %s", was[0])
		}
	}
	if before.Tenancy.Touched || before.Owner != c.apiID {
		left = append(left, remains(after, marked, marked && was[0].drill() && after.Power == before.Tenancy.Power)...)
	}
	if len(left) > 0 {
		c.violate(after, ReleaseIncomplete, "%s", strings.Join(left, ", "))
	}
}

// remains is what a release forgot. The official module names the server after
// the release, and takes a power error for off. A drill leaves the power as it was.
func remains(s *Server, strict, asBefore bool) []string {
	var left []string
	if extra := s.extraIPs(); len(extra) > 0 {
		left = append(left, "it has the extra addresses "+strings.Join(extra, " "))
	}
	if !asBefore && (s.Power == PowerOn || strict && s.Power != PowerOff) {
		left = append(left, "its power is "+string(s.Power))
	}
	if s.blocked() {
		left = append(left, "it is blocked")
	}
	if s.Installing {
		left = append(left, "an install runs")
	}
	if strict && s.hostname() != freeHostname {
		left = append(left, fmt.Sprintf("its hostname is %q", s.hostname()))
	}
	return left
}

// noteOwner keeps the tenancy after a change of owner, by whomever.
func (p *Panel) noteOwner(before, after *Server) {
	switch {
	case after.Owner == "":
		after.Tenancy = Tenancy{}
	case after.Owner != p.apiID:
		after.Tenancy.Customer = after.Owner
	case before.Owner == "":
		after.Tenancy = Tenancy{Power: before.Power}
	case len(parseMarks(after.Notes)) == 0 && before.Notes == after.Notes:
		after.Tenancy.Installs = nil // held anew, by a client that leaves no marks
	}
}
