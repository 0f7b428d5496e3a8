package panel

import (
	"context"
	"errors"

	"metalease/activities/billing"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/lanes"
)

// Blocked is the answer of Block.
type Blocked struct {
	// ByHand is true when somebody had blocked the server in the panel before.
	ByHand bool `json:"by_hand,omitempty"`
	// MarkLost is true when the server's notes did not carry the mark as it should be. On a
	// customer's server it was written again.
	MarkLost bool `json:"mark_lost,omitempty"`
}

// Block cuts the server off the network and waits until the panel shows it. It needs id and
// owner only: who edits the notes of a server does not escape a block. Errors: PanelPaused,
// LimitReached, NotDue, NotDone.
func (p *Panel) Block(ctx context.Context, t Target) (Blocked, error) {
	ctx = lanes.Urgent(ctx)
	if err := p.permitDue(ctx, t, engine.DestroyBlock, billing.NotForBlock); err != nil {
		return Blocked{}, err
	}
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil {
		return Blocked{}, err
	}
	return p.blockServer(ctx, t, server.Blocked)
}

// blockServer is Block without the brakes. A server that is blocked without a word of ours was
// blocked by hand: the mark stays without one, so that a repeat says the same.
func (p *Panel) blockServer(ctx context.Context, t Target, already bool) (Blocked, error) {
	var is Blocked
	send := func() error {
		lost, err := p.remarkAnd(ctx, t, p.backend.Block, func(state string) string {
			if already && !detail(holding.Mark{State: state}, blocked) {
				is.ByHand = true
				return state
			}
			return withDetail(state, blocked)
		})
		is.MarkLost = is.MarkLost || lost
		return err
	}
	done := func(s dcim.Server) (bool, error) { return s.Blocked, nil }
	return is, p.reach(ctx, t.ServerID, change{what: "block server", send: send, done: done, limit: p.ReleaseTimeout})
}

// block is a block by a step of a release that was permitted.
func (p *Panel) block(ctx context.Context, t Target) (Blocked, error) {
	return p.blockServer(ctx, t, false)
}

// remark verifies who holds a server by id and owner, and writes a mark again that a customer
// has lost, with the state that a decision makes of it. Under the API account a lost mark may
// have said how far a build had come: that one is only reported, and whatever comes after the
// block stops at it. Notes so full that the panel takes no mark shield nobody either: they count as
// a lost mark, and stay. The answer is the server as it was before.
func (p *Panel) remark(ctx context.Context, t Target, decide func(state string) string) (holder, error) {
	owners, err := p.owners(ctx, t)
	if err != nil {
		return holder{}, err
	}
	var before holder
	err = p.change(ctx, t.ServerID, func(record dcim.Record) (dcim.Change, error) {
		have, err := p.verifyHolder(ctx, record, t, owners...)
		before = have
		if err != nil || have.owner != t.Account {
			return dcim.Change{}, err
		}
		state := have.mark.State
		if have.markLost && !have.mark.Is(holding.StateActive) {
			state = holding.StateActive
		}
		state = decide(state)
		if !have.markLost && state == have.mark.State {
			return dcim.Change{}, nil
		}
		return dcim.Assign(have.owner, have.marked(p.mark(t.ServiceID, state))), nil
	})
	if before.record.ID == t.ServerID && errors.Is(err, dcim.ErrValue) { // nothing was written
		before.markLost = true
		return before, nil
	}
	return before, err
}

// remarkAnd is remark and, in the same turn, a change that needs no mark either.
func (p *Panel) remarkAnd(ctx context.Context, t Target, change func(ctx context.Context, serverID string) error, decide func(state string) string) (markLost bool, err error) {
	err = p.backend.Turn(ctx, t.ServerID, 3, func(ctx context.Context) error {
		have, err := p.remark(ctx, t, decide)
		if err != nil {
			return err
		}
		markLost = have.markLost
		return change(ctx, t.ServerID)
	})
	return markLost, err
}

// Remarked is the answer of what needs no mark: Unblock and CutOff.
type Remarked struct {
	// MarkLost is true when the server's notes did not carry the mark as it should be; it was
	// written again.
	MarkLost bool `json:"mark_lost,omitempty"`
}

// Unblock puts the server back on the network and waits until the panel shows it. A server
// that an undone release has left off is switched on as well. Like Block it needs id and owner
// only. Errors: PowerFailed, NotDone.
func (p *Panel) Unblock(ctx context.Context, t Target) (Remarked, error) {
	lost, err := p.enable(lanes.First(ctx), Build{Target: t})
	return Remarked{MarkLost: lost}, err
}

// unblock is Unblock in its turn, for a step of a build or of a test, where the mark counts.
func (p *Panel) unblock(ctx context.Context, t Target) error {
	return p.unblockBy(ctx, t, func() error {
		return p.write(ctx, t, func(ctx context.Context) error { return p.backend.Unblock(ctx, t.ServerID) })
	})
}

func (p *Panel) unblockBy(ctx context.Context, t Target, send func() error) error {
	done := func(s dcim.Server) (bool, error) { return !s.Blocked, nil }
	return p.reach(ctx, t.ServerID, change{what: "unblock server", send: send, done: done, limit: p.ReleaseTimeout})
}
