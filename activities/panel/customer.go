package panel

import (
	"context"
	"errors"
	"time"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/tenant"
	"metalease/dcim"
)

// What is done with a server that a customer has, because somebody wishes it now. Unlike a build or
// a release it has no claim on the server's time: what is in its way refuses it.

func targetOf(in tenant.Server) Target {
	return Target{ServiceID: in.ServiceID, ServerID: in.ServerID, Account: in.Account}
}

// theirs is the ownership check before such a wish: the account owns the server under our mark alone,
// which says that a customer has it. Errors: OwnershipLost; NotNow while the API account owns it.
func (p *Panel) theirs(ctx context.Context, in tenant.Server) (holder, error) {
	owners, err := p.theirOwners(ctx, in)
	if err != nil {
		return holder{}, err
	}
	record, err := p.backend.Record(ctx, in.ServerID)
	if err != nil {
		return holder{}, err
	}
	return p.theirRecord(record, in, owners)
}

// theirOwners are the accounts among which theirs tells. Errors: OwnershipLost.
func (p *Panel) theirOwners(ctx context.Context, in tenant.Server) ([]holding.Account, error) {
	if in.Account.ID == "" {
		return nil, edge.NonRetryable(edge.ErrOwnership, "it is not known whose account has server %s; nothing was written", in.ServerID)
	}
	return p.owners(ctx, targetOf(in))
}

// theirRecord is theirs for a record that was read.
func (p *Panel) theirRecord(record dcim.Record, in tenant.Server, owners []holding.Account) (holder, error) {
	have, err := p.verify(record, targetOf(in), owners...)
	switch {
	case err != nil:
		return holder{}, err
	case have.owner != in.Account:
		return holder{}, notNow("server %s is the API account's (%s): it is being built or given back", in.ServerID, have.mark.State)
	case !have.mark.Is(holding.StateActive):
		return holder{}, edge.NonRetryable(edge.ErrOwnership, "the mark of server %s says %q, as that of no customer's server does; nothing was written", in.ServerID, have.mark.State)
	}
	return have, nil
}

func notNow(format string, args ...any) error {
	return edge.NonRetryable(edge.ErrNotNow, format, args...)
}

// ready requires that a server is neither blocked nor at work. Errors: NotNow.
func (p *Panel) ready(ctx context.Context, server dcim.Server) error {
	switch {
	case server.Blocked:
		return isBlocked(server.ID)
	case server.Installing:
		return p.atWork(ctx, server.ID)
	case server.Diagnostics:
		return notNow("the hardware of server %s is being tested", server.ID)
	}
	return nil
}

func isBlocked(serverID string) error { return notNow("server %s is blocked", serverID) }

// atWork names the operation in the panel's words, whoever began it.
func (p *Panel) atWork(ctx context.Context, serverID string) error {
	if words := p.words(ctx, serverID); words != "" {
		return notNow("an operation runs on server %s: %s", serverID, words)
	}
	return notNow("an operation runs on server %s", serverID)
}

// inTime refuses what nobody waits for any more. Errors: TooLate.
func inTime(in tenant.Server) error {
	if in.Until.IsZero() || !time.Now().After(in.Until) {
		return nil
	}
	return edge.NonRetryable(edge.ErrTooLate, "server %s could not be reached before %s, and nobody wants it that late; nothing was done",
		in.ServerID, in.Until.UTC().Format(time.RFC3339))
}

// stillInTime ends a wish before the panel is read: as long as that is down, nothing else would. What
// has begun goes on to its own end.
func stillInTime(in tenant.Server, begun bool) error {
	if begun {
		return nil
	}
	return inTime(in)
}

// wish runs one change of a customer's server, in one turn with a look at ownership, block and time.
// Errors: OwnershipLost, NotNow, TooLate.
func (p *Panel) wish(ctx context.Context, in tenant.Server, change func(context.Context) error) error {
	return p.backend.Turn(ctx, in.ServerID, 2, func(ctx context.Context) error {
		have, err := p.theirs(ctx, in)
		if err == nil {
			err = open(have.record, in)
		}
		if err != nil {
			return err
		}
		return p.refusal(ctx, in, change(ctx))
	})
}

// open requires of the record that the server is not blocked, and of the wish that it is in time.
// Errors: NotNow, TooLate.
func open(record dcim.Record, in tenant.Server) error {
	if record.Blocked {
		return isBlocked(in.ServerID)
	}
	return inTime(in)
}

// refusal is the error of a change. A panel refuses a customer whatever it refuses on a blocked
// server, in one way or another; who was blocked in that moment is told so.
func (p *Panel) refusal(ctx context.Context, in tenant.Server, err error) error {
	if !refusedForServer(err) && !errors.Is(err, dcim.ErrDenied) {
		return err
	}
	record, readErr := p.backend.Record(ctx, in.ServerID)
	if readErr == nil && record.ID == in.ServerID && record.Blocked {
		return isBlocked(in.ServerID)
	}
	return err
}

// whileTheirs is done as long as the server is still this customer's.
func (p *Panel) whileTheirs(in tenant.Server, done func(dcim.Server) (bool, error)) func(dcim.Server) (bool, error) {
	return func(s dcim.Server) (bool, error) {
		if err := p.stays(in, s); err != nil {
			return false, err
		}
		return done(s)
	}
}

// stays requires of a row of the list that a server is still this customer's while something is
// waited for. Errors: OwnershipLost, NotNow.
func (p *Panel) stays(in tenant.Server, server dcim.Server) error {
	switch {
	case !in.Account.Owns(server.Owner):
		return edge.NonRetryable(edge.ErrOwnership, "server %s belongs to %q now, not to %s: nobody waits for it any more", in.ServerID, server.Owner, in.Account.Name)
	case server.Blocked:
		return notNow("server %s was blocked in the meantime: nobody waits for it any more", in.ServerID)
	}
	return nil
}
