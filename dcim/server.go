package dcim

import (
	"context"
)

// Server is a row of the server list (reference 3.2).
type Server struct {
	ID string
	// Name is the label on the machine.
	Name, Hostname, IP string
	// Owner is empty when there is none. Whether it is an id or a name is unconfirmed.
	Owner                       string
	Type, ChassisTemplate, Rack string

	Blocked, Disabled, HardwareProblem, Diagnostics bool
	PowerOn, PowerOff, PowerError                   bool
	// Installing is set while an operation runs. OperationFailed may be left over
	// from an earlier one (reference section 5).
	Installing, OperationFailed bool
}

// freeHostname is the hostname of a server that nobody rents (reference R1).
const freeHostname = "free.ds"

// Free is the panel's own definition of a server that may be sold (reference R1).
// Disabled and blocked are two names of one state (reference 4.5).
func (s Server) Free() bool {
	return s.ID != "" && s.Owner == "" && s.Hostname == freeHostname && !s.IsBlocked() && !s.HardwareProblem && !s.Diagnostics
}

// Matches tells whether the server is of a package: its Configuration or its
// Server Type is exactly that (reference R2).
func (s Server) Matches(pkg string) bool {
	return pkg != "" && (s.ChassisTemplate == pkg || s.Type == pkg)
}

// IsBlocked tells whether the server is cut off the network.
func (s Server) IsBlocked() bool { return s.Blocked || s.Disabled }

// Servers returns the whole server list.
func (c *Client) Servers(ctx context.Context) ([]Server, error) {
	doc, err := c.read(ctx, "server")
	if err != nil {
		return nil, err
	}
	var servers []Server
	for _, row := range doc.rows() {
		servers = append(servers, Server{
			ID: row.get("id"), Name: row.get("name"), Hostname: row.get("hostname"), IP: row.get("ip"), Owner: row.get("owner"),
			Type: row.get("type"), ChassisTemplate: row.get("chassis_templ"), Rack: row.get("rack"),
			Blocked: row.has("blocked"), Disabled: row.has("disabled"), HardwareProblem: row.has("hwproblem"),
			Diagnostics: row.has("diag_in_progress"), PowerOn: row.has("poweron"), PowerOff: row.has("poweroff"),
			PowerError: row.has("powererror"), Installing: row.has("install_in_progress"), OperationFailed: row.has("operation_failed"),
		})
	}
	return servers, nil
}

// Enable opens the server's ports. The panel answers at once and does it later
// (reference 3.4).
func (c *Client) Enable(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.enable", serverID)
}

// Disable closes the server's ports; see Enable.
func (c *Client) Disable(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.disable", serverID)
}

// PowerOn, PowerOff and Reboot answer at once; the flags follow (reference 3.5).
func (c *Client) PowerOn(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.poweron", serverID)
}

// PowerOff switches the server off; see PowerOn.
func (c *Client) PowerOff(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.poweroff", serverID)
}

// Reboot restarts the server; see PowerOn.
func (c *Client) Reboot(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.reboot", serverID)
}

// CancelOperation stops the operation that runs on the server.
func (c *Client) CancelOperation(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.opercancel", serverID)
}

func (c *Client) act(ctx context.Context, function, serverID string) error {
	_, err := c.change(ctx, function, "elid", serverID)
	return err
}

// Install is an OS install (reference 3.6).
type Install struct {
	Template string
	// Recipe is empty for none.
	Recipe   string
	Password string
}

// Install asks for an OS install. The panel answers at once; the flag follows.
func (c *Client) Install(ctx context.Context, serverID string, in Install) error {
	recipe := in.Recipe
	if recipe == "" {
		recipe = "null" // the panel's word for none
	}
	_, err := c.change(ctx, "server.operations", "sok", "ok", "elid", serverID, "operation", "ostemplate",
		"ostemplate", in.Template, "passwd", in.Password, "confirm", in.Password, "checkpasswd", in.Password, "recipe", recipe)
	return c.withhold(err, in.Password)
}

// OSTemplate is a template that can be installed.
type OSTemplate struct{ ID, Title string }

// CurrentTemplate returns the template of the server and those that it can have.
func (c *Client) CurrentTemplate(ctx context.Context, serverID string) (string, []OSTemplate, error) {
	doc, err := c.read(ctx, "server.operations", "elid", serverID)
	if err != nil {
		return "", nil, err
	}
	var choices []OSTemplate
	for _, list := range doc.Children {
		if list.name() != "slist" || list.attr("name") != "ostemplate" {
			continue
		}
		for _, value := range list.Children {
			choices = append(choices, OSTemplate{value.attr("key"), value.text()})
		}
	}
	return doc.get("ostemplate"), choices, nil
}

// OSTemplates lists the panel's templates. Their fields are unconfirmed
// (reference 3.10), so a row without an id is named by its name.
func (c *Client) OSTemplates(ctx context.Context) ([]OSTemplate, error) {
	doc, err := c.read(ctx, "osmgr")
	if err != nil {
		return nil, err
	}
	var templates []OSTemplate
	for _, row := range doc.rows() {
		template := OSTemplate{row.get("id"), row.get("name")}
		if template.ID == "" {
			template.ID = template.Title
		}
		templates = append(templates, template)
	}
	return templates, nil
}

// Progress is the panel's text about the operation that runs (reference 3.2).
func (c *Client) Progress(ctx context.Context, serverID string) (string, error) {
	doc, err := c.read(ctx, "server", "elid", serverID, "clickstat", "title", "hint_field", "install_in_progress")
	return doc.get("value"), err
}

// Connection is a port of the server: of a switch, a power unit or its IPMI.
type Connection struct {
	ID, Type string
	// Busy is true while the port is being opened or closed.
	Busy bool
}

// Connections lists the server's connections (reference 3.8).
func (c *Client) Connections(ctx context.Context, serverID string) ([]Connection, error) {
	doc, err := c.read(ctx, "server.connection", "elid", serverID)
	if err != nil {
		return nil, err
	}
	var connections []Connection
	for _, row := range doc.rows() {
		connections = append(connections, Connection{row.get("id"), row.get("type"), row.has("func_in_progress")})
	}
	return connections, nil
}

// ConnectionOn opens one port of the server.
func (c *Client) ConnectionOn(ctx context.Context, serverID, connectionID string) error {
	_, err := c.change(ctx, "server.connection.on", "plid", serverID, "elid", connectionID)
	return err
}

// ConnectionOff closes one port of the server.
func (c *Client) ConnectionOff(ctx context.Context, serverID, connectionID string) error {
	_, err := c.change(ctx, "server.connection.off", "plid", serverID, "elid", connectionID)
	return err
}
