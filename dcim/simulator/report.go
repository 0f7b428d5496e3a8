package simulator

import (
	"hash/fnv"
	"slices"
	"strconv"
)

// reports calls for each server that the caller sees, below doc.reportdata
// (docs/dcimanager.md 3.9).
func (c *call) reports(fields func(*Server) []*node) []*node {
	var rows []*node
	for _, s := range c.servers {
		if (c.user.admin() || s.Owner == c.user.ID) && !slices.Contains(c.cfg.TrafficMissing, s.ID) {
			rows = append(rows, row(fields(s)...))
		}
	}
	return rows
}

// burstable is the report of all servers. What it shows beside the burst is not confirmed.
func burstable(c *call) (*node, error) {
	return document(element("reportdata", element("traff", c.reports(func(s *Server) []*node {
		fields := append([]*node{field("id", s.ID), field("hostname", s.hostname())}, c.figureOf(s, "burst", s.Burst)...)
		if c.cfg.TrafficVolumes {
			fields = append(fields, c.volumes(s)...)
		}
		return fields
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
		return append([]*node{field("id", s.ID), field("hostname", s.hostname())}, c.volumes(s)...)
	})
}

func currentDetails(c *call) (*node, error) {
	s, err := c.server("elid")
	if err != nil {
		return nil, err
	}
	return document(element("reportdata", element("traff", row(append([]*node{field("id", s.ID)}, c.volumes(s)...)...)))), nil
}

func (c *call) volumes(s *Server) []*node {
	return append(c.figureOf(s, "rx", s.In), c.figureOf(s, "tx", s.Out)...)
}

// noFigure leaves a figure out of the reports.
const noFigure = "none"

// figureOf is a field of a report: what was set by hand, or some number that the seed makes.
func (p *Panel) figureOf(s *Server, name, byHand string) []*node {
	switch byHand {
	case noFigure:
		return nil
	case "":
		return []*node{field(name, p.figure(s, name))}
	}
	return []*node{field(name, byHand)}
}

func (p *Panel) figure(s *Server, name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name + s.ID + strconv.FormatInt(p.cfg.Seed, 10)))
	return strconv.FormatFloat(float64(h.Sum32()%1000)/10, 'f', -1, 64)
}
