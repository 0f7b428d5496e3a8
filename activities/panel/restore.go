package panel

import (
	"context"
	"slices"
	"strings"

	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
)

// An undone release gives back what it has changed, and nothing else: owner, network, and the
// power if the server was on. What has to outlive the attempt stands in the mark.

const (
	// wasOff stands behind "releasing": the server was off before, so an undo leaves it off.
	wasOff = "was-off"
	// switchOn stands behind "active": whoever unblocks the server switches it on too.
	switchOn = "switch-on"
)

// releasingState is the state of the mark of a server that is taken from a customer.
func releasingState(server dcim.Server, before holding.Mark) string {
	if server.PowerOff && !server.PowerOn && !detail(before, switchOn) {
		return holding.StateReleasing + " " + wasOff
	}
	return holding.StateReleasing
}

// detail tells whether a word stands behind the state of a mark.
func detail(mark holding.Mark, word string) bool {
	words := strings.Fields(mark.State)
	return len(words) > 1 && slices.Contains(words[1:], word)
}

// Restore undoes a release before its addresses were deleted: the customer paid in time.
// While another reason keeps the server blocked the power comes back with Unblock. Errors:
// OwnershipLost, PowerFailed, NotDone.
func (p *Panel) Restore(ctx context.Context, b Build) error {
	ctx = dcim.Urgent(ctx)
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
	state := holding.StateActive
	if restoresPower(have.mark, server, b) {
		state += " " + switchOn
	}
	if err := p.save(ctx, b.Target, b.Account, state); err != nil {
		return err
	}
	if _, err := p.verifyOwner(ctx, b.Target, b.Account); err != nil {
		return err
	}
	if b.KeepBlocked {
		return nil
	}
	return p.enable(ctx, b)
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

// enable unblocks a customer's server, and switches it on when the mark says so.
func (p *Panel) enable(ctx context.Context, b Build) error {
	if err := p.unblock(ctx, b.Target); err != nil {
		return err
	}
	have, err := p.verifyOwnership(ctx, b.Target)
	if err != nil || !detail(have.mark, switchOn) {
		return err
	}
	b.MayPowerOff = true // nobody knows when the power off of the release was done
	if b.Limit == 0 {
		b.Limit = p.ReleaseTimeout
	}
	if err := p.powerUp(ctx, b); err != nil {
		return err
	}
	return p.save(ctx, b.Target, holding.Account{}, holding.StateActive)
}
