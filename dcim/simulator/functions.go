package simulator

import (
	"fmt"
	"slices"
	"strings"
)

// functions are all functions of the panel that clients in the field call.
var functions map[string]func(*Panel, call) (element, *refusal)

func init() {
	functions = map[string]func(*Panel, call) (element, *refusal){
		"user": (*Panel).listUsers, "user.edit": (*Panel).editUser, "session.newkey": (*Panel).newKey,
		"server": (*Panel).listServers, "server.edit": (*Panel).editServer,
		"server.enable": (*Panel).enable, "server.disable": (*Panel).disable,
		"server.poweron": (*Panel).powerOn, "server.poweroff": (*Panel).powerOff, "server.reboot": (*Panel).reboot,
		"server.operations": (*Panel).operations, "server.opercancel": (*Panel).cancelOperation,
		"iplist": (*Panel).listAddresses, "iplist.edit": (*Panel).editAddress, "iplist.delete": (*Panel).deleteAddress,
		"server.connection": (*Panel).listConnections, "server.connection.edit": (*Panel).showConnection,
		"server.connection.on": (*Panel).switchConnection, "server.connection.off": (*Panel).switchConnection,
		"server.connection.autocreateipmi": (*Panel).accept,
		"osmgr":                            (*Panel).listTemplates, "trafficburstable": (*Panel).traffic, "trafficburstable_pie": (*Panel).traffic,
		"traffic": (*Panel).traffic, "trafficpie": (*Panel).traffic, "currentdetails": (*Panel).traffic,
		"rack": (*Panel).listRacks, "chassistempl": (*Panel).listChassis, "switch": (*Panel).listSwitches, "switch.port": (*Panel).listPorts,
		"pdu": (*Panel).listPDUs, "pdu.port": (*Panel).listPDUPorts, "pdu.on": (*Panel).accept, "pdu.off": (*Panel).accept,
		"switch.port.on": (*Panel).accept, "switch.port.off": (*Panel).accept, "switch.port.refresh": (*Panel).accept,
		"ipmiredirect": (*Panel).redirectIPMI,
	}
}

func level(u *User) string { return fmt.Sprint(u.Level) }

// adminOnly refuses ordinary users.
func adminOnly(c call) *refusal {
	if !c.admin() {
		return refuse("access", c.function, "", "You have no right to "+c.function)
	}
	return nil
}

func (p *Panel) listUsers(c call) (element, *refusal) {
	if r := adminOnly(c); r != nil {
		return element{}, r
	}
	var rows []element
	for _, u := range p.state.Users {
		rows = append(rows, el("elem", "", el("id", u.ID), el("name", u.Name), el("level", level(u))))
	}
	return doc(rows...), nil
}

// editUser creates a user (reference 3.1); other changes are not simulated.
func (p *Panel) editUser(c call) (element, *refusal) {
	if r := adminOnly(c); r != nil {
		return element{}, r
	}
	if !c.saves() {
		return doc(el("name", ""), el("level", "lvUser"), el("passwd", ""), el("confirm", "")), nil
	}
	name, password := c.Get("name"), c.Get("passwd")
	switch {
	case c.Get("elid") != "":
		return element{}, refuse("access", "user.edit", c.Get("elid"), "Changing users is not simulated")
	case name == "" || strings.ContainsAny(name, " '\"<>:/\\"):
		return element{}, refuse("value", "name", name, "Field 'Username' has an invalid value")
	case p.userByName(name) != nil:
		return element{}, refuse("exists", "name", name, "The user "+name+" already exists")
	case len(password) < p.config.MinPassword:
		return element{}, refuse("value", "passwd", "", fmt.Sprintf("Field 'Password' must have at least %d characters", p.config.MinPassword))
	case c.Get("level") != "lvUser":
		return element{}, refuse("value", "level", c.Get("level"), "Field 'Role' has an invalid value")
	}
	user := &User{ID: p.newID(), Name: name, Level: levelUser, password: password}
	p.state.Users = append(p.state.Users, user)
	return okay(el("id", user.ID)), nil
}

func (p *Panel) newKey(c call) (element, *refusal) {
	if r := adminOnly(c); r != nil {
		return element{}, r
	}
	user := p.userByName(c.Get("username"))
	switch {
	case user == nil:
		return element{}, refuse("missed", "username", c.Get("username"), "There is no such user")
	case len(c.Get("key")) < 16:
		return element{}, refuse("value", "key", "", "The key needs at least 16 characters")
	}
	p.keys[c.Get("key")] = user.Name
	return okay(), nil
}

// own returns the server that a call is about, if the caller may touch it.
func (p *Panel) own(c call, param string) (*Server, *refusal) {
	s := p.server(c.Get(param))
	if s == nil {
		return nil, refuse("missed", "server", c.Get(param), "The server "+c.Get(param)+" does not exist")
	}
	if !c.admin() && s.Owner != c.user.ID {
		return nil, refuse("access", "server", s.ID, "You have no right to the server "+s.ID)
	}
	return s, nil
}

// shownOwner is the owner as the list and the form show it (unconfirmed).
func (p *Panel) shownOwner(s *Server) string {
	if u := p.userByID(s.Owner); u != nil && p.config.OwnerAsName {
		return u.Name
	}
	return s.Owner
}

func (p *Panel) listServers(c call) (element, *refusal) {
	if c.Get("clickstat") == "title" {
		return p.progress(c)
	}
	var rows []element
	for _, s := range p.state.Servers {
		if c.admin() || s.Owner == c.user.ID {
			rows = append(rows, p.row(s))
		}
	}
	return doc(rows...), nil
}

