package panel

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"

	"metalease/activities/edge"
	"metalease/dcim"
	"metalease/internal/lanes"
)

// failedLooks is how many looks in a row may fail before a watch gives up. What was seen and
// waited for until then is not thrown away by one bad answer.
const failedLooks = 5

// watch looks at the server once a tick until done says so. It ends early when
// the worker stops, so that another one goes on.
func (p *Panel) watch(ctx context.Context, serverID string, done func(dcim.Server) (bool, error)) error {
	return p.watchAt(ctx, serverID, nil, done)
}

// watchAt is watch with a time for the next look: next is asked for it after each one. A list that
// others read in between is looked at too.
func (p *Panel) watchAt(ctx context.Context, serverID string, next func(now time.Time) time.Time, done func(dcim.Server) (bool, error)) error {
	stopping := activity.GetWorkerStopChannel(ctx)
	urgent, due := lanes.IsUrgent(ctx), time.Time{}
	if urgent && next == nil {
		next = pressing(p.Reader.list.tick)
		due = next(time.Now())
	}
	for failed := 0; ; {
		ok, err := p.look(ctx, serverID, due, stopping, done)
		switch {
		case ok:
			return nil
		case err == nil:
			failed = 0
		case failed+1 < failedLooks && passes(err):
			failed++
		default:
			return err
		}
		select {
		case <-stopping:
			return edge.Expected(edge.ErrWorkerStopping, "the worker stops; another one goes on watching server %s", serverID)
		default:
		}
		if due = (time.Time{}); next != nil && (failed == 0 || urgent) {
			due = next(time.Now())
		}
	}
}

// firstLook is the share of a tick after which the panel is looked at first, where somebody is to be cut off or
// put back: most panels show that at once.
const firstLook = 8

// pressing is the pace of looks at what is urgent: soon at first, and rarer until they come with each tick.
func pressing(tick time.Duration) func(now time.Time) time.Time {
	pause := tick / firstLook
	return func(now time.Time) time.Time {
		due := now.Add(pause)
		pause = min(2*pause, tick)
		return due
	}
}

// look waits for the next list and looks at it. Without a list, because the worker stops, nothing is done.
func (p *Panel) look(ctx context.Context, serverID string, due time.Time, stopping <-chan struct{}, done func(dcim.Server) (bool, error)) (bool, error) {
	listing, err := p.Reader.list.later(ctx, serverID, due, stopping)
	if listing == nil && err == nil {
		return false, nil
	}
	server, err := p.in(ctx, listing, err, serverID)
	if err != nil {
		return false, err
	}
	return done(server)
}

// passes tells whether a look that failed may end otherwise by itself.
func passes(err error) bool {
	if is := edge.TypeOf(err); is != "" {
		return is == edge.ErrPanelUnavailable
	}
	kind := dcim.KindOf(err)
	return kind != dcim.KindNone && kind.Retry() != dcim.RetryNever && !dcim.Refused(err)
}

// later returns a list that begins after this call and has to show a server: the next one that
// others want, else one with the first tick after due, or at once for whoever is urgent. It returns nil when it is stopped before.
func (s *serverList) later(ctx context.Context, serverID string, due time.Time, stop <-chan struct{}) (*Listing, error) {
	pause := time.Until(due)
	if pause <= 0 {
		return s.freshOf(ctx, lanes.IsUrgent(ctx), serverID)
	}
	asked, timer := time.Now(), time.NewTimer(pause)
	defer timer.Stop()
	for {
		s.mu.Lock()
		if last := s.last; last != nil && last.listing.Began.After(asked) && last.read() && (!last.listing.part || last.listing.has(serverID)) {
			s.mu.Unlock()
			return &last.listing, nil
		}
		if s.arrived == nil {
			s.arrived = make(chan struct{})
		}
		arrived := s.arrived
		s.mu.Unlock()
		select {
		case <-arrived:
		case <-timer.C:
			return s.freshOf(ctx, lanes.IsUrgent(ctx), serverID)
		case <-stop:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// arrive wakes those who look at whatever list comes.
func (s *serverList) arrive() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.arrived != nil {
		close(s.arrived)
		s.arrived = nil
	}
}
