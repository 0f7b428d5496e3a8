package panel

import (
	"context"
	"sync"
	"time"
)

// sharedRead gives all who ask within one request the same answer: that of the next request, which began
// after each of them had asked. There is never more than one request on its way.
type sharedRead[T any] struct {
	fetch func(context.Context) (T, error)
	// turn waits until the request may be made; nil waits for nothing. Whoever asks meanwhile shares it.
	turn func(ctx context.Context, do func(context.Context) error) error

	mu sync.Mutex
	// next has not begun yet, last has begun last; nil when there is none.
	next, last *answer[T]
}

// answer is one request, and everybody who waits for it.
type answer[T any] struct {
	done  chan struct{}
	began time.Time
	value T
	err   error
}

// get is the answer to a request that began after this call. Whoever gets it changes nothing in it.
func (s *sharedRead[T]) get(ctx context.Context) (T, error) {
	s.mu.Lock()
	if s.next == nil {
		s.next = &answer[T]{done: make(chan struct{})}
		go s.run(s.next, s.last)
	}
	mine := s.next
	s.mu.Unlock()
	select {
	case <-mine.done:
		return mine.value, mine.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// run makes the request once the one before has ended. It outlives whoever asked first: others wait
// for it too, and the client limits its time.
func (s *sharedRead[T]) run(mine, before *answer[T]) {
	if before != nil {
		<-before.done
	}
	begun := false
	begin := func(ctx context.Context) error {
		begun = true
		s.mu.Lock()
		mine.began = time.Now()
		s.next, s.last = nil, mine
		s.mu.Unlock()
		mine.value, mine.err = s.fetch(ctx)
		return nil
	}
	if s.turn == nil {
		_ = begin(context.Background()) // its error is the answer's
	} else if err := s.turn(context.Background(), begin); !begun {
		s.mu.Lock()
		s.next, s.last, mine.err = nil, mine, err
		s.mu.Unlock()
	}
	close(mine.done)
}

// young is the last answer if its request began within the age, else that of the next request.
func (s *sharedRead[T]) young(ctx context.Context, age time.Duration) (T, error) {
	s.mu.Lock()
	last := s.last
	young := last != nil && time.Since(last.began) < age
	s.mu.Unlock()
	if young {
		select {
		case <-last.done:
			if last.err == nil {
				return last.value, nil
			}
		case <-ctx.Done():
			return last.value, ctx.Err()
		}
	}
	return s.get(ctx)
}
