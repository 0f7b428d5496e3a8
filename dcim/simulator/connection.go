package simulator

import "slices"

func listConnections(c *call) (*node, error) {
	s, err := c.server("elid")
	if err != nil {
		return nil, err
	}
	doc := list()
	for _, connection := range s.Connections {
		r := row(field("id", connection.ID), field("type", c.typeOf(connection)))
		if connection.BusyUntil.After(c.now) {
			r.add(c.flag("func_in_progress"))
		}
		doc.add(r)
	}
	return doc, nil
}

// editConnection shows a connection: the port of a switch or power unit, the
// address of an IPMI (docs/dcimanager.md 3.8).
func editConnection(c *call) (*node, error) {
	s, connection, err := c.connection()
	if err != nil {
		return nil, err
	}
	if c.saves() {
		return done(field("id", connection.ID)), nil
	}
	doc := document(field("elid", connection.ID), field("plid", s.ID), field("type", c.typeOf(*connection)))
	switch {
	case connection.Type == connectionIPMI: // two releases of the module look for one name each
		return doc.add(field("ip", connection.Port), field("ipmiip", connection.Port)), nil
	case c.cfg.SwitchNames && connection.Type == connectionSwitch:
		doc.add(field("switch", switchName(s.rackName())))
	}
	return doc.add(field("port", connection.Port)), nil
}

// typeOf is how the panel calls the type of a connection.
func (c *call) typeOf(connection Connection) string {
	if connection.Type == connectionPDU {
		return c.cfg.PDUType
	}
	return connection.Type
}

func switchName(rack string) string { return "Switch " + rack }

func (c *call) connection() (*Server, *Connection, error) {
	s, err := c.server("plid")
	if err != nil {
		return nil, nil, err
	}
	connection := s.connection(c.get("elid"))
	if connection == nil {
		return nil, nil, missed("elid", c.get("elid"))
	}
	return s, connection, nil
}

func connectionOn(c *call) (*node, error)  { return c.switchConnection(true) }
func connectionOff(c *call) (*node, error) { return c.switchConnection(false) }

func (c *call) switchConnection(on bool) (*node, error) {
	s, connection, err := c.connection()
	if err != nil {
		return nil, err
	}
	if on && s.blocked() { // docs/dcimanager.md R18
		return nil, &refusal{typeValue, "disabled", s.ID, "The server is disabled"}
	}
	what := changePortOff
	if on {
		what = changePortOn
	}
	connection.BusyUntil = c.now.Add(c.cfg.FlagDelay)
	s.later(connection.BusyUntil, what, connection.ID)
	s.Tenancy.Touched = true
	s.settle(c.now)
	return done(), nil
}

// createIPMI adds an IPMI connection where there is none.
func createIPMI(c *call) (*node, error) {
	s, err := c.server("plid")
	if err != nil || !c.saves() {
		return document(field("plid", c.get("plid"))), err
	}
	i := slices.IndexFunc(s.Connections, func(x Connection) bool { return x.Type == connectionIPMI })
	if i < 0 {
		s.Connections = append(s.Connections, Connection{ID: c.newID(), Type: connectionIPMI, Port: "10.254.0." + s.ID, On: true})
		i = len(s.Connections) - 1
	}
	return done(field("id", s.Connections[i].ID)), nil
}
