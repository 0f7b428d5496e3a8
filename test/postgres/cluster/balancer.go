package cluster

import (
	"io"
	"net"
	"slices"
	"sync"

	"metalease/internal/stack"
)

// Balancer stands before several servers as a service of a data centre does: a connection goes to the next one that takes it.
// With one server behind it, it is a wire that can be cut.
type Balancer struct {
	// Address is its host:port.
	Address string

	listener net.Listener
	mu       sync.Mutex
	to       []string
	next     int
	cut      bool
	conns    []net.Conn
}

// NewBalancer listens on a port of its own, before servers at these addresses, until it is closed.
func NewBalancer(to ...string) (*Balancer, error) {
	port, _, err := stack.Port(0)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", Local(port))
	if err != nil {
		return nil, err
	}
	b := &Balancer{Address: Local(port), listener: listener, to: to}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go b.join(conn)
		}
	}()
	return b, nil
}

// Close ends it, with all connections.
func (b *Balancer) Close() {
	_ = b.listener.Close()
	b.Cut(true)
}

// Add puts one more server behind it.
func (b *Balancer) Add(address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = append(b.to, address)
}

// Cut cuts all connections, and new ones at once, or mends that.
func (b *Balancer) Cut(cut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cut = cut
	for _, conn := range b.conns {
		_ = conn.Close()
	}
	b.conns = nil
}

// order are the servers, the one whose turn it is first.
func (b *Balancer) order() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cut || len(b.to) == 0 {
		return nil
	}
	b.next = (b.next + 1) % len(b.to)
	return slices.Concat(b.to[b.next:], b.to[:b.next])
}

func (b *Balancer) join(client net.Conn) {
	defer func() { _ = client.Close() }()
	for _, address := range b.order() {
		server, err := net.Dial("tcp", address)
		if err != nil {
			continue
		}
		defer func() { _ = server.Close() }()
		if !b.hold(client, server) {
			return
		}
		var both sync.WaitGroup
		for _, way := range [][2]net.Conn{{client, server}, {server, client}} {
			both.Go(func() {
				_, _ = io.Copy(way[0], way[1]) // either end may be cut
				_ = client.Close()
				_ = server.Close()
			})
		}
		both.Wait()
		return
	}
}

// hold remembers a connection that Cut may cut; false when it was cut meanwhile.
func (b *Balancer) hold(conns ...net.Conn) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conns = append(b.conns, conns...)
	return !b.cut
}
