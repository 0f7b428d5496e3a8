package panel

import (
	"context"
	"errors"
	"slices"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/holding"
	"metalease/dcim"
)

// expected tells whether all that is known already, from a list and from what this process has
// seen, lets the service have this server. Then one look at the record, in one turn with the save,
// decides.
func (p *Panel) expected(ctx context.Context, in ClaimRequest) bool {
	if slices.ContainsFunc(p.marks.of(p.Installation, in.ServiceID), func(id string) bool { return id != in.ServerID }) {
		return false
	}
	listing, err := p.Reader.CachedFor(ctx, recentList)
	if err != nil {
		return false
	}
	server, _ := listing.Server(in.ServerID)
	return server.Free() && server.Matches(in.Package)
}

// inspect looks closer at a server that the list does not offer, or at one for a service that may
// have another. No outcome: it is to be had.
func (p *Panel) inspect(ctx context.Context, in ClaimRequest, api holding.Account) (ClaimResult, error) {
	record, err := p.backend.Record(ctx, in.ServerID)
	if err != nil {
		return p.unreadable(ctx, in, err)
	}
	if p.claimedBefore(record, in, api) {
		return p.granted(ctx, in)
	}
	if result, gone := p.gone(record, in); gone {
		return result, nil
	}
	if other, err := p.heldElsewhere(ctx, in, api); err != nil {
		return ClaimResult{}, err
	} else if other != "" {
		in.ServerID = other
		return p.granted(ctx, in)
	}
	return p.offered(ctx, in)
}

// unreadable is the answer about a server whose record cannot be read. Others can be had, unless
// an earlier attempt of this claim may have been heard: then the list shows an owner.
func (p *Panel) unreadable(ctx context.Context, in ClaimRequest, failure error) (ClaimResult, error) {
	switch {
	case errors.Is(failure, dcim.ErrMissed):
		return taken("server %s is not on panel %s", in.ServerID, p.backend.Name()), nil
	case !dcim.AboutOne(failure):
		return ClaimResult{}, failure
	}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return ClaimResult{}, err
	}
	if server, _ := listing.Server(in.ServerID); !server.Free() {
		return ClaimResult{}, failure
	}
	return taken("the record of server %s cannot be read: %s", in.ServerID, holding.OneLine(failure.Error())), nil
}

// gone tells whether a record shows a server that somebody has, and who.
func (p *Panel) gone(record dcim.Record, in ClaimRequest) (ClaimResult, bool) {
	marks := holding.ParseMarks(record.Notes)
	switch {
	case record.ID != in.ServerID:
		return taken("panel %s answered with server %q when asked for %s", p.backend.Name(), record.ID, in.ServerID), true
	case len(marks) > 0:
		return taken("server %s is marked for %s", in.ServerID, marks[0].Holder()), true
	case record.Owner != "":
		return taken("server %s belongs to %s", in.ServerID, record.Owner), true
	}
	return ClaimResult{}, false
}

// heldElsewhere is a server that this process has seen under the service's mark: a claim of an
// allocator that was ended by force may have come through after its successor had looked.
func (p *Panel) heldElsewhere(ctx context.Context, in ClaimRequest, api holding.Account) (string, error) {
	for _, id := range p.marks.of(p.Installation, in.ServiceID) {
		if id == in.ServerID {
			continue
		}
		have, err := p.verifyOwner(ctx, Target{ServiceID: in.ServiceID, ServerID: id}, api)
		var lost *temporal.ApplicationError
		switch {
		case errors.As(err, &lost), errors.Is(err, dcim.ErrMissed):
			continue // it was, and is not any more
		case err != nil:
			return "", err
		case !have.mark.Is(holding.StateQuarantine) && !have.mark.Is(holding.StateReleasing):
			return id, nil
		}
	}
	return "", nil
}

// offered requires a free server of the package. The record shows neither hostname nor all
// flags: the list does, before and after.
func (p *Panel) offered(ctx context.Context, in ClaimRequest) (ClaimResult, error) {
	listing, err := p.Reader.CachedFor(ctx, recentList)
	if err != nil {
		return ClaimResult{}, err
	}
	server, _ := listing.Server(in.ServerID)
	if !server.Free() || !server.Matches(in.Package) {
		if listing, err = p.Reader.Fresh(ctx, true); err != nil { // it may have become so since
			return ClaimResult{}, err
		}
		var there bool
		if server, there = listing.Server(in.ServerID); !there {
			if err := p.unlisted(ctx, in.ServerID); !isGone(err) {
				return ClaimResult{}, err
			}
			return taken("server %s is not on panel %s", in.ServerID, p.backend.Name()), nil
		}
	}
	if !server.Free() || !server.Matches(in.Package) {
		return taken("server %s is not a free %s: %s", in.ServerID, in.Package, whyNotFree(server)), nil
	}
	return ClaimResult{}, nil
}
