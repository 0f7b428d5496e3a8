package postgres

import (
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
)

// balancer stands before several servers as a service of a data centre does: a connection goes to the next one that takes it.
// With one server behind it, it is a wire that can be cut.
type balancer struct {
	address string

	mu    sync.Mutex
	to    []string
	next  int
	cut   bool
	conns []net.Conn
}

func newBalancer(t *testing.T, to ...string) *balancer {
	t.Helper()
	port, _, err := stack.Port(0)
	require.NoError(t, err)
	address := local(port)
	listener, err := net.Listen("tcp", address)
	require.NoError(t, err)
	b := &balancer{address: address, to: to}
	t.Cleanup(func() { _ = listener.Close(); b.set(true) })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go b.join(conn)
		}
	}()
	return b
}

// add puts one more server behind it.
func (b *balancer) add(address string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.to = append(b.to, address)
}

// set cuts all connections, and new ones at once, or mends that.
func (b *balancer) set(cut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cut = cut
	for _, conn := range b.conns {
		_ = conn.Close()
	}
	b.conns = nil
}

// order are the servers, the one whose turn it is first.
func (b *balancer) order() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cut || len(b.to) == 0 {
		return nil
	}
	b.next = (b.next + 1) % len(b.to)
	return slices.Concat(b.to[b.next:], b.to[:b.next])
}

func (b *balancer) join(client net.Conn) {
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

// hold remembers a connection that set may cut; false when it was cut meanwhile.
func (b *balancer) hold(conns ...net.Conn) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conns = append(b.conns, conns...)
	return !b.cut
}
