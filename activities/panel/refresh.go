package panel

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"metalease/dcim"
	"metalease/internal/lanes"
)

// refresh is one request for the list, and everybody who waits for it. Whoever comes before it is
// sent, also while it waits for its turn among the panel's calls, is shown the same list.
type refresh struct {
	hurry   chan struct{}
	hurried bool
	done    chan struct{}
	wanted  demand
	// rank is as urgent as the most urgent of those who wait. pressed is closed once that is urgent;
	// raise ends a wait for a turn that is less so, nil while there is none.
	rank    context.Context
	pressed chan struct{}
	raise   context.CancelFunc
	listing Listing
	err     error
}

// restShare is how long the panel rests after a list of all servers, in times that it took to answer:
// however many ask, and however long the list, such lists are a fifth of its time at most. Nobody
// waits longer for that than a tick.
const restShare = 4

// join is the request that begins next, with one more who waits for it.
func (s *serverList) join(ctx context.Context, now bool, want func(*demand)) *refresh {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = &refresh{hurry: make(chan struct{}), done: make(chan struct{}), pressed: make(chan struct{}), rank: context.Background()}
		go s.run(s.next, s.last, s.tick-time.Since(s.began))
	}
	r := s.next
	want(&r.wanted)
	if now && !r.hurried {
		r.hurried = true
		close(r.hurry)
	}
	if lanes.Outranks(ctx, r.rank) {
		if !lanes.IsUrgent(r.rank) {
			close(r.pressed)
		}
		r.rank = lanes.Rank(ctx)
		if r.raise != nil {
			r.raise()
		}
	}
	return r
}

func (r *refresh) wait(ctx context.Context) (*Listing, error) {
	select {
	case <-r.done:
		return &r.listing, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// read tells whether the list is there, and was read.
func (r *refresh) read() bool {
	select {
	case <-r.done:
		return r.err == nil
	default:
		return false
	}
}

// run makes the request. It outlives whoever asked first: others wait for it too, and the client limits its time.
func (s *serverList) run(r, before *refresh, pause time.Duration) {
	r.pause(pause, r.hurry)
	if before != nil { // never two lists at once, but whoever is urgent waits for none that is not
		select {
		case <-before.done:
		case <-r.pressed:
			if before.urgent() {
				<-before.done
			}
		}
	}
	s.mu.Lock()
	rest, apart := time.Duration(0), time.Until(s.pressed.Add(s.tick/firstLook))
	if s.plan(&r.wanted).whole() {
		rest = time.Until(s.rested)
	}
	s.mu.Unlock()
	r.pause(rest, r.pressed)
	if r.urgent() {
		r.pause(apart, nil) // many blocks at once share lists too
	}
	s.request(r)
	if r.err == nil {
		for _, observe := range s.observers {
			observe(&r.listing)
		}
	}
	close(r.done)
	if r.err == nil {
		s.arrive()
	}
}

// urgent tells whether somebody urgent waits for it.
func (r *refresh) urgent() bool {
	select {
	case <-r.pressed:
		return true
	default:
		return false
	}
}

// pause waits, but not once there is no time for that.
func (r *refresh) pause(pause time.Duration, enough <-chan struct{}) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-enough:
	}
}

// request waits for its turn, as urgently as those want who wait for the list, and reads it.
func (s *serverList) request(r *refresh) {
	for {
		s.mu.Lock()
		rank := r.rank
		turn, stop := context.WithCancel(rank)
		r.raise = stop
		s.mu.Unlock()
		first := firstAnswer{}
		err := s.inTurn(turn, func(ctx context.Context) error {
			s.begin(context.WithoutCancel(ctx), r, &first)
			return nil
		})
		raised := turn.Err() != nil
		stop()
		switch {
		case first.sent:
			s.finish(rank, r, first)
			return
		case !raised:
			s.mu.Lock()
			s.last, s.next, r.err = r, nil, err
			s.mu.Unlock()
			return
		}
	}
}

func (s *serverList) inTurn(ctx context.Context, do func(context.Context) error) error {
	if s.turn == nil {
		return do(ctx)
	}
	return s.turn(ctx, do)
}

// firstAnswer is what the first request has brought, of those that a plan needs.
type firstAnswer struct {
	sent bool
	plan plan
	// servers are all, or those of the plan's first filter.
	servers []dcim.Server
	err     error
}

// begin is the moment from which on whoever comes waits for the next list.
func (s *serverList) begin(ctx context.Context, r *refresh, first *firstAnswer) {
	s.mu.Lock()
	r.listing.Began = time.Now()
	s.began, s.last, s.next, r.raise = r.listing.Began, r, nil, nil
	if r.urgent() {
		s.pressed = s.began
	}
	p := s.plan(&r.wanted)
	if p.whole() {
		s.whole = r
	}
	s.mu.Unlock()
	first.sent, first.plan = true, p
	if p.whole() {
		first.servers, first.err = s.fetchAll(ctx)
		return
	}
	first.servers, first.err = s.some(ctx, p.wheres[0])
}

// fetchAll asks for all servers, and notes how long the panel rests after that.
func (s *serverList) fetchAll(ctx context.Context) ([]dcim.Server, error) {
	began := time.Now()
	servers, err := s.fetch(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rested = time.Now().Add(min(restShare*time.Since(began), s.tick))
	return servers, err
}

// finish reads what else the plan needs.
func (s *serverList) finish(ctx context.Context, r *refresh, first firstAnswer) {
	p := first.plan
	if !p.whole() {
		if s.readSome(ctx, r, p, first) {
			return
		}
		first.servers, first.err = s.fetchAll(ctx)
	}
	s.readAll(ctx, r, p, first.servers, first.err)
}

// readAll takes a list of all servers.
func (s *serverList) readAll(ctx context.Context, r *refresh, p plan, servers []dcim.Server, err error) {
	if err == nil {
		err = s.length.plausible(len(servers), "servers", s.panel, time.Now())
	}
	if err == nil {
		r.listing.Absent, err = s.absent.of(ctx, servers, s.panel, time.Now())
	}
	r.err = err
	r.listing.fill(servers)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.whole == nil || !s.whole.listing.Began.After(r.listing.Began) { // an urgent one may have overtaken it
		s.whole = r
	}
	if err == nil {
		s.compare(p, &r.listing)
	}
}

// askRest makes the further requests of a plan, some at a time.
func (s *serverList) askRest(ctx context.Context, p plan, first firstAnswer) (map[dcim.Where][]dcim.Server, error) {
	type reply struct {
		servers []dcim.Server
		err     error
	}
	replies := make([]reply, len(p.wheres))
	replies[0] = reply{first.servers, first.err}
	group, asking := errgroup.WithContext(ctx)
	group.SetLimit(requestsAtOnce)
	for i, where := range p.wheres[1:] {
		group.Go(func() error {
			servers, err := s.some(asking, where)
			replies[i+1] = reply{servers, err}
			if err != nil && !refusesFilter(err) {
				return err
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	answers := map[dcim.Where][]dcim.Server{}
	for i, where := range p.wheres {
		switch {
		case replies[i].err == nil:
			answers[where] = replies[i].servers
		case refusesFilter(replies[i].err):
			s.refused(where)
		default:
			return nil, replies[i].err
		}
	}
	return answers, nil
}
