// Package lanes keeps the load that a vendor gets from us, and lets urgent calls pass all others.
package lanes

import (
	"context"
	"math"

	"golang.org/x/time/rate"
)

// Limits keep the load that a vendor gets from one process: requests a second and requests
// at a time. A share of both is kept for urgent calls, so that a block, an
// unblock or a release never waits behind installs. What urgent calls leave of
// the rate is everybody's: one of theirs goes at once, and whoever comes after it
// waits that much longer. So all together never have more than the rate. Of one request at a time
// nothing can be kept: an urgent call gets it next, at the whole rate.
type Limits struct {
	common, kept lane
}

// lane is one part of what the vendor can take.
type lane struct {
	rate  *rate.Limiter
	slots *slots
	// of is the whole rate that this lane is a share of; nil for the whole.
	of *rate.Limiter
	// perSecond and atOnce are those of all processes together; burst is how many of a second's
	// requests may come at once, as a share.
	perSecond, burst float64
	atOnce           int
}

// New divides; each part has one slot at least, and a single one is that of both. The share is that of urgent calls,
// above 0 and below 1.
func New(perSecond float64, concurrency int, urgentShare float64) *Limits {
	kept := max(1, min(int(math.Round(float64(concurrency)*urgentShare)), concurrency-1))
	l := &Limits{common: newLane(perSecond, 1-urgentShare, max(1, concurrency-kept)), kept: newLane(perSecond*urgentShare, 1, kept)}
	l.kept.of = l.common.rate
	if concurrency <= 1 {
		l.kept = l.common
	}
	return l
}

func newLane(perSecond, burst float64, atOnce int) lane {
	l := lane{slots: &slots{free: atOnce, all: atOnce}, perSecond: perSecond, burst: burst, atOnce: atOnce}
	l.rate = rate.NewLimiter(rate.Limit(perSecond), l.atMost(perSecond))
	return l
}

// atMost is how many requests may come at once.
func (l lane) atMost(perSecond float64) int { return max(1, int(perSecond*l.burst)) }

// Share leaves to this process its part of the limits when as many processes call the same vendor, this one included: an equal
// part of the rate and of the slots, but one slot of each lane at least. What is under way goes on.
func (l *Limits) Share(processes int) {
	for _, lane := range []lane{l.common, l.kept} {
		perSecond := lane.perSecond / float64(max(1, processes))
		lane.rate.SetLimit(rate.Limit(perSecond))
		lane.rate.SetBurst(lane.atMost(perSecond))
		lane.slots.resize(max(1, lane.atOnce/max(1, processes)))
	}
}

// urgency says before whom a call comes.
type urgency int

const (
	inTurn urgency = iota
	urgent
	first
)

type urgencyKey struct{}

// Urgent marks calls that must never wait behind others: block, unblock and
// release. They may use what is kept for them and whatever else is idle.
func Urgent(ctx context.Context) context.Context {
	return context.WithValue(ctx, urgencyKey{}, max(urgencyOf(ctx), urgent))
}

// First marks calls that come before all others, urgent ones too: who has paid does not wait
// behind a run of blocks.
func First(ctx context.Context) context.Context { return context.WithValue(ctx, urgencyKey{}, first) }

// Rank is a context that is as urgent as this one, and nothing else of it: for a call that several wait for.
func Rank(ctx context.Context) context.Context {
	return context.WithValue(context.Background(), urgencyKey{}, urgencyOf(ctx))
}

// Outranks tells whether calls with ctx come before those with other.
func Outranks(ctx, other context.Context) bool { return urgencyOf(ctx) > urgencyOf(other) }

// IsUrgent tells whether calls with ctx wait behind no others.
func IsUrgent(ctx context.Context) bool { return urgencyOf(ctx) != inTurn }

func urgencyOf(ctx context.Context) urgency {
	is, _ := ctx.Value(urgencyKey{}).(urgency)
	return is
}

// Acquire waits for a slot and for a place in the rate; done gives the slot back.
// Its errors are those of the context.
func (l *Limits) Acquire(ctx context.Context) (done func(), err error) {
	if urgencyOf(ctx) == inTurn {
		return l.common.acquire(ctx)
	}
	if done, ok := l.common.tryAcquire(); ok {
		return done, nil
	}
	return l.kept.acquire(ctx)
}

// AcquireTurn waits for one slot and that many places in the rate, at least one: for a read and
// the writes that depend on it.
func (l *Limits) AcquireTurn(ctx context.Context, calls int) (done func(), err error) {
	done, err = l.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	others := l.common
	if urgencyOf(ctx) != inTurn {
		others = l.kept
	}
	for range calls - 1 {
		if err := others.place(ctx); err != nil {
			done()
			return nil, err
		}
	}
	return done, nil
}

func (l lane) acquire(ctx context.Context) (done func(), err error) {
	if err := l.slots.take(ctx, urgencyOf(ctx)); err != nil {
		return nil, err
	}
	if err := l.place(ctx); err != nil {
		l.release()
		return nil, err
	}
	return l.release, nil
}

// place waits for a place in the rate.
func (l lane) place(ctx context.Context) error {
	if err := l.rate.Wait(ctx); err == nil {
		if l.of != nil {
			l.of.Reserve() // it is not waited for: whoever comes next waits
		}
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return context.DeadlineExceeded // the place comes after the caller's time limit
}

// tryAcquire waits for nothing.
func (l lane) tryAcquire() (done func(), ok bool) {
	if !l.slots.try() {
		return nil, false
	}
	if !l.rate.Allow() {
		l.release()
		return nil, false
	}
	return l.release, true
}

func (l lane) release() { l.slots.give() }
