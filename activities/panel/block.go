package panel

import (
	"context"

	"go.temporal.io/sdk/activity"

	"metalease/activities/engine"
	"metalease/dcim"
)

// Blocked is the answer of Block.
type Blocked struct {
	// ByHand is true when somebody had blocked the server in the panel before.
	ByHand bool `json:"by_hand,omitempty"`
}

// Block cuts the server off the network and waits until the panel shows it.
// Errors: PanelPaused, LimitReached.
func (p *Panel) Block(ctx context.Context, t Target) (Blocked, error) {
	if err := p.permit(ctx, t, engine.DestroyBlock); err != nil {
		return Blocked{}, err
	}
	ctx = dcim.Urgent(ctx)
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil {
		return Blocked{}, err
	}
	// Of a second attempt nobody knows who blocked it: the first one may have.
	blocked := Blocked{ByHand: server.Blocked && activity.GetInfo(ctx).Attempt == 1}
	return blocked, p.block(ctx, t)
}

// block is Block without the brakes, for a step of a release that was permitted.
func (p *Panel) block(ctx context.Context, t Target) error {
	if err := p.write(ctx, t, func() error { return p.backend.Block(ctx, t.ServerID) }); err != nil {
		return err
	}
	return p.watch(ctx, t.ServerID, func(s dcim.Server) (bool, error) { return s.Blocked, nil })
}

// Unblock puts the server back on the network and waits until the panel shows it. A server
// that an undone release has left off is switched on as well. Errors: PowerFailed, NotDone.
func (p *Panel) Unblock(ctx context.Context, t Target) error {
	return p.enable(dcim.Urgent(ctx), Build{Target: t})
}

// unblock is Unblock in its turn, for a step of a build or of a test.
func (p *Panel) unblock(ctx context.Context, t Target) error {
	if err := p.write(ctx, t, func() error { return p.backend.Unblock(ctx, t.ServerID) }); err != nil {
		return err
	}
	return p.watch(ctx, t.ServerID, func(s dcim.Server) (bool, error) { return !s.Blocked, nil })
}
