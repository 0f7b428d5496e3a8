package dcim

import "context"

// Server is a row of the server list (docs/dcimanager.md 3.2).
type Server struct {
	ID string
	// Name is the label on the machine. Hostname is the domain of the main address IP.
	Name, Hostname, IP string
	// Owner is empty when there is none. Whether it is an id or a name is [UNCONFIRMED].
	Owner string
	// Type and ChassisTemplate are "Server Type" and "Configuration" in the panel.
	Type, ChassisTemplate, Rack string

	Blocked, Disabled, HardwareProblem, Diagnostics bool
	PowerOn, PowerOff, PowerError                   bool
	// Installing is set while an operation runs. OperationFailed may be left over
	// from an earlier one (docs/dcimanager.md 5).
	Installing, OperationFailed bool
}

// freeHostname is the hostname of a server that nobody rents (docs/dcimanager.md R1).
const freeHostname = "free.ds"

// Free is the panel's own definition of a server that may be sold (docs/dcimanager.md R1).
func (s Server) Free() bool {
	return s.ID != "" && s.Owner == "" && s.Hostname == freeHostname && !s.IsBlocked() && !s.HardwareProblem && !s.Diagnostics
}

// Matches tells whether the server is of a package: its Configuration or its
// Server Type is exactly that (docs/dcimanager.md R2).
func (s Server) Matches(pkg string) bool {
	return pkg != "" && (s.ChassisTemplate == pkg || s.Type == pkg)
}

// IsBlocked tells whether the server is cut off the network: two flags are names
// of that one state (docs/dcimanager.md 4.5).
func (s Server) IsBlocked() bool { return s.Blocked || s.Disabled }

// Servers returns the whole server list.
func (c *Client) Servers(ctx context.Context) ([]Server, error) {
	doc, err := c.do(ctx, ask("server"))
	if err != nil {
		return nil, err
	}
	var servers []Server
	for _, row := range doc.rows() {
		servers = append(servers, newServer(row))
	}
	return servers, nil
}

func newServer(row node) Server {
	return Server{
		ID: row.get("id"), Name: row.get("name"), Hostname: row.get("hostname"), IP: row.get("ip"), Owner: owner(row.get("owner")),
		Type: row.get("type"), ChassisTemplate: row.get("chassis_templ"), Rack: row.get("rack"),
		Blocked: row.has("blocked"), Disabled: row.has("disabled"), HardwareProblem: row.has("hwproblem"), Diagnostics: row.has("diag_in_progress"),
		PowerOn: row.has("poweron"), PowerOff: row.has("poweroff"), PowerError: row.has("powererror"),
		Installing: row.has("install_in_progress"), OperationFailed: row.has("operation_failed"),
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

// Enable opens the server's ports. The panel answers at once and does it later
// (docs/dcimanager.md 3.4); so do the other functions below.
func (c *Client) Enable(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.enable", serverID)
}

// Disable closes the server's ports; see Enable.
func (c *Client) Disable(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.disable", serverID)
}

// PowerOn switches the server on; PowerOn or PowerError follows in the list
// (docs/dcimanager.md 3.5).
func (c *Client) PowerOn(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.poweron", serverID)
}

// PowerOff switches the server off; PowerOff or PowerError follows in the list.
func (c *Client) PowerOff(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.poweroff", serverID)
}

// Reboot restarts the server.
func (c *Client) Reboot(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.reboot", serverID)
}

func (c *Client) act(ctx context.Context, function, serverID string) error {
	_, err := c.do(ctx, order(function, "elid", serverID))
	return err
}
