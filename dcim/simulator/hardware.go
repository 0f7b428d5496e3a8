package simulator

import (
	"slices"
	"strconv"
)

// Racks, power units and switches follow from the servers: each rack has one of
// each. A port has the id of the server's connection (docs/dcimanager.md 3.10).

func (p *Panel) racks() []string {
	var racks []string
	for _, s := range p.servers {
		if !slices.Contains(racks, s.rackName()) {
			racks = append(racks, s.rackName())
		}
	}
	return racks
}

func (c *call) rackRows(fields func(id, name string) []*node) *node {
	doc := list()
	for i, name := range c.racks() {
		doc.add(row(fields(number(i+1), name)...))
	}
	return doc
}

func listRacks(c *call) (*node, error) {
	return c.rackRows(func(id, name string) []*node { return []*node{field("id", id), field("name", name)} }), nil
}

func listPDUs(c *call) (*node, error) {
	return c.rackRows(func(id, name string) []*node {
		return []*node{field("id", id), field("name", "PDU "+name), field("rack_id", id)}
	}), nil
}

func listSwitches(c *call) (*node, error) {
	return c.rackRows(func(id, name string) []*node {
		return []*node{field("id", id), field("name", switchName(name)), field("rack", name)}
	}), nil
}

func listPDUPorts(c *call) (*node, error) {
	return c.portRows(connectionPDU, func(s *Server, port Connection) []*node {
		power := "1"
		if !port.On {
			power = "0"
		}
		return []*node{field("id", port.ID), field("serverhname", s.hostname()), field("power", power)}
	})
}

func listSwitchPorts(c *call) (*node, error) {
	return c.portRows(connectionSwitch, func(s *Server, port Connection) []*node {
		return []*node{field("id", port.ID), field("identity", port.Port), field("serverhname", s.hostname())}
	})
}

// portRows lists the ports of one kind in the rack whose number is elid.
func (c *call) portRows(kind string, fields func(*Server, Connection) []*node) (*node, error) {
	racks, elid := c.racks(), c.get("elid")
	i, err := strconv.Atoi(elid)
	if err != nil || i < 1 || i > len(racks) {
		return nil, missed("elid", elid)
	}
	doc := list()
	for _, s := range c.servers {
		for _, port := range s.Connections {
			if port.Type == kind && s.rackName() == racks[i-1] {
				doc.add(row(fields(s, port)...))
			}
		}
	}
	return doc, nil
}

func outletOn(c *call) (*node, error)      { return c.switchPort(connectionPDU, true) }
func outletOff(c *call) (*node, error)     { return c.switchPort(connectionPDU, false) }
func switchPortOn(c *call) (*node, error)  { return c.switchPort(connectionSwitch, true) }
func switchPortOff(c *call) (*node, error) { return c.switchPort(connectionSwitch, false) }

// switchPort opens or closes a port; an outlet takes its server's power along.
func (c *call) switchPort(kind string, on bool) (*node, error) {
	for _, s := range c.servers {
		port := s.connection(c.get("elid"))
		if port == nil || port.Type != kind {
			continue
		}
		port.On = on
		s.Tenancy.Touched = true
		if kind == connectionPDU && !on {
			c.switchPower(s, PowerOff)
		}
		return done(), nil
	}
	return nil, missed("elid", c.get("elid"))
}

// refreshSwitchPort takes a port by identity, not by id.
func refreshSwitchPort(c *call) (*node, error) {
	for _, s := range c.servers {
		for _, port := range s.Connections {
			if port.Type == connectionSwitch && port.Port == c.get("elid") {
				return done(), nil
			}
		}
	}
	return nil, missed("elid", c.get("elid"))
}

func listChassis(c *call) (*node, error) {
	doc := list()
	var seen []string
	for _, s := range c.servers {
		if !slices.Contains(seen, s.ChassisTemplate) {
			seen = append(seen, s.ChassisTemplate)
			doc.add(row(field("id", number(len(seen))), field("name", s.ChassisTemplate)))
		}
	}
	return doc, nil
}
