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

// recentList is how old a list may be that a claim relies on before it saves: that of its survey, and the
// time until its turn.
const recentList = surveyAge + time.Minute

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
	if !p.expected(ctx, in) {
		if result, err := p.inspect(ctx, in, api); err != nil || result.Outcome != "" {
			return result, err
		}
	}
	mark := p.mark(in.ServiceID, holding.StateClaimed)
	seized, err := p.seize(ctx, in, api, mark)
	switch {
	case err != nil:
		return ClaimResult{}, err
	case seized.before:
		return p.granted(ctx, in) // an earlier attempt saved, and its reply was lost
	case seized.lost.Outcome != "":
		return seized.lost, nil
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

// seized is how seize ended: with the server saved as the service's, without a save because an
// earlier attempt has made it, or lost.
type seized struct {
	before bool
	lost   ClaimResult
}

// seize saves owner and mark in one turn with a look at the record, which shows what no list does,
// and what somebody has changed since the list.
func (p *Panel) seize(ctx context.Context, in ClaimRequest, api holding.Account, mark holding.Mark) (s seized, err error) {
	read := false
	err = p.change(ctx, in.ServerID, func(record dcim.Record) (dcim.Change, error) {
		read = true
		var gone bool
		if s.before = p.claimedBefore(record, in, api); s.before {
			return dcim.Change{}, nil
		}
		if s.lost, gone = p.gone(record, in); gone {
			return dcim.Change{}, nil
		}
		if !in.LastResort && unreliable(record.Notes, p.Installation, time.Now()) {
			s.lost = ClaimResult{Outcome: ClaimUnreliable, Why: fmt.Sprintf("installs failed on server %s more than once lately", in.ServerID)}
			return dcim.Change{}, nil
		}
		return dcim.Assign(api, holding.WithMark(record.Notes, mark)), nil
	})
	if err != nil && !read {
		s.lost, err = p.unreadable(ctx, in, err)
	}
	return s, err
}

func (in ClaimRequest) target() Target {
	return Target{ServiceID: in.ServiceID, ServerID: in.ServerID}
}

// granted reads back what a claim wrote, and what the server is: what only a list shows may have changed since
// the one that offered it. One that nobody has begun to work on is given back then.
func (p *Panel) granted(ctx context.Context, in ClaimRequest) (ClaimResult, error) {
	have, err := p.verifyOwnership(ctx, in.target())
	if err != nil {
		var lost *temporal.ApplicationError
		if errors.As(err, &lost) && lost.Type() == edge.ErrOwnership {
			return taken("somebody else saved server %s in the same moment: %s", in.ServerID, lost.Message()), nil
		}
		return ClaimResult{}, err
	}
	server, err := p.fresh(ctx, in.ServerID)
	if err != nil {
		return ClaimResult{}, err
	}
	offered := server
	offered.Owner, offered.Hostname = "", dcim.FreeHostname // whose it is was read, and Claim looks at its name
	if have.mark.State == holding.StateClaimed && (!offered.Free() || !offered.Matches(in.Package)) {
		if err := p.ReturnClaim(ctx, in.target()); err != nil {
			return ClaimResult{}, err
		}
		return taken("server %s has changed in the meantime: %s", in.ServerID, whyNotFree(offered)), nil
	}
	return ClaimResult{Outcome: ClaimGranted, Server: *serverOf(server), Package: server.Package()}, nil
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
