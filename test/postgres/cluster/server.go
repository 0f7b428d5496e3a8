package cluster

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"metalease/internal/stack"
)

// Server is one of the server processes.
type Server struct {
	*stack.Process
	// Address is its own host:port.
	Address string

	cli string
}

// ports that one server process listens on; on a machine of its own each has its usual one.
var ports = []string{
	frontendPort, "FRONTEND_HTTP_PORT", "FRONTEND_MEMBERSHIP_PORT", "HISTORY_GRPC_PORT", "HISTORY_MEMBERSHIP_PORT",
	"MATCHING_GRPC_PORT", "MATCHING_MEMBERSHIP_PORT", "WORKER_GRPC_PORT", "WORKER_MEMBERSHIP_PORT",
}

const frontendPort = "FRONTEND_GRPC_PORT"

// describe says what servers there will be, and the address at which they are one.
func (c *Cluster) describe() error {
	given := make([]map[string]int, c.options.Servers)
	for i := range given {
		given[i] = map[string]int{}
		for _, variable := range ports {
			port, _, err := stack.Port(0)
			if err != nil {
				return err
			}
			given[i][variable] = port
		}
	}
	c.Address = Local(given[0][frontendPort])
	if len(given) > 1 {
		var err error
		if c.front, err = NewBalancer(); err != nil {
			return err
		}
		c.Address = c.front.Address
	}
	for i, own := range given {
		if err := c.add(fmt.Sprintf("temporal-%d", i+1), own); err != nil {
			return err
		}
	}
	return nil
}

// add describes one more server, with its ports by variable.
func (c *Cluster) add(name string, own map[string]int) error {
	more := []string{
		"POSTGRES_SEEDS=127.0.0.1", fmt.Sprint("DB_PORT=", c.DB.port), "POSTGRES_PWD=" + Password, "BIND_ON_IP=127.0.0.1",
		"TEMPORAL_BROADCAST_ADDRESS=127.0.0.1", "CLUSTER_RPC_ADDRESS=" + c.Address, "DYNAMIC_CONFIG_FILE_PATH=" + c.dynamic, "LOG_LEVEL=warn",
	}
	for variable, port := range own {
		more = append(more, fmt.Sprintf("%s=%d", variable, port))
	}
	env, err := c.compose.environment("temporal", c.options.Dir, more...)
	if err != nil {
		return err
	}
	c.Servers = append(c.Servers, &Server{
		Process: stack.NewProcess(c.options.Dir, name, filepath.Join(c.options.Dir, "temporal-server"), env, "start"),
		Address: Local(own[frontendPort]), cli: c.CLI,
	})
	if c.front != nil {
		c.front.Add(Local(own[frontendPort]))
	}
	return nil
}

// serverPatience is how long a server may take until it serves, on a machine that does other things too.
const serverPatience = 2 * time.Minute

// Serve starts the server and waits until it serves.
func (s *Server) Serve(ctx context.Context) error {
	return s.Up(ctx, serverPatience, func(ctx context.Context) error { return stack.Healthy(ctx, s.cli, s.Address) })
}

// Local is a port of this machine.
func Local(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }
