package panel

import (
	"context"
	"slices"

	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
	"metalease/internal/lanes"
)

// An undone release gives back what it has changed, and nothing else: owner, network, and the
// power if the server was on. What has to outlive the attempt stands in the mark.

// releasingState is the state of the mark of a server that is taken from a customer.
func releasingState(server dcim.Server, before holding.Mark) string {
	if server.PowerOff && !server.PowerOn && !detail(before, switchOn) {
		return holding.StateReleasing + " " + wasOff
	}
	return holding.StateReleasing
}

// Restore undoes a release before its addresses were deleted: the customer paid in time.
// While another reason keeps the server blocked the power comes back with Unblock. Errors:
// OwnershipLost, PowerFailed, NotDone.
func (p *Panel) Restore(ctx context.Context, b Build) error {
	ctx = lanes.First(ctx)
	have, err := p.verifyOwnership(ctx, b.Target)
	if err != nil {
		return err
	}
	server, err := p.fresh(ctx, b.ServerID)
	if err != nil {
		return err
	}
	if err := p.takeBackName(ctx, b, server); err != nil {
		return err
	}
	restored := func(was string) string {
		state := servedState(was, b.KeepBlocked)
		if restoresPower(have.mark, server, b) {
			return withDetail(state, switchOn)
		}
		return state
	}
	if err := p.save(ctx, b.Target, b.Account, restored); err != nil {
		return err
	}
	if _, err := p.verifyOwner(ctx, b.Target, b.Account); err != nil {
		return err
	}
	if b.KeepBlocked {
		return nil
	}
	_, err = p.enable(ctx, b)
	return err
}

// restoresPower tells whether the server was on before the release, and may not be now.
func restoresPower(mark holding.Mark, server dcim.Server, b Build) bool {
	if mark.Is(holding.StateActive) {
		return detail(mark, switchOn) // an earlier attempt decided, or nothing was begun
	}
	return !detail(mark, wasOff) && (b.MayPowerOff || !server.PowerOn)
}

// takeBackName names the main address as ordered if it carries the name of a free server,
// which only a release gives. All other names are the customer's.
func (p *Panel) takeBackName(ctx context.Context, b Build, server dcim.Server) error {
	if !hostname.Same(server.Hostname, dcim.FreeHostname) {
		return nil
	}
	have, err := p.backend.Addresses(ctx, b.ServerID)
	if err != nil {
		return err
	}
	free := slices.DeleteFunc(have, func(a dcim.Address) bool { return !hostname.Same(a.Domain, dcim.FreeHostname) })
	return p.setHostname(ctx, b.Target, free, b.Hostname)
}

// enable unblocks a customer's server, and switches it on when the mark says so. Like a block it
// needs id and owner only: who has lost the mark of a server is not cut off for that.
func (p *Panel) enable(ctx context.Context, b Build) (markLost bool, err error) {
	send := func() error {
		lost, err := p.remarkAnd(ctx, b.Target, p.backend.Unblock, func(state string) string { return state })
		markLost = markLost || lost
		return err
	}
	if err := p.unblockBy(ctx, b.Target, send); err != nil {
		return markLost, err
	}
	have, err := p.remark(ctx, b.Target, func(state string) string { return withoutDetail(state, blocked) })
	markLost = markLost || have.markLost
	if err != nil || !detail(have.mark, switchOn) {
		return markLost, err
	}
	b.MayPowerOff = true // nobody knows when the power off of the release was done
	if b.Limit == 0 {
		b.Limit = p.ReleaseTimeout
	}
	server, err := p.fresh(ctx, b.ServerID)
	if err == nil {
		err = p.powerUp(ctx, b, server)
	}
	if err != nil {
		return markLost, err
	}
	owners, err := p.owners(ctx, b.Target)
	if err != nil {
		return markLost, err
	}
	return markLost, p.restate(ctx, b.Target, func(state string) string { return withoutDetail(state, switchOn) }, owners...)
}
