package dcim

import (
	"context"
	"math"

	"golang.org/x/time/rate"
)

// Limits keep the load that a panel gets from us: requests a second and requests
// at a time. A share of both is kept for urgent calls, so that a block, an
// unblock or a release never waits behind installs.
type Limits struct {
	common, kept lane
}

// lane is one part of what the panel can take.
type lane struct {
	rate  *rate.Limiter
	slots *slots
	// perSecond and atOnce are those of all processes together.
	perSecond float64
	atOnce    int
}

// NewLimits divides; each part has one slot at least. The share is that of urgent calls,
// above 0 and below 1.
func NewLimits(perSecond float64, concurrency int, urgentShare float64) *Limits {
	kept := max(1, int(math.Round(float64(concurrency)*urgentShare)))
	return &Limits{
		common: newLane(perSecond*(1-urgentShare), max(1, concurrency-kept)),
		kept:   newLane(perSecond*urgentShare, kept),
	}
}

func newLane(perSecond float64, atOnce int) lane {
	return lane{rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond))), &slots{free: atOnce, all: atOnce}, perSecond, atOnce}
}

// Share leaves to this process its part of the limits when as many processes work on the panel, this one included: an equal
// part of the rate and of the slots, but one slot of each lane. What is under way goes on.
func (l *Limits) Share(processes int) {
	for _, lane := range []lane{l.common, l.kept} {
		perSecond := lane.perSecond / float64(max(1, processes))
		lane.rate.SetLimit(rate.Limit(perSecond))
		lane.rate.SetBurst(max(1, int(perSecond)))
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
	if err := l.slots.take(ctx, urgencyOf(ctx) == first); err != nil {
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
