package lanes

import (
	"context"
	"slices"
	"sync"
)

// slots are how many calls may run at a time. Who waits gets the next free one by urgency, and in turn among equals.
type slots struct {
	mu sync.Mutex
	// free is below zero after resize, until so many calls have ended.
	free, all int
	waiting   [first + 1][]chan struct{}
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
func (s *slots) take(ctx context.Context, is urgency) error {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return nil
	}
	turn, queue := make(chan struct{}), &s.waiting[is]
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
	for is := first; is >= inTurn && s.free >= 0; is-- {
		if queue := &s.waiting[is]; len(*queue) > 0 {
			close((*queue)[0])
			*queue = (*queue)[1:]
			return
		}
	}
	s.free++
}
