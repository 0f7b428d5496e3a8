package simulator

import (
	"fmt"
	"strings"
)

// Rules of violations.
const (
	ruleTwoHolders   = "two holders of one server"
	ruleForeign      = "a write to somebody else's server"
	ruleNoRelease    = "an owner changed from one customer to another without release"
	ruleUnasked      = "an install nobody asked for"
	ruleDirtyRelease = "a release that leaves the server not free"
	ruleBlanked      = "a form saved with fields missing"
	ruleMainAddress  = "the main address deleted"
	markPrefix       = "metalease:"
)

func (p *Panel) violate(s *Server, rule, format string, args ...any) {
	p.state.Violations = append(p.state.Violations, Violation{p.config.Now(), s.ID, rule, fmt.Sprintf(format, args...)})
}

// markOf is the line by which metalease says whose a server is; empty: none.
func markOf(notes string) string {
	for line := range strings.Lines(notes) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, markPrefix) {
			return line
		}
	}
	return ""
}

// holder is the part of a mark that names the service.
func holder(mark string) string {
	who, _, _ := strings.Cut(mark, " ")
	return who
}

// watchSave judges a save of the form by an administrator's program.
func (p *Panel) watchSave(s *Server, c call, owner string) {
	for _, field := range []string{"mac", "name", "notes", "type"} {
		if !c.Has(field) {
			p.violate(s, ruleBlanked, "%s was not sent and is blank now", field)
		}
	}
	before, after := markOf(s.Notes), markOf(c.Get("notes"))
	if before != "" && after != "" && holder(before) != holder(after) {
		p.violate(s, ruleTwoHolders, "the mark changed from %q to %q without the server becoming free", before, after)
	}
	was, is := p.userByID(s.Owner), p.userByID(owner)
	switch {
	case owner == s.Owner:
	case owner == "":
		p.watchRelease(s, c.Get("notes"))
	case s.Owner == "" && !s.free():
		p.violate(s, ruleTwoHolders, "claimed although it is not free (hostname %s)", s.hostname())
	case is.Level == levelUser && s.Customer != "" && s.Customer != owner:
		p.violate(s, ruleNoRelease, "owner %s to %s; the last customer was %s", name(was), is.Name, s.Customer)
	}
	if is != nil && is.Level == levelUser {
		s.Customer = owner
	}
	if owner == "" {
		s.Customer, s.InstallMark = "", ""
	}
}

func name(u *User) string {
	if u == nil {
		return "nobody"
	}
	return u.Name
}

// watchRelease judges a server that is given up: it must be free by the panel's
// own definition, and off.
func (p *Panel) watchRelease(s *Server, notes string) {
	switch {
	case s.hostname() != freeHostname:
		p.violate(s, ruleDirtyRelease, "its hostname is %s", s.hostname())
	case len(s.IPs) != 1:
		p.violate(s, ruleDirtyRelease, "it keeps %d extra addresses", len(s.IPs)-1)
	case s.Disabled:
		p.violate(s, ruleDirtyRelease, "it is still blocked")
	case s.PortsBusy:
		p.violate(s, ruleDirtyRelease, "its ports are still being switched")
	case s.Power != "off" && s.Customer != "":
		p.violate(s, ruleDirtyRelease, "its power is %s", s.Power)
	case p.installRuns(s):
		p.violate(s, ruleDirtyRelease, "an install is running on it")
	case markOf(notes) != "":
		p.violate(s, ruleDirtyRelease, "it keeps the mark %q", markOf(notes))
	}
}

// watchInstall judges an install by an administrator's program.
func (p *Panel) watchInstall(s *Server, c call) {
	if !c.admin() {
		return // a customer reinstalls at will
	}
	mark := markOf(s.Notes)
	if owner := p.userByID(s.Owner); owner != nil && owner.Level == levelUser {
		p.violate(s, ruleForeign, "an install on the server of %s", owner.Name)
	}
	if s.Owner == "" {
		p.violate(s, ruleForeign, "an install on a server that nobody holds")
	}
	if mark != "" && mark == s.InstallMark {
		p.violate(s, ruleUnasked, "a second install under the mark %q", mark)
	}
	if mark != "" {
		s.InstallMark = mark
	}
}

func (p *Panel) watchDelete(s *Server, a Address) {
	if a.IP == s.IP {
		p.violate(s, ruleMainAddress, "%s was deleted", a.IP)
	}
}
