package dcim

import "context"

// Connection is a port that the server hangs on (docs/dcimanager.md 3.8).
type Connection struct {
	// Type is Switch or IPMI; other spellings are [UNCONFIRMED].
	ID, Type string
	// Busy is true while the port is being opened or closed.
	Busy bool
}

// Connections lists the server's connections.
func (c *Client) Connections(ctx context.Context, serverID string) ([]Connection, error) {
	doc, err := c.do(ctx, ask("server.connection", "elid", serverID))
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
	return c.turn(ctx, "server.connection.on", serverID, connectionID)
}

// ConnectionOff closes one port of the server.
func (c *Client) ConnectionOff(ctx context.Context, serverID, connectionID string) error {
	return c.turn(ctx, "server.connection.off", serverID, connectionID)
}

func (c *Client) turn(ctx context.Context, function, serverID, connectionID string) error {
	_, err := c.do(ctx, order(function, "plid", serverID, "elid", connectionID))
	return err
}
