package panel

import (
	"context"
	"errors"
	"slices"
	"time"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
	"metalease/internal/lanes"
	"metalease/whmcs"
)

// The steps of a release, in their order: CutOff, PowerDown (power.go), ClearAddresses,
// ReturnToStock. Each is complete in itself, and may be repeated: the mark says how far the
// release has come. Each asks the panel's brakes first.

// CutOff takes the server from the customer: owner := API account with the mark
// "releasing", blocked, and whatever runs on it cancelled. Like Block it needs id and owner
// only. Errors: PanelPaused, LimitReached, which counts only servers that a customer has;
// NotDue, NotDone.
func (p *Panel) CutOff(ctx context.Context, t Target) (Remarked, error) {
	ctx = lanes.Urgent(ctx)
	owners, err := p.owners(ctx, t)
	if err != nil {
		return Remarked{}, err
	}
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil {
		return Remarked{}, err
	}
	kind, err := p.kindOfCutOff(ctx, t, owners)
	if err != nil {
		return Remarked{}, err
	}
	if err := p.permitDue(ctx, t, kind, billing.NotForRelease); err != nil {
		return Remarked{}, err
	}
	held, err := p.remark(ctx, t, func(state string) string { return state })
	if err != nil {
		return Remarked{}, err
	}
	taken := p.takeBack(ctx, t, owners, server)
	if taken != nil && !errors.Is(taken, dcim.ErrValue) {
		return Remarked{}, taken
	}
	if _, err := p.block(ctx, t); err != nil {
		return Remarked{}, err
	}
	if taken != nil { // the notes have no room for the mark: the customer is off the network while staff make some
		return Remarked{}, taken
	}
	return Remarked{MarkLost: held.markLost}, p.CancelOperation(ctx, t)
}

// kindOfCutOff is what the brakes are asked for: the end of a build counts for no limit, a server
// that a customer has does.
func (p *Panel) kindOfCutOff(ctx context.Context, t Target, owners []holding.Account) (engine.Destruction, error) {
	record, err := p.backend.Record(ctx, t.ServerID)
	if err != nil {
		return "", err
	}
	have, err := p.verifyHolder(ctx, record, t, owners...)
	if err != nil {
		return "", err
	}
	if have.owner == t.Account || have.mark.Is(holding.StateActive) {
		return engine.DestroyRelease, nil
	}
	return engine.DestroyStep, nil
}

// takeBack makes the API account the owner, under the mark of a release.
func (p *Panel) takeBack(ctx context.Context, t Target, owners []holding.Account, server dcim.Server) error {
	api := owners[0]
	return p.change(ctx, t.ServerID, func(record dcim.Record) (dcim.Change, error) {
		have, err := p.verifyHolder(ctx, record, t, owners...)
		if err != nil {
			return dcim.Change{}, err
		}
		if have.owner == api && have.mark.Is(holding.StateReleasing) {
			return dcim.Change{}, nil // an earlier attempt did it
		}
		mark := p.mark(t.ServiceID, releasingState(server, have.mark))
		return dcim.Assign(api, have.marked(mark)), nil
	})
}

// permitDue asks the brakes, and then WHMCS whether what is done because nobody paid is due
// now: a pause, an outage or a person's correction may lie behind the decision. Errors:
// PanelPaused, LimitReached, NotDue.
func (p *Panel) permitDue(ctx context.Context, t Target, kind engine.Destruction, not func(whmcs.Service, time.Time) string) error {
	if err := p.permit(ctx, t, kind); err != nil {
		return err
	}
	return p.stillDue(ctx, t, not)
}

// stillDue asks WHMCS about what is done because nobody paid. Errors: NotDue.
func (p *Panel) stillDue(ctx context.Context, t Target, not func(whmcs.Service, time.Time) string) error {
	if !t.ForExpiry {
		return nil
	}
	service, err := p.WHMCS.Service(ctx, t.ServiceID)
	if err != nil {
		return err
	}
	if why := not(service, time.Now()); why != "" {
		return edge.NonRetryable(edge.ErrNotDue, "%s, so server %s is left to the customer", why, t.ServerID)
	}
	return nil
}

