package panel

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"metalease/activities/edge"
	"metalease/dcim"
)

// change is something that the panel accepts at once and shows later.
type change struct {
	// what is wanted, in the words of a person.
	what string
	// send verifies that the server is ours, and asks for it; nil only waits.
	send func() error
	done func(dcim.Server) (bool, error)
	// kind is the type of the error when it is not done; empty: NotDone.
	kind string
	// limit is how long the panel may take in all; settle how long a refusal is looked at, for
	// what it says may show later.
	limit, settle time.Duration
}

// sends is how often a change is asked for before it counts as not done.
const sends = 3

// defaultLimit is for panels without a configured one.
const defaultLimit = 10 * time.Minute

// reach asks for a change until the panel shows it. Every wait ends: the panel is asked again
// on the way, and after the limit it is a person's business. Errors: NotDone.
func (p *Panel) reach(ctx context.Context, serverID string, c change) error {
	limit := cmp.Or(c.limit, defaultLimit)
	began, sent := time.Now(), 1
	if reached, err := p.send(ctx, serverID, c); reached || err != nil {
		return err
	}
	defer edge.Forget(ctx, edge.Waiting)
	return p.watch(ctx, serverID, func(s dcim.Server) (bool, error) {
		if ok, err := c.done(s); ok || err != nil {
			return ok, err
		}
		waited := time.Since(began)
		switch {
		case sent == sends && waited > limit:
			return false, p.notDone(serverID, c, limit)
		case sent < sends && waited > limit/sends*time.Duration(sent):
			edge.Keep(ctx, edge.Waiting, p.notYet(serverID, c, waited.Round(time.Second), sent))
			sent++ // also a look that comes late asks again before it gives up
			reached, err := p.send(ctx, serverID, c)
			if dcim.KindOf(err).Retry() == dcim.RetryAlways && dcim.KindOf(err) != dcim.KindNone {
				return false, nil // the request before it was accepted, so the wait goes on
			}
			return reached, err
		}
		return false, nil
	})
}

func (p *Panel) notDone(serverID string, c change, limit time.Duration) error {
	return edge.NonRetryable(cmp.Or(c.kind, edge.ErrNotDone), "%s", p.notYet(serverID, c, limit, sends))
}

// notYet says in plain words what the panel accepted and did not do.
func (p *Panel) notYet(serverID string, c change, waited time.Duration, asked int) string {
	text := fmt.Sprintf("panel %s did not %s %s within %s", p.backend.Name(), c.what, serverID, waited)
	switch {
	case c.send == nil:
		return text
	case asked == 1:
		return text + ", though it was asked once"
	}
	return text + fmt.Sprintf(", though it was asked %d times", asked)
}

// send asks once. A refusal may say that it is so already, so the panel's state decides.
func (p *Panel) send(ctx context.Context, serverID string, c change) (reached bool, err error) {
	if c.send == nil {
		return false, nil
	}
	refusal := c.send()
	if !refusedForServer(refusal) {
		return false, refusal
	}
	server, err := p.fresh(ctx, serverID)
	if err != nil {
		return false, err
	}
	switch reached, err := c.done(server); {
	case reached || err != nil:
		return reached, err
	case c.settle == 0:
		return false, refusal
	}
	asked := time.Now()
	err = p.watch(ctx, serverID, func(s dcim.Server) (bool, error) {
		if ok, err := c.done(s); ok || err != nil {
			return ok, err
		}
		if time.Since(asked) > c.settle {
			return false, refusal
		}
		return false, nil
	})
	return err == nil, err
}

// refusedForServer tells whether the panel has refused a change of this server: not our login
// or rights, which a person repairs, and not the read before it.
func refusedForServer(err error) bool {
	return dcim.Refused(err) && !errors.Is(err, dcim.ErrCredentials) && !errors.Is(err, dcim.ErrAccess) && !errors.Is(err, dcim.ErrLicense)
}
