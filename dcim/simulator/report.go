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
	for _, s := range c.visible() {
		if !slices.Contains(c.cfg.TrafficMissing, s.ID) {
			rows = append(rows, row(fields(s)...))
		}
	}
	return rows
}

// burstable is the report of all bursts.
func burstable(c *call) (*node, error) {
	return document(element("reportdata", element("traff", c.reports(func(s *Server) []*node {
		return append([]*node{field("id", s.ID), field("hostname", s.hostname())}, c.burst(s)...)
	})...))), nil
}

// periods of reports whose names a client is known to send.
var periods = []string{"", "currentmonth", "day"}

func (c *call) goodPeriod() error {
	if period := c.get("period"); !slices.Contains(periods, period) {
		return badValue("period", period, "there is no such period")
	}
	return nil
}

func traffic(c *call) (*node, error) {
	return document(element("reportdata", element("traff", c.trafficRows()...))), c.goodPeriod()
}

func trafficPie(c *call) (*node, error) {
	only := element("elem", element("traff", c.trafficRows()...))
	return document(element("reportdata", element("trafficpie", only))), c.goodPeriod()
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
	return document(element("reportdata", element("traff", row(append([]*node{field("id", s.ID)}, c.volumes(s)...)...)))), c.goodPeriod()
}

// noFigure leaves a figure out of the reports.
const noFigure = "none"

func (c *call) burst(s *Server) []*node {
	switch s.Burst {
	case noFigure:
		return nil
	case "":
		return []*node{field("burst", strconv.FormatFloat(float64(c.figure(s, "burst")%1000)/10, 'f', -1, 64))}
	}
	return []*node{field("burst", s.Burst)}
}

func (c *call) volumes(s *Server) []*node {
	return append(c.volume(s, "rx", s.In), c.volume(s, "tx", s.Out)...)
}

// volume is shown in GiB, and in bytes beside it. What was set by hand is bytes.
func (c *call) volume(s *Server, name, byHand string) []*node {
	if byHand == noFigure {
		return nil
	}
	bytes, err := strconv.ParseUint(byHand, 10, 63)
	if err != nil {
		bytes = uint64(c.figure(s, name)) << 8
	}
	shown := field(name, strconv.FormatFloat(float64(bytes)/(1<<30), 'f', 2, 64))
	if !c.cfg.TrafficPlain {
		shown.with("orig", strconv.FormatUint(bytes, 10))
	}
	return []*node{shown}
}

// figure is some number that the seed makes.
func (p *Panel) figure(s *Server, name string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name + s.ID + strconv.FormatInt(p.cfg.Seed, 10)))
	return h.Sum32()
}