// ClearAddresses deletes the extra addresses and names the main one free.ds. The
// main address stays: without it the server has no hostname and is never free
// again (docs/dcimanager.md 5). It answers what the panel's settings want
// before the server is stock. Errors: HostnameNotSet, PanelPaused; NotDue, which promises that
// nothing was deleted by any attempt.
func (p *Panel) ClearAddresses(ctx context.Context, t Target) (Resale, error) {
	ctx = lanes.Urgent(ctx)
	asked := t
	if t.ForExpiry {
		have, err := p.verifyOwnership(ctx, t)
		if err != nil {
			return Resale{}, err
		}
		asked.ForExpiry = !detail(have.mark, clearing)
	}
	if err := p.permitDue(ctx, asked, engine.DestroyStep, billing.NotForRelease); err != nil {
		return Resale{}, err
	}
	return p.Resale, p.clearAddresses(ctx, t)
}

func (p *Panel) clearAddresses(ctx context.Context, t Target) error {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return err
	}
	held, err := p.verifyOwner(ctx, t, api)
	if err != nil {
		return err // a customer's server is not even looked through
	}
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil {
		return err
	}
	have, err := p.addressesOf(ctx, t.ServerID, server.IP)
	if err != nil {
		return err
	}
	if len(have.extra) > 0 && t.ForExpiry && !detail(held.mark, clearing) {
		err := p.announce(ctx, t.ServerID, func(record dcim.Record) (dcim.Change, error) {
			have, err := p.verify(record, t, api)
			return p.stated(t, have, api, func(state string) string { return withDetail(state, clearing) }), err
		})
		if err != nil {
			return err
		}
	}
	for _, address := range have.extra {
		err := p.writeOurs(ctx, t, func(ctx context.Context) error { return p.backend.DeleteAddress(ctx, t.ServerID, address.ID) })
		if err != nil {
			return err
		}
	}
	return p.nameOurs(ctx, t, have.main, dcim.FreeHostname)
}

// ReturnToStock enables the server, waits until its ports are quiet, and last
// gives up owner and mark in one save. Errors: OwnershipLost, HostnameNotSet,
// HardwareProblem, PanelPaused.
func (p *Panel) ReturnToStock(ctx context.Context, t Target) error {
	if err := p.permit(ctx, t, engine.DestroyStep); err != nil {
		return err
	}
	ctx = lanes.Urgent(ctx)
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return err
	}
	if done, err := p.returned(ctx, t, api); done || err != nil {
		return err
	}
	server, err := p.fresh(ctx, t.ServerID)
	if err != nil {
		return err
	}
	if !hostname.Same(server.Hostname, dcim.FreeHostname) {
		return edge.NonRetryable(edge.ErrHostname, "server %s is still named %s and would never count as free", t.ServerID, server.Hostname)
	}
	if server.HardwareProblem {
		return edge.NonRetryable(edge.ErrHardware, "panel %s reports a hardware problem on server %s, so it would never count as free", p.backend.Name(), t.ServerID)
	}
	if err := p.unblock(ctx, t); err != nil {
		return err
	}
	if err := p.quiet(ctx, t); err != nil {
		return err
	}
	return p.update(ctx, t, []holding.Account{api}, giveUp)
}

// returned tells whether the last save of a release was made already, and its reply lost: then
// the server is the next one's. One that lost its mark otherwise is a person's business.
func (p *Panel) returned(ctx context.Context, t Target, api holding.Account) (bool, error) {
	record, err := p.backend.Record(ctx, t.ServerID)
	if err != nil {
		return false, err
	}
	marks := holding.ParseMarks(record.Notes)
	switch {
	case slices.ContainsFunc(marks, func(m holding.Mark) bool { return p.isOf(m, t.ServiceID) }):
		_, err := p.verify(record, t, api)
		return false, err
	case api.Owns(record.Owner) && len(marks) == 0:
		return false, edge.NonRetryable(edge.ErrOwnership, "server %s carries no mark of service %d any more, and still belongs to the API account; nothing was written", t.ServerID, t.ServiceID)
	}
	return true, nil
}

// quiet waits until no port of the server is being switched. A failed look
// is no answer (docs/dcimanager.md 7.9).
func (p *Panel) quiet(ctx context.Context, t Target) error {
	done := func(dcim.Server) (bool, error) {
		ports, err := p.backend.Ports(ctx, t.ServerID)
		if err != nil {
			return false, err
		}
		return !slices.ContainsFunc(ports, func(port dcim.Port) bool { return port.Busy }), nil
	}
	return p.reach(ctx, t.ServerID, change{what: "finish switching the ports of server", done: done, limit: p.ReleaseTimeout})
}
