package simulator

import "fmt"

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
	doc := list()
	for _, s := range c.visible() {
		if r := c.serverRow(s); c.filtered(r) {
			doc.add(r)
		}
	}
	return doc, nil
}

// filtered tells whether a row has the values of fields that a list is filtered by, if the panel
// filters lists (docs/dcimanager.md 2.5).
func (c *call) filtered(r *node) bool {
	if !c.cfg.ListFilter || c.get("filter") != "on" {
		return true
	}
	for _, f := range r.children {
		if c.params.Has(f.name) && c.get(f.name) != f.text {
			return false
		}
	}
	return true
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
