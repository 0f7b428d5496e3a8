package panel

import (
	"context"

	"go.temporal.io/sdk/activity"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/dcim"
)

// HandOver makes the account the owner of the server and sets the hostname on
// every address, the extra ones included.
func (p *Panel) HandOver(ctx context.Context, b Build) (Addresses, error) {
	addresses, err := p.handOver(ctx, b)
	return addresses, edge.Convert(ctx, err)
}

func (p *Panel) handOver(ctx context.Context, b Build) (Addresses, error) {
	server, err := p.glance(ctx, b.ServerID)
	if err != nil {
		return Addresses{}, err
	}
	have, err := p.Client.Addresses(ctx, b.ServerID)
	if err != nil {
		return Addresses{}, err
	}
	if server.IsBlocked() && !b.KeepBlocked {
		if err := p.untouched(ctx, server, b); err != nil {
			return Addresses{}, err
		}
	}
	if err := named(server, b); err != nil {
		return Addresses{}, err
	}
	if err := complete(have, server.IP, b); err != nil {
		return Addresses{}, err
	}
	if _, missing := missingFamily(have, server.IP, b); missing { // a person said so
		if _, err := p.assignAddresses(ctx, b); err != nil {
			return Addresses{}, err
		}
		if have, err = p.Client.Addresses(ctx, b.ServerID); err != nil {
			return Addresses{}, err
		}
	}
	if err := p.setHostname(ctx, b.Target, have, b.Hostname); err != nil {
		return Addresses{}, err
	}
	if err := p.save(ctx, b.Target, b.Account, holding.StateActive); err != nil {
		return Addresses{}, err
	}
	if err := p.ownedBy(ctx, b.Target, b.Account); err != nil {
		return Addresses{}, err
	}
	return split(have, server.IP), nil
}

// ownedBy reads back an owner that was saved; the module of today ignores the
// result of that save (docs/dcimanager.md 7.2).
func (p *Panel) ownedBy(ctx context.Context, t Target, account holding.Account) error {
	_, err := p.prove(ctx, t, account)
	return err
}

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
	server, err := p.look(ctx, t.ServerID)
	if err != nil {
		return Blocked{}, edge.Convert(ctx, err)
	}
	// Of a second attempt nobody knows who blocked it: the first one may have.
	blocked := Blocked{ByHand: server.IsBlocked() && activity.GetInfo(ctx).Attempt == 1}
	return blocked, edge.Convert(ctx, p.block(ctx, t))
}

func (p *Panel) block(ctx context.Context, t Target) error {
	err := p.write(ctx, t, func() error { return p.Client.Disable(ctx, t.ServerID) })
	if err != nil {
		return err
	}
	return p.watch(ctx, t.ServerID, func(s dcim.Server) (bool, error) { return s.IsBlocked(), nil })
}

// Unblock puts the server back on the network and waits until the panel shows it.
func (p *Panel) Unblock(ctx context.Context, t Target) error {
	return edge.Convert(ctx, p.unblock(dcim.Urgent(ctx), t))
}

func (p *Panel) unblock(ctx context.Context, t Target) error {
	err := p.write(ctx, t, func() error { return p.Client.Enable(ctx, t.ServerID) })
	if err != nil {
		return err
	}
	return p.watch(ctx, t.ServerID, func(s dcim.Server) (bool, error) { return !s.IsBlocked(), nil })
}

// Detach removes our mark and touches nothing else.
func (p *Panel) Detach(ctx context.Context, t Target) error {
	return edge.Convert(ctx, p.detach(ctx, t))
}

func (p *Panel) detach(ctx context.Context, t Target) error {
	form, err := p.Client.Form(ctx, t.ServerID)
	if err != nil {
		return err
	}
	marks := holding.ParseMarks(form.Notes())
	if len(marks) == 0 {
		return nil // an earlier attempt removed it
	}
	holders, err := p.holders(ctx, t)
	if err != nil {
		return err
	}
	have, err := p.prove(ctx, t, holders...)
	if err != nil {
		return err
	}
	have.form.SetOwner(have.owner.ID)
	have.form.SetNotes(holding.WithoutMark(have.form.Notes(), have.mark))
	return p.Client.SaveForm(ctx, have.form)
}
