package lanes

import (
	"context"
	"slices"
	"sync"
)

// slots are how many calls may run at a time. Whoever is first of all gets the next free one,
// everybody else waits in turn.
type slots struct {
	mu sync.Mutex
	// free is below zero after resize, until so many calls have ended.
	free, all     int
	first, others []chan struct{}
}

// resize changes how many there are.
func (s *slots) resize(all int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ; s.all < all; s.all++ {
		s.next()
	}
	s.free -= s.all - all
	s.all = all
}

// try takes a slot if one is free and nobody waits.
func (s *slots) try() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.free <= 0 {
		return false
	}
	s.free--
	return true
}

// take waits for a slot. Its error is that of the context.
func (s *slots) take(ctx context.Context, first bool) error {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return nil
	}
	turn, queue := make(chan struct{}), &s.others
	if first {
		queue = &s.first
	}
	*queue = append(*queue, turn)
	s.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(*queue, turn); i >= 0 {
		*queue = slices.Delete(*queue, i, i+1)
	} else {
		s.next() // its turn had just come
	}
	return ctx.Err()
}

// give returns a slot.
func (s *slots) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next()
}

// next hands a slot to whoever is next; the lock is held.
func (s *slots) next() {
	queue := &s.first
	if len(s.first) == 0 {
		queue = &s.others
	}
	if s.free < 0 || len(*queue) == 0 {
		s.free++
		return
	}
	close((*queue)[0])
	*queue = (*queue)[1:]
}
