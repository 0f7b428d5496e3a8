package dci5

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"sync"
)

// A change goes over a connection that is open already, so that not each one needs a TLS handshake.
// A panel closes idle connections whenever it likes, and of a change that was written to one nobody
// could tell whether it arrived. So the connection is looked at right before the first byte, and one
// that is closed takes none; and each connection counts what was written to it, so that "nothing was
// sent" is known and not guessed.

// errClosedIdle is the error of a write to a connection that the panel has closed while it was idle.
var errClosedIdle = errors.New("the panel has closed the idle connection")

// connection counts what is written to a panel.
type connection struct {
	net.Conn
	mu sync.Mutex
	// written are all bytes so far, and those of the request that goes on began at start.
	written, start int
	// check is set until the first byte of a request on a connection that was idle.
	check bool
	// refuses is set when nothing may be written any more.
	refuses bool
}

func dialer(dial func(ctx context.Context, network, address string) (net.Conn, error)) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &connection{Conn: conn}, nil
	}
}

// Write implements net.Conn. Errors: errClosedIdle.
func (c *connection) Write(b []byte) (int, error) {
	c.mu.Lock()
	if c.check && !c.refuses {
		c.check, c.refuses = false, !open(c.Conn)
	}
	if c.refuses {
		c.mu.Unlock()
		return 0, errClosedIdle
	}
	c.written += len(b)
	c.mu.Unlock()
	return c.Conn.Write(b)
}

// begin notes that a request is about to be written.
func (c *connection) begin(reused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.start, c.check = c.written, reused
}

// unsent tells whether nothing of the request was written; then nothing ever is.
func (c *connection) unsent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuses = c.refuses || c.written == c.start
	return c.written == c.start
}

// track follows one request to the connection that it gets.
type track struct {
	// given is true once the request has a connection.
	given bool
	// reused is true for one that was open already.
	reused bool
	conn   *connection
}

// gotConn is called right before the request is written.
func (t *track) gotConn(info httptrace.GotConnInfo) {
	t.given, t.reused, t.conn = true, info.Reused, nil
	conn := info.Conn
	for {
		if own, is := conn.(*connection); is {
			t.conn = own
			own.begin(info.Reused)
			return
		}
		inner, wrapped := conn.(interface{ NetConn() net.Conn })
		if !wrapped {
			return
		}
		conn = inner.NetConn()
	}
}

// again tells whether the request may be sent over a new connection: it had an open one, and no byte
// of it was written.
func (t *track) again() bool { return t.reused && t.conn != nil && t.conn.unsent() }
