package dci5

import (
	"cmp"
	"context"
	"errors"

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
