package dci5

import (
	"cmp"
	"context"
	"errors"
	"math"
	"strconv"

	"metalease/dcim"
)

// Ports implements dcim.Backend (docs/dcimanager.md 3.8).
func (c *Client) Ports(ctx context.Context, serverID string) ([]dcim.Port, error) {
	doc, err := c.do(ctx, read("server.connection", "elid", serverID))
	if err != nil {
		return nil, err
	}
	var ports []dcim.Port
	for _, row := range doc.rows() {
		ports = append(ports, dcim.Port{ID: row.get("id"), Type: row.get("type"), Busy: row.has("func_in_progress")})
	}
	return ports, nil
}

// PortDetails implements dcim.Backend. The form shows the port of a switch, and the address of an
// IPMI under one of two names; no field is known that says whether a port is open
// (docs/dcimanager.md 3.8).
func (c *Client) PortDetails(ctx context.Context, serverID string) ([]dcim.Port, error) {
	ports, err := c.Ports(ctx, serverID)
	if err != nil {
		return nil, err
	}
	for i := range ports {
		doc, err := c.do(ctx, read("server.connection.edit", "plid", serverID, "elid", ports[i].ID))
		switch {
		case errors.Is(err, dcim.ErrMissed):
		case err != nil:
			return nil, err
		default:
			ports[i].Name, ports[i].Switch = doc.get("port"), doc.get("switch")
			ports[i].IP = cmp.Or(doc.get("ipmiip"), doc.get("ip"))
		}
	}
	return ports, nil
}

// SwitchPort implements dcim.Backend. Unlike ISPsystem's module it notices a refusal
// (docs/dcimanager.md 7.22).
func (c *Client) SwitchPort(ctx context.Context, serverID, portID string, on bool) error {
	function := "server.connection.off"
	if on {
		function = "server.connection.on"
	}
	_, err := c.do(ctx, write(function, "plid", serverID, "elid", portID))
	return err
}

// Traffic implements dcim.Backend: trafficburstable for all servers (docs/dcimanager.md 3.9).
func (c *Client) Traffic(ctx context.Context) (map[string]dcim.Traffic, error) {
	r := read("trafficburstable")
	doc, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	report, there := doc.child("reportdata")
	if !there {
		return nil, c.fail(r, dcim.KindNotAPanel, "the answer has no element reportdata, so it is no report")
	}
	traffic := map[string]dcim.Traffic{}
	for _, row := range report.nestedRows() {
		id := row.get("id")
		if _, known := traffic[id]; id != "" && !known {
			traffic[id] = dcim.Traffic{Burst: figure(row, "burst"), In: figure(row, "rx"), Out: figure(row, "tx")}
		}
	}
	return traffic, nil
}

// figure is a number of a report; nil when it is missing or none.
func figure(row node, name string) *float64 {
	number, err := strconv.ParseFloat(row.get(name), 64)
	if err != nil || math.IsNaN(number) || math.IsInf(number, 0) || number < 0 {
		return nil
	}
	return &number
}
