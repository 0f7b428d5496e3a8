package panel

import (
	"context"
	"time"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/dcim"
)

// The steps of a release (docs/architecture.md, rule 8). Each is complete in itself,
// and may be repeated: the mark says how far the release has come. Each asks the
// panel's brakes first.

// CutOff takes the server from the customer: owner := API account with the mark
// "releasing", blocked, and whatever runs on it cancelled. Errors: PanelPaused,
// LimitReached, which counts only servers that a customer has.
func (p *Panel) CutOff(ctx context.Context, t Target) error {
	return edge.Convert(ctx, p.cutOff(dcim.Urgent(ctx), t))
}

func (p *Panel) cutOff(ctx context.Context, t Target) error {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return err
	}
	have, err := p.prove(ctx, t, api, t.Account)
	if err != nil {
		return err
	}
	kind := engine.DestroyStep
	if have.mark.Is(holding.StateActive) {
		kind = engine.DestroyRelease
	}
	if err := p.permit(ctx, t, kind); err != nil {
		return err
	}
	if err := p.save(ctx, t, api, holding.StateReleasing); err != nil {
		return err
	}
	if err := p.block(ctx, t); err != nil {
		return err
	}
	return p.cancelOperation(ctx, t)
}

// PowerDown powers the server off while it is still blocked and verifies it.
// Errors: NotPoweredOff; then nothing more may be undone.
func (p *Panel) PowerDown(ctx context.Context, t Target) error {
	if err := p.permit(ctx, t, engine.DestroyStep); err != nil {
		return err
	}
	return edge.Convert(ctx, p.powerDown(dcim.Urgent(ctx), t))
}

func (p *Panel) powerDown(ctx context.Context, t Target) error {
	err := p.write(ctx, t, func() error { return p.Client.PowerOff(ctx, t.ServerID) })
	switch dcim.KindOf(err) {
	case dcim.KindValue, dcim.KindPanel, dcim.KindMissed, dcim.KindLimit, dcim.KindExists:
		return edge.NonRetryable(edge.ErrNotOff, "panel %s refuses to power off the blocked server %s: %s", p.Client.Name(), t.ServerID, err)
	}
	if err != nil {
		return err
	}
	sent := time.Now()
	return p.watch(ctx, t.ServerID, func(s dcim.Server) (bool, error) {
		late := time.Since(sent) > p.limit
		switch {
		case s.PowerError && (late || time.Since(sent) > p.settle):
			return false, edge.NonRetryable(edge.ErrNotOff, "panel %s reports a power error on server %s", p.Client.Name(), t.ServerID)
		case s.PowerOff && !s.PowerOn && !s.PowerError:
			return true, nil
		case late:
			return false, edge.NonRetryable(edge.ErrNotOff, "server %s did not power off within %s", t.ServerID, p.limit)
		}
		return false, nil
	})
}

// ClearAddresses deletes the extra addresses and names the main one free.ds. The
// main address stays: without it the server has no hostname and is never free
// again (docs/dcimanager.md 5). It answers what the panel's settings want
// before the server is stock.
func (p *Panel) ClearAddresses(ctx context.Context, t Target) (Resale, error) {
	if err := p.permit(ctx, t, engine.DestroyStep); err != nil {
		return Resale{}, err
	}
	return p.resale, edge.Convert(ctx, p.clearAddresses(dcim.Urgent(ctx), t))
}

func (p *Panel) clearAddresses(ctx context.Context, t Target) error {
	server, err := p.look(ctx, t.ServerID)
	if err != nil {
		return err
	}
	have, err := p.Client.Addresses(ctx, t.ServerID)
	if err != nil {
		return err
	}
	var kept []dcim.Address
	for _, address := range have {
		if SameIP(address.IP, server.IP) {
			kept = append(kept, address)
		}
	}
	if len(kept) == 0 {
		return edge.NonRetryable(edge.ErrHostname, "server %s shows main address %q, which is not among its addresses; nothing was deleted", t.ServerID, server.IP)
	}
	for _, address := range have {
		if SameIP(address.IP, server.IP) {
			continue
		}
		err := p.write(ctx, t, func() error { return p.Client.DeleteAddress(ctx, t.ServerID, address.ID) })
		if err != nil {
			return err
		}
	}
	return p.setHostname(ctx, t, kept, holding.FreeHostname)
}

// ReturnToStock enables the server, waits until its ports are quiet, and last
// gives up owner and mark in one save.
func (p *Panel) ReturnToStock(ctx context.Context, t Target) error {
	if err := p.permit(ctx, t, engine.DestroyStep); err != nil {
		return err
	}
	return edge.Convert(ctx, p.returnToStock(dcim.Urgent(ctx), t))
}

