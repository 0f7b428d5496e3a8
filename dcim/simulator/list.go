package simulator

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// listServers is the server list; a customer sees the own servers. With a hint
// field it is one value: the progress of the running operation (docs/dcimanager.md 3.2).
func listServers(c *call) (*node, error) {
	if c.get("hint_field") != "" {
		s, err := c.server("elid")
		if err != nil {
			return nil, err
		}
		return document(field("value", c.progress(s))), nil
	}
	doc, by := list(), c.filterBy()
	for _, s := range c.visible() {
		row := c.serverRow(s)
		show, err := c.letsThrough(row, by)
		if err != nil {
			return nil, err
		}
		if show {
			doc.add(row)
		}
	}
	return doc, nil
}

// Filter is what the server list does with filter=on and fields of its rows (docs/dcimanager.md U7).
type Filter string

// What a filter can do.
const (
	FilterExact    Filter = "exact"    // it shows the rows whose fields are exactly that
	FilterContains Filter = "contains" // it shows the rows whose fields contain that
	FilterIgnored  Filter = "ignored"  // it shows all rows
	FilterRefused  Filter = "refused"  // it is a bad value
	FilterStays    Filter = "stays"    // exact, and the lists after it are filtered too, until another filter comes
)

var filters = []Filter{FilterExact, FilterContains, FilterIgnored, FilterRefused, FilterStays}

// filterBy are the fields of the filter that holds for this list.
func (c *call) filterBy() url.Values {
	switch {
	case c.cfg.Filter != FilterStays:
		return c.params
	case c.get("filter") == "on":
		c.filter = c.params
	case c.filter != nil:
		return c.filter
	}
	return c.params
}

// letsThrough tells whether the filter of a list, if there is one, shows a row.
func (c *call) letsThrough(row *node, by url.Values) (bool, error) {
	if by.Get("filter") != "on" || c.cfg.Filter == FilterIgnored {
		return true, nil
	}
	if c.cfg.Filter == FilterRefused {
		return false, badValue("filter", "on", "there is no such field")
	}
	return !slices.ContainsFunc(filtered, func(name string) bool { return !c.cfg.Filter.matches(row.get(name), by.Get(name)) }), nil
}

// filtered are the fields by which the list is filtered.
var filtered = []string{"id", "name", "hostname", "ip", "owner", "type", "chassis_templ", "rack"}

func (f Filter) matches(have, want string) bool {
	return want == "" || have == want || f == FilterContains && strings.Contains(have, want)
}

// visible are the servers that the caller sees.
func (c *call) visible() []*Server {
	if c.user.admin() {
		return c.servers
	}
	var own []*Server
	for _, s := range c.servers {
		if s.Owner == c.user.ID {
			own = append(own, s)
		}
	}
	return own
}

func (c *call) serverRow(s *Server) *node {
	r := row(field("id", s.ID), field("name", s.Name), field("hostname", s.hostname()), field("ip", s.mainIP()))
	if s.Owner != "" {
		r.add(field("owner", c.ownerText(s.Owner, c.cfg.OwnerAsName)))
	}
	r.add(field("type", s.Type), field("chassis_templ", s.ChassisTemplate), field("gen_chassis_name", s.Description),
		field("rack", s.Rack), field("ipmi", consoleName(s)))
	if c.cfg.ListNotes {
		r.add(field("notes", s.Notes))
	}
	for _, flag := range []struct {
		name string
		set  bool
	}{
		{"blocked", s.Blocked || s.Disabled && !c.cfg.DisabledFlagOnly},
		{"disabled", s.Disabled},
		{"hwproblem", s.HardwareProblem},
		{"diag_in_progress", s.Diagnostics},
		{"poweron", s.Power == PowerOn},
		{"poweroff", s.Power == PowerOff},
		{"powererror", s.Power == PowerError},
		{"install_in_progress", s.Installing},
		{"operation_failed", s.OperationFailed},
	} {
		if flag.set {
			r.add(c.flag(flag.name))
		}
	}
	return r
}

func (c *call) ownerText(id string, asName bool) string {
	if asName {
		return c.userName(id)
	}
	return id
}

// progress is the panel's text about the operation; empty when there is none.
func (c *call) progress(s *Server) string {
	switch {
	case s.Installing:
		total := s.Operation.Ends.Sub(s.Operation.Accepted)
		percent := 100 * int64(c.now.Sub(s.Operation.Accepted)) / max(1, int64(total))
		return fmt.Sprintf("Installing %s: %d %%", s.Operation.Template, min(99, percent))
	case s.OperationFailed:
		return fmt.Sprintf("Installing %s failed: the installer did not answer", s.Operation.Template)
	}
	return ""
}
