package stack

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// AddWorker starts a worker beside that of the set. Its configuration is that of the set, which change may change.
func (s *Stack) AddWorker(ctx context.Context, name string, change func(string) string) (*Process, error) {
	p, err := s.add(name, "worker", change)
	if err != nil {
		return nil, err
	}
	return p, s.StartWorker(ctx, p)
}

// AddGateway starts a gateway beside that of the set, and returns its address, such as http://127.0.0.1:20001.
func (s *Stack) AddGateway(ctx context.Context, name string) (p *Process, address string, err error) {
	port, _, err := Port(0)
	if err != nil {
		return nil, "", err
	}
	listens := func(config string) string { return strings.ReplaceAll(config, local(s.Ports.Gateway), local(port)) }
	if p, err = s.add(name, "starter", listens, "serve"); err != nil {
		return nil, "", err
	}
	address = "http://" + local(port)
	return p, address, s.StartGateway(ctx, p, address)
}

// add describes a further process with a configuration of its own.
func (s *Stack) add(name, program string, change func(string) string, args ...string) (*Process, error) {
	file := filepath.Join(s.Dir, name+".yaml")
	if err := os.WriteFile(file, []byte(change(s.config())), 0o600); err != nil {
		return nil, err
	}
	p := NewProcess(s.Dir, name, s.bin(program), append(slices.Clip(s.Env), "METALEASE_CONFIG="+file), args...)
	s.more = append(s.more, p)
	return p, nil
}

// StartWorker starts a worker and waits until it is ready.
func (s *Stack) StartWorker(ctx context.Context, p *Process) error {
	before := len(p.Log())
	return s.up(ctx, p, func(context.Context) error {
		if !strings.Contains(p.Log()[before:], "worker ready") {
			return fmt.Errorf("it has not said that it is ready")
		}
		return nil
	})
}

// StartGateway starts the gateway of that address and waits until it is ready.
func (s *Stack) StartGateway(ctx context.Context, p *Process, address string) error {
	return s.up(ctx, p, func(ctx context.Context) error {
		return s.call(ctx, http.DefaultClient, http.MethodGet, address+"/readyz", nil, nil)
	})
}