func (p *Panel) returnToStock(ctx context.Context, t Target) error {
	form, err := p.Client.Form(ctx, t.ServerID)
	if err != nil {
		return err
	}
	if !marked(form, p.mark(t.ServiceID, "")) {
		api, err := p.ApiAccount(ctx)
		if err != nil {
			return err
		}
		if holding.Owned(form.Owner(), api) && len(holding.ParseMarks(form.Notes())) == 0 {
			return edge.NonRetryable(edge.ErrOwnership, "server %s carries no mark of service %d any more, and still belongs to the API account; nothing was written", t.ServerID, t.ServiceID)
		}
		return nil // the last save was made, and its reply was lost: the server is the next one's
	}
	server, err := p.look(ctx, t.ServerID)
	if err != nil {
		return err
	}
	if server.Hostname != holding.FreeHostname {
		return edge.NonRetryable(edge.ErrHostname, "server %s is still named %s and would never count as free", t.ServerID, server.Hostname)
	}
	if server.HardwareProblem {
		return edge.NonRetryable(edge.ErrHardware, "panel %s reports a hardware problem on server %s, so it would never count as free", p.Client.Name(), t.ServerID)
	}
	if err := p.unblock(ctx, t); err != nil {
		return err
	}
	if err := p.quiet(ctx, t); err != nil {
		return err
	}
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return err
	}
	have, err := p.prove(ctx, t, api)
	if err != nil {
		return err
	}
	return p.giveUp(ctx, have)
}

func marked(form dcim.Form, mark holding.Mark) bool {
	for _, found := range holding.ParseMarks(form.Notes()) {
		if found.Installation == mark.Installation && found.ServiceID == mark.ServiceID {
			return true
		}
	}
	return false
}

// quiet waits until no connection of the server is being switched. A failed look
// is no answer (docs/dcimanager.md 7.9).
func (p *Panel) quiet(ctx context.Context, t Target) error {
	return p.watch(ctx, t.ServerID, func(dcim.Server) (bool, error) {
		connections, err := p.Client.Connections(ctx, t.ServerID)
		if err != nil {
			return false, err
		}
		for _, connection := range connections {
			if connection.Busy {
				return false, nil
			}
		}
		return true, nil
	})
}

// QuarantineInput sets a server aside.
type QuarantineInput struct {
	Target
	Reason string `json:"reason"`
	// FreeAddresses gives the extra addresses back: for a server that failed, not
	// for one that could not be powered off.
	FreeAddresses bool `json:"free_addresses,omitempty"`
	// Failed is true when an install failed on it: the notes remember the day, and a
	// server that failed twice within 30 days is offered last.
	Failed bool `json:"failed,omitempty"`
}

// Quarantine keeps a server that failed from being offered: blocked, owned by
// the API account, the reason in its mark.
func (p *Panel) Quarantine(ctx context.Context, in QuarantineInput) error {
	return edge.Convert(ctx, p.quarantine(dcim.Urgent(ctx), in))
}

func (p *Panel) quarantine(ctx context.Context, in QuarantineInput) error {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return err
	}
	state := holding.StateQuarantine + " " + holding.OneLine(time.Now().UTC().Format(time.DateOnly)+" "+in.Reason)
	have, err := p.prove(ctx, in.Target, api, in.Account)
	if err != nil {
		return err
	}
	if !have.mark.Is(holding.StateQuarantine) {
		notes := holding.WithMark(have.form.Notes(), p.mark(in.ServiceID, state))
		if in.Failed {
			notes = withFailure(notes, p.Installation, time.Now())
		}
		have.form.SetOwner(api.ID)
		have.form.SetNotes(notes)
		if err := p.Client.SaveForm(ctx, have.form); err != nil {
			return err
		}
	}
	p.remember(in.ServerID, []holding.Mark{p.mark(in.ServiceID, state)})
	if err := p.block(ctx, in.Target); err != nil {
		return err
	}
	if !in.FreeAddresses {
		return nil
	}
	if err := p.cancelOperation(ctx, in.Target); err != nil {
		return err
	}
	return p.clearAddresses(ctx, in.Target)
}

// Restore undoes a release before its addresses were deleted: the customer paid
// in time. Owner, hostname, power and network come back; the last two only when
// nothing else blocks the server.
func (p *Panel) Restore(ctx context.Context, b Build) error {
	return edge.Convert(ctx, p.restore(dcim.Urgent(ctx), b))
}

func (p *Panel) restore(ctx context.Context, b Build) error {
	have, err := p.Client.Addresses(ctx, b.ServerID)
	if err != nil {
		return err
	}
	if err := p.setHostname(ctx, b.Target, have, b.Hostname); err != nil {
		return err
	}
	if err := p.save(ctx, b.Target, b.Account, holding.StateActive); err != nil {
		return err
	}
	if err := p.ownedBy(ctx, b.Target, b.Account); err != nil {
		return err
	}
	if b.KeepBlocked {
		return nil
	}
	return p.powerUp(ctx, b)
}
