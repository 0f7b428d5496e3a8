package dcim

import (
	"context"
	"math"

	"golang.org/x/time/rate"
)

// limits keep the load that a panel gets from us: requests a second and requests
// at a time. A share of both is kept for urgent calls, so that a block, an
// unblock or a release never waits behind installs.
type limits struct {
	normal, urgent lane
}

// lane is one class of calls.
type lane struct {
	rate  *rate.Limiter
	slots chan struct{}
}

func newLimits(perSecond float64, concurrency int, urgentShare float64) *limits {
	kept := max(1, int(math.Round(float64(concurrency)*urgentShare)))
	return &limits{
		normal: newLane(perSecond*(1-urgentShare), max(1, concurrency-kept)),
		urgent: newLane(perSecond*urgentShare, kept),
	}
}

func newLane(perSecond float64, slots int) lane {
	return lane{rate.NewLimiter(rate.Limit(perSecond), max(1, int(perSecond))), make(chan struct{}, slots)}
}

type urgentKey struct{}

// Urgent marks calls that must never wait behind others: block, unblock and
// release. They may use the whole of both shares.
func Urgent(ctx context.Context) context.Context { return context.WithValue(ctx, urgentKey{}, true) }

func isUrgent(ctx context.Context) bool { return ctx.Value(urgentKey{}) != nil }

// acquire waits for a slot and a place in the rate; done gives the slot back.
func (l *limits) acquire(ctx context.Context) (done func(), err error) {
	if !isUrgent(ctx) {
		return l.normal.acquire(ctx)
	}
	select {
	case l.normal.slots <- struct{}{}: // room among the others: no need to use what is kept
		if l.normal.rate.Allow() {
			return func() { <-l.normal.slots }, nil
		}
		<-l.normal.slots
	default:
	}
	return l.urgent.acquire(ctx)
}

func (l lane) acquire(ctx context.Context) (func(), error) {
	select {
	case l.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := l.rate.Wait(ctx); err != nil {
		<-l.slots
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, context.DeadlineExceeded // the place comes after the caller's time limit
	}
	return func() { <-l.slots }, nil
}
