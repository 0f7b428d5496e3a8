package dci5

import (
	"context"

	"metalease/dcim"
)

// Servers implements dcim.Backend (docs/dcimanager.md 3.2).
func (c *Client) Servers(ctx context.Context) ([]dcim.Server, error) {
	return c.list(ctx, read("server"))
}

// ServersWhere implements dcim.Backend, with the filter of ISPsystem's sister products (docs/dcimanager.md U7).
func (c *Client) ServersWhere(ctx context.Context, where dcim.Where) ([]dcim.Server, error) {
	r := read("server", "filter", "on")
	switch {
	case where.ID != "" && where.Owner == "":
		r.params = append(r.params, param{"id", where.ID})
	case where.Owner != "" && where.ID == "":
		r.params = append(r.params, param{"owner", where.Owner})
	default:
		return nil, c.fail(r, dcim.KindValue, "a filter is by id or by owner; nothing was sent")
	}
	return c.list(ctx, r)
}

func (c *Client) list(ctx context.Context, r request) ([]dcim.Server, error) {
	doc, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	var servers []dcim.Server
	for _, row := range doc.rows() {
		servers = append(servers, newServer(row))
	}
	c.sawOwners(servers)
	return servers, nil
}

// newServer reads a row. The flags blocked and disabled are two names of one state
// (docs/dcimanager.md 4).
func newServer(row node) dcim.Server {
	return dcim.Server{
		ID: row.get("id"), Label: row.get("name"), Hostname: row.get("hostname"), IP: row.get("ip"), Owner: owner(row.get("owner")),
		Type: row.get("type"), Configuration: row.get("chassis_templ"), Rack: row.get("rack"), Console: row.get("ipmi"),
		Blocked: row.has("blocked") || row.has("disabled"), HardwareProblem: row.has("hwproblem"), Diagnostics: row.has("diag_in_progress"),
		PowerOn: row.has("poweron"), PowerOff: row.has("poweroff"), PowerError: row.has("powererror"),
		Installing: row.has("install_in_progress"), OperationFailed: row.has("operation_failed"), Unreadable: row.fault,
	}
}

// noOwner is what is written for "nobody". It is read as empty or absent, but a
// panel that repeats it means the same (docs/dcimanager.md 5).
const noOwner = "no_owner"

func owner(text string) string {
	if text == noOwner {
		return ""
	}
	return text
}

// Block implements dcim.Backend: it closes the server's ports (docs/dcimanager.md 3.4).
func (c *Client) Block(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.disable", serverID)
}

// Unblock implements dcim.Backend: it opens the server's ports.
func (c *Client) Unblock(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.enable", serverID)
}

var powerFunctions = map[dcim.Power]string{
	dcim.PowerOn: "server.poweron", dcim.PowerOff: "server.poweroff", dcim.Reboot: "server.reboot",
}

// Power implements dcim.Backend (docs/dcimanager.md 3.5).
func (c *Client) Power(ctx context.Context, serverID string, to dcim.Power) error {
	r, err := c.powerCommand(serverID, to)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, r)
	return err
}

func (c *Client) powerCommand(serverID string, to dcim.Power) (request, error) {
	function, known := powerFunctions[to]
	if !known {
		return request{}, c.fail(request{function: "server.power"}, dcim.KindValue, "there is no power command "+string(to)+"; nothing was sent")
	}
	return write(function, "elid", serverID), nil
}

func (c *Client) act(ctx context.Context, function, serverID string) error {
	_, err := c.do(ctx, write(function, "elid", serverID))
	return err
}
