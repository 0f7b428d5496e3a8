package panel

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/hostname"
	"metalease/whmcs"
)

// recentList is how old a list may be that a claim relies on before it saves.
const recentList = 10 * time.Second

// Claim turns one free server into one service's server: it requires the server
// free, or already held under this service's own mark, makes one save with owner
// and mark, and reads back. Only the allocator of the panel runs it.
func (p *Panel) Claim(ctx context.Context, in ClaimRequest) (ClaimResult, error) {
	if refusal, err := p.stillPending(ctx, in); err != nil || refusal.Outcome != "" {
		return refusal, err
	}
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return ClaimResult{}, err
	}
	record, err := p.backend.Record(ctx, in.ServerID)
	if err != nil {
		return p.unreadable(ctx, in, err)
	}
	if p.claimedBefore(record, in, api) {
		return p.granted(ctx, in) // an earlier attempt saved, and its reply was lost
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
	if result, err := p.offered(ctx, in, record); err != nil || result.Outcome != "" {
		return result, err
	}
	mark := p.mark(in.ServiceID, holding.StateClaimed)
	lost, err := p.seize(ctx, in, api, mark)
	if err != nil || lost.Outcome != "" {
		return lost, err
	}
	p.marks.remember(in.ServerID, []holding.Mark{mark})
	result, err := p.granted(ctx, in)
	if err != nil || result.Outcome != ClaimGranted || hostname.Same(result.Server.Hostname, dcim.FreeHostname) {
		return result, err
	}
	// Between list and save somebody gave the server a name: it is theirs.
	if err := p.ReturnClaim(ctx, in.target()); err != nil {
		return ClaimResult{}, err
	}
	return taken("server %s was named %s in the meantime", in.ServerID, result.Server.Hostname), nil
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

func refused(code, format string, args ...any) ClaimResult {
	return ClaimResult{Outcome: ClaimRefused, Code: code, Why: fmt.Sprintf(format, args...)}
}

func taken(format string, args ...any) ClaimResult {
	return ClaimResult{Outcome: ClaimTaken, Why: fmt.Sprintf(format, args...)}
}

// stillPending refuses a service that WHMCS does not show as Pending any more.
func (p *Panel) stillPending(ctx context.Context, in ClaimRequest) (ClaimResult, error) {
	service, err := p.WHMCS.Service(ctx, in.ServiceID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return refused(edge.ErrNotPending, "service %d is not in WHMCS any more", in.ServiceID), nil
	}
	if err != nil {
		return ClaimResult{}, err
	}
	if service.Status != whmcs.StatusPending {
		code, why := billing.NotPending(service)
		return refused(code, "%s", why), nil
	}
	if in.ClientID != 0 && service.ClientID != in.ClientID {
		return refused(edge.ErrClient, "service %d is client %d's in WHMCS by now, not client %d's", in.ServiceID, service.ClientID, in.ClientID), nil
	}
	return ClaimResult{}, nil
}

// claimedBefore tells whether the server is already held under this service's mark.
func (p *Panel) claimedBefore(record dcim.Record, in ClaimRequest, api holding.Account) bool {
	marks := holding.ParseMarks(record.Notes)
	return record.ID == in.ServerID && p.heldBy(marks, in.ServiceID) && api.Owns(record.Owner) &&
		!marks[0].Is(holding.StateQuarantine) && !marks[0].Is(holding.StateReleasing)
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
func (p *Panel) offered(ctx context.Context, in ClaimRequest, record dcim.Record) (ClaimResult, error) {
	listing, err := p.Reader.CachedFor(ctx, recentList)
	if err != nil {
		return ClaimResult{}, err
	}
	server, _ := listing.Server(in.ServerID)
	if !server.Free() {
		if listing, err = p.Reader.Fresh(ctx, true); err != nil { // it may have become free since
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
	if !in.LastResort && unreliable(record.Notes, p.Installation, time.Now()) {
		return ClaimResult{Outcome: ClaimUnreliable, Why: fmt.Sprintf("installs failed on server %s more than once lately", in.ServerID)}, nil
	}
	return ClaimResult{}, nil
}

// seize saves owner and mark in one turn with a last look at the record: while the list was
// read and others had their turn, somebody may have given the server away. An outcome says so.
func (p *Panel) seize(ctx context.Context, in ClaimRequest, api holding.Account, mark holding.Mark) (lost ClaimResult, err error) {
	err = p.backend.Update(ctx, in.ServerID, func(record dcim.Record) (dcim.Change, error) {
		var gone bool
		if lost, gone = p.gone(record, in); gone {
			return dcim.Change{}, nil
		}
		return dcim.Assign(api, holding.WithMark(record.Notes, mark)), nil
	})
	return lost, err
}

func (in ClaimRequest) target() Target {
	return Target{ServiceID: in.ServiceID, ServerID: in.ServerID}
}

// granted reads back what a claim wrote, and what the server is.
func (p *Panel) granted(ctx context.Context, in ClaimRequest) (ClaimResult, error) {
	if _, err := p.verifyOwnership(ctx, in.target()); err != nil {
		var lost *temporal.ApplicationError
		if errors.As(err, &lost) && lost.Type() == edge.ErrOwnership {
			return taken("somebody else saved server %s in the same moment: %s", in.ServerID, lost.Message()), nil
		}
		return ClaimResult{}, err
	}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return ClaimResult{}, err
	}
	server, there := listing.Server(in.ServerID)
	if !there {
		return ClaimResult{}, p.unlisted(ctx, in.ServerID)
	}
	if server.HardwareProblem || server.Diagnostics {
		if err := p.ReturnClaim(ctx, in.target()); err != nil {
			return ClaimResult{}, err
		}
		return taken("server %s broke in the meantime: %s", in.ServerID, whyNotFree(server)), nil
	}
	return ClaimResult{Outcome: ClaimGranted, Server: *serverOf(server)}, nil
}

// whyNotFree says why a server is not offered.
func whyNotFree(server dcim.Server) string {
	switch {
	case server.Unreadable != "":
		return "it cannot be read whole: " + holding.OneLine(server.Unreadable)
	case server.Owner != "":
		return "it belongs to " + server.Owner
	case server.Blocked:
		return "it is blocked"
	case server.HardwareProblem:
		return "it has a hardware problem"
	case server.Diagnostics:
		return "diagnostics are running"
	case !hostname.Same(server.Hostname, dcim.FreeHostname):
		return "its hostname is " + server.Hostname
	}
	return "its configuration is " + server.Configuration + ", its type " + server.Type
}

// ReturnClaim gives back a server whose grant reached nobody. It does nothing
// when the service has begun to work on it.
func (p *Panel) ReturnClaim(ctx context.Context, t Target) error {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return err
	}
	return p.update(ctx, t, []holding.Account{api}, func(have holder) dcim.Change {
		if have.mark.State != holding.StateClaimed {
			return dcim.Change{}
		}
		return giveUp(have)
	})
}
