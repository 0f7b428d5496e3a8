package panel

import (
	"context"

	"metalease/activities/edge"
	"metalease/dcim"
	"metalease/internal/hostname"
)

// What people change in the panel while a server is built is seen before the next write
// and never overwritten: a person decides, and their retry (Approved) goes on over it.
// docs/claims.md lists the outcomes.

// untouched requires that nobody has blocked, renamed or given up a server that is being
// built. One that a person wants all the same is unblocked. Errors: BlockedByHand,
// RenamedByHand, HardwareProblem.
func (p *Panel) untouched(ctx context.Context, server dcim.Server, b Build) error {
	switch {
	case server.Blocked && b.Approved:
		if err := p.unblock(ctx, b.Target); err != nil {
			return err
		}
	case server.Blocked:
		return edge.NonRetryable(edge.ErrBlockedByHand, "server %s was blocked in the panel while it was being built: retry unblocks it and goes on, retry with replace takes another one", server.ID)
	case server.HardwareProblem && !b.BrokenAccepted:
		return edge.NonRetryable(edge.ErrHardware, "the panel reports a hardware problem on server %s: retry goes on all the same, retry with replace takes another one", server.ID)
	}
	return named(server, b)
}

// named requires a hostname that we know of: none yet, the order's, or the one before.
func named(server dcim.Server, b Build) error {
	for _, known := range []string{"", dcim.FreeHostname, b.Hostname, b.Named} {
		if hostname.Same(server.Hostname, known) {
			return nil
		}
	}
	if b.Approved {
		return nil
	}
	return edge.NonRetryable(edge.ErrRenamedByHand, "server %s was named %s in the panel while it was being built: retry names it %s and goes on", server.ID, server.Hostname, b.Hostname)
}

// complete requires the ordered addresses at hand-over. Errors: AddressesByHand.
func complete(have []dcim.Address, main string, b Build) error {
	family := missingFamily(have, main, b)
	if family == "" || b.Approved {
		return nil
	}
	return edge.NonRetryable(edge.ErrAddressesByHand, "server %s has lost an %s address in the panel since its addresses were assigned: retry assigns it again", b.ServerID, family)
}
