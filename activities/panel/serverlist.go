package panel

import (
	"context"
	"sync"
	"time"

	"metalease/dcim"
)

// sharedList gives everybody in this process who wants to see the panel's server
// list the same answer: one request per tick however many services wait
// (docs/dcimanager.md 7.23 tells what the alternative costs). It does
// nothing while nobody asks.
type sharedList struct {
	fetch func(context.Context) ([]dcim.Server, error)
	// tick is the least time between the beginnings of two requests.
	tick time.Duration

	mu    sync.Mutex
	next  *Round // not begun yet; nil when nobody waits
	last  *Round // begun last
	began time.Time
}

// round is one request and everybody who waits for it.
type Round struct {
	hurry   chan struct{}
	hurried bool
	done    chan struct{}
	Servers map[string]dcim.Server
	Order   []string
	began   time.Time
	err     error
}

// fresh returns a list whose request began after this call. With hurry the
// request begins at once, else with the next tick.
func (s *sharedList) Fresh(ctx context.Context, hurry bool) (*Round, error) {
	s.mu.Lock()
	if s.next == nil {
		s.next = &Round{hurry: make(chan struct{}), done: make(chan struct{})}
		go s.run(s.next, s.last, s.tick-time.Since(s.began))
	}
	r := s.next
	if hurry && !r.hurried {
		r.hurried = true
		close(r.hurry)
	}
	s.mu.Unlock()

	select {
	case <-r.done:
		return r, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// recent returns the last list if it began within the age, else a fresh one. It
// serves decisions that a read-back confirms.
func (s *sharedList) recent(ctx context.Context, age time.Duration) (*Round, error) {
	s.mu.Lock()
	last := s.last
	young := last != nil && time.Since(last.began) < age
	s.mu.Unlock()
	if !young {
		return s.Fresh(ctx, true)
	}
	select {
	case <-last.done:
		return last, last.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *sharedList) run(r, before *Round, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.hurry:
	}
	if before != nil {
		<-before.done // never two lists at once
	}

	s.mu.Lock()
	r.began = time.Now()
	s.began, s.last, s.next = r.began, r, nil
	s.mu.Unlock()

	// The request outlives whoever asked first: others wait for it too. The client limits its time.
	servers, err := s.fetch(context.Background())
	r.err = err
	r.Servers = make(map[string]dcim.Server, len(servers))
	for _, server := range servers {
		r.Servers[server.ID] = server
		r.Order = append(r.Order, server.ID)
	}
	close(r.done)
}

// each calls f with every server in the panel's order.
func (r *Round) each(f func(dcim.Server)) {
	for _, id := range r.Order {
		f(r.Servers[id])
	}
}