func (p *Panel) row(s *Server) element {
	row := el("elem", "", el("id", s.ID), el("name", s.Label), el("hostname", s.hostname()), el("ip", s.IP))
	if s.Owner != "" {
		row.kids = append(row.kids, el("owner", p.shownOwner(s)))
	}
	row.kids = append(row.kids, el("type", s.Type), el("chassis_templ", s.Chassis), el("gen_chassis_name", s.Chassis+" chassis"),
		el("rack", s.Rack), el("ipmi", "IPMI S"+s.ID))
	for _, flag := range []struct {
		name string
		set  bool
	}{
		{"blocked", s.Disabled && !p.config.OneBlockFlag}, {"disabled", s.Disabled}, {"hwproblem", s.HardwareProblem},
		{"diag_in_progress", s.Diagnostics}, {"poweron", s.Power == "on"}, {"poweroff", s.Power == "off"}, {"powererror", s.Power == "error"},
		{"install_in_progress", s.Installing}, {"operation_failed", s.OperationFailed},
	} {
		if flag.set {
			row.kids = append(row.kids, el(flag.name, p.config.FlagText))
		}
	}
	return row
}

func (p *Panel) progress(c call) (element, *refusal) {
	s, r := p.own(c, "elid")
	if r != nil {
		return element{}, r
	}
	text := ""
	switch {
	case s.Installing:
		text = "Installing " + s.Asked
	case s.OperationFailed:
		text = "OS installation failed: the server did not boot over the network"
	}
	return doc(el("value", text)), nil
}

func (p *Panel) listTemplates(call) (element, *refusal) {
	var rows []element
	for _, t := range Templates {
		rows = append(rows, el("elem", "", el("id", t), el("name", t), el("type", "OS")))
	}
	return doc(rows...), nil
}

// listConnections shows a switch port and an IPMI for each server.
func (p *Panel) listConnections(c call) (element, *refusal) {
	s, r := p.own(c, "elid")
	if r != nil {
		return element{}, r
	}
	port := el("elem", "", el("id", s.ID+"1"), el("type", "Switch"))
	if s.PortsBusy {
		port.kids = append(port.kids, el("func_in_progress", p.config.FlagText))
	}
	return doc(port, el("elem", "", el("id", s.ID+"2"), el("type", "IPMI"))), nil
}

func (p *Panel) showConnection(c call) (element, *refusal) {
	s, r := p.own(c, "plid")
	if r != nil {
		return element{}, r
	}
	if c.Get("elid") == s.ID+"2" {
		return doc(el("elid", s.ID+"2"), el("ip", "198.51.100."+s.ID)), nil
	}
	return doc(el("elid", c.Get("elid")), el("port", "Gi0/"+s.ID)), nil
}

func (p *Panel) switchConnection(c call) (element, *refusal) {
	s, r := p.own(c, "plid")
	if r != nil {
		return element{}, r
	}
	if s.Disabled && c.function == "server.connection.on" {
		return element{}, refuse("value", "server", s.ID, "Server is blocked")
	}
	return okay(), nil
}

func (p *Panel) traffic(call) (element, *refusal) {
	report := el("traff", "")
	for _, s := range p.state.Servers {
		report.kids = append(report.kids, el("elem", "", el("id", s.ID), el("hostname", s.hostname()), el("burst", "12.5")))
	}
	return doc(el("reportdata", "", report)), nil
}

// distinct lists each value once, in order.
func (p *Panel) distinct(value func(*Server) string) []string {
	var all []string
	for _, s := range p.state.Servers {
		if v := value(s); !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

func (p *Panel) named(values []string) element {
	var rows []element
	for i, v := range values {
		rows = append(rows, el("elem", "", el("id", fmt.Sprint(i+1)), el("name", v)))
	}
	return doc(rows...)
}

func (p *Panel) listRacks(call) (element, *refusal) {
	return p.named(p.distinct(func(s *Server) string { rack, _, _ := strings.Cut(s.Rack, " "); return rack })), nil
}

func (p *Panel) listChassis(call) (element, *refusal) {
	return p.named(p.distinct(func(s *Server) string { return s.Chassis })), nil
}

func (p *Panel) listSwitches(call) (element, *refusal) { return p.named([]string{"sw1"}), nil }

func (p *Panel) listPDUs(call) (element, *refusal) { return p.named([]string{"pdu1"}), nil }

func (p *Panel) listPorts(call) (element, *refusal) {
	var rows []element
	for _, s := range p.state.Servers {
		rows = append(rows, el("elem", "", el("id", s.ID+"1"), el("identity", "Gi0/"+s.ID), el("serverhname", s.hostname())))
	}
	return doc(rows...), nil
}

func (p *Panel) listPDUPorts(call) (element, *refusal) {
	var rows []element
	for _, s := range p.state.Servers {
		power := "0"
		if s.Power == "on" {
			power = "1"
		}
		rows = append(rows, el("elem", "", el("id", s.ID), el("serverhname", s.hostname()), el("power", power)))
	}
	return doc(rows...), nil
}

func (p *Panel) redirectIPMI(c call) (element, *refusal) {
	s, r := p.own(c, "elid")
	if r != nil {
		return element{}, r
	}
	return doc(el("ok", "https://ipmi.invalid/"+s.ID)), nil
}

func (p *Panel) accept(call) (element, *refusal) { return okay(), nil }
