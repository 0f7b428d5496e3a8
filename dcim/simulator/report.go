package simulator

import (
	"hash/fnv"
	"strconv"
)

// reports calls for each server that the caller sees, below doc.reportdata
// (docs/dcimanager.md 3.9).
func (c *call) reports(fields func(*Server) []*node) []*node {
	var rows []*node
	for _, s := range c.servers {
		if c.user.admin() || s.Owner == c.user.ID {
			rows = append(rows, row(fields(s)...))
		}
	}
	return rows
}

func burstable(c *call) (*node, error) {
	return document(element("reportdata", element("traff", c.reports(func(s *Server) []*node {
		return []*node{field("id", s.ID), field("hostname", s.hostname()), field("burst", c.figure(s))}
	})...))), nil
}

func traffic(c *call) (*node, error) {
	return document(element("reportdata", element("traff", c.trafficRows()...))), nil
}

func trafficPie(c *call) (*node, error) {
	only := element("elem", element("traff", c.trafficRows()...))
	return document(element("reportdata", element("trafficpie", only))), nil
}

func (c *call) trafficRows() []*node {
	return c.reports(func(s *Server) []*node {
		return []*node{field("id", s.ID), field("hostname", s.hostname()), field("rx", c.figure(s)), field("tx", c.figure(s))}
	})
}

func currentDetails(c *call) (*node, error) {
	s, err := c.server("elid")
	if err != nil {
		return nil, err
	}
	return document(element("reportdata", element("traff", row(field("id", s.ID), field("rx", c.figure(s)))))), nil
}

// figure is a server's traffic: some number that the seed makes.
func (p *Panel) figure(s *Server) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(s.ID + strconv.FormatInt(p.cfg.Seed, 10)))
	return strconv.FormatFloat(float64(h.Sum32()%1000)/10, 'f', -1, 64)
}
