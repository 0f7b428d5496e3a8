package panel

import (
	"context"

	"go.temporal.io/sdk/activity"

	"metalease/activities/billing"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/dcim"
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
	ctx = dcim.Urgent(ctx)
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil {
		return Blocked{}, err
	}
	if err := p.permitDue(ctx, t, engine.DestroyBlock, billing.NotForBlock); err != nil {
		return Blocked{}, err
	}
	// Of a second attempt nobody knows who blocked it: the first one may have.
	blocked := Blocked{ByHand: server.Blocked && activity.GetInfo(ctx).Attempt == 1}
	blocked.MarkLost, err = p.block(ctx, t)
	return blocked, err
}

// block is Block without the brakes, for a step of a release that was permitted.
func (p *Panel) block(ctx context.Context, t Target) (markLost bool, err error) {
	send := func() error {
		lost, err := p.remark(ctx, t)
		if err != nil {
			return err
		}
		markLost = markLost || lost
		return p.backend.Block(ctx, t.ServerID)
	}
	done := func(s dcim.Server) (bool, error) { return s.Blocked, nil }
	err = p.reach(ctx, t.ServerID, change{what: "block server", send: send, done: done, limit: p.ReleaseTimeout})
	return markLost, err
}

// remark verifies who holds a server by id and owner, and writes a mark again that a customer
// has lost. Under the API account a lost mark may have said how far a build had come: that
// one is only reported, and whatever comes after the block stops at it.
func (p *Panel) remark(ctx context.Context, t Target) (lost bool, err error) {
	owners, err := p.owners(ctx, t)
	if err != nil {
		return false, err
	}
	err = p.backend.Update(ctx, t.ServerID, func(record dcim.Record) (dcim.Change, error) {
		have, err := p.verifyHolder(record, t, owners...)
		lost = have.markLost
		if err != nil || !lost || have.owner != t.Account {
			return dcim.Change{}, err
		}
		return dcim.Assign(have.owner, holding.WithMark(record.Notes, p.mark(t.ServiceID, holding.StateActive))), nil
	})
	return lost, err
}

// Unblock puts the server back on the network and waits until the panel shows it. A server
// that an undone release has left off is switched on as well. Errors: PowerFailed, NotDone.
func (p *Panel) Unblock(ctx context.Context, t Target) error {
	return p.enable(dcim.Urgent(ctx), Build{Target: t})
}

// unblock is Unblock in its turn, for a step of a build or of a test.
func (p *Panel) unblock(ctx context.Context, t Target) error {
	send := func() error {
		return p.write(ctx, t, func() error { return p.backend.Unblock(ctx, t.ServerID) })
	}
	done := func(s dcim.Server) (bool, error) { return !s.Blocked, nil }
	return p.reach(ctx, t.ServerID, change{what: "unblock server", send: send, done: done, limit: p.ReleaseTimeout})
}
