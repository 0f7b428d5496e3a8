package panel

import (
	"context"
	"errors"
	"strings"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
)

// holder is a server that passed the ownership check: its record, the service's mark, and the
// account that owns it.
type holder struct {
	record dcim.Record
	mark   holding.Mark
	owner  holding.Account
	// markLost is true when the check did without the mark; forged are the marks that did not count.
	markLost bool
	forged   []holding.Mark
}

// verify is the ownership check: a record must show the server that was asked for, one of
// these owners, and this service's mark alone. Two services of one client share an account,
// and customers may edit notes, so none of the three proves anything by itself. Errors:
// OwnershipLost.
func (p *Panel) verify(record dcim.Record, t Target, owners ...holding.Account) (holder, error) {
	marks := holding.ParseMarks(record.Notes)
	switch {
	case record.ID != t.ServerID:
		return holder{}, p.anotherServer(record, t.ServerID)
	case len(marks) == 0:
		return holder{}, edge.NonRetryable(edge.ErrOwnership, "server %s carries no mark of service %d any more; nothing was written", t.ServerID, t.ServiceID)
	case len(marks) > 1:
		return holder{}, edge.NonRetryable(edge.ErrOwnership, "server %s carries %d marks; nothing was written", t.ServerID, len(marks))
	case !p.isOf(marks[0], t.ServiceID):
		return holder{}, edge.NonRetryable(edge.ErrOwnership, "server %s is marked for another service (%s); nothing was written", t.ServerID, marks[0].Holder())
	}
	owner, err := ownerOf(record, owners)
	if err != nil {
		return holder{}, err
	}
	return holder{record: record, mark: marks[0], owner: owner}, nil
}

// ownerOf is the one of the accounts that owns the server. Errors: OwnershipLost.
func ownerOf(record dcim.Record, owners []holding.Account) (holding.Account, error) {
	var names []string
	for _, account := range owners {
		if account.Owns(record.Owner) {
			return account, nil
		}
		names = append(names, account.Name)
	}
	return holding.Account{}, edge.NonRetryable(edge.ErrOwnership, "server %s belongs to %q, not to %s; nothing was written",
		record.ID, record.Owner, strings.Join(names, " or "))
}

func (p *Panel) anotherServer(record dcim.Record, serverID string) error {
	return edge.NonRetryable(edge.ErrOwnership, "panel %s answered with server %q when asked for %s; nothing was written", p.backend.Name(), record.ID, serverID)
}

// isOf tells whether a mark is that of a service of ours.
func (p *Panel) isOf(mark holding.Mark, serviceID int) bool {
	return mark.Installation == p.Installation && mark.ServiceID == serviceID
}

// heldBy tells whether marks are exactly one, that of a service of ours.
func (p *Panel) heldBy(marks []holding.Mark, serviceID int) bool {
	return len(marks) == 1 && p.isOf(marks[0], serviceID)
}

// owners are the accounts that may own the server at this point of its life: the API account,
// and the customer's after hand-over.
func (p *Panel) owners(ctx context.Context, t Target) ([]holding.Account, error) {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return nil, err
	}
	if t.Account.ID == "" {
		return []holding.Account{api}, nil
	}
	return []holding.Account{api, t.Account}, nil
}

// verifyOwnership reads the record and verifies it against the owners of the target.
func (p *Panel) verifyOwnership(ctx context.Context, t Target) (holder, error) {
	owners, err := p.owners(ctx, t)
	if err != nil {
		return holder{}, err
	}
	return p.verifyOwner(ctx, t, owners...)
}

// verifyOwner is verifyOwnership against these owners.
func (p *Panel) verifyOwner(ctx context.Context, t Target, owners ...holding.Account) (holder, error) {
	record, err := p.backend.Record(ctx, t.ServerID)
	if err != nil {
		return holder{}, err
	}
	return p.verify(record, t, owners...)
}

// write runs changes of a server in one turn with verifying that it is this service's: whatever
// they call, they call with the context that they get.
func (p *Panel) write(ctx context.Context, t Target, change func(context.Context) error) error {
	owners, err := p.owners(ctx, t)
	if err != nil {
		return err
	}
	return p.writeAs(ctx, t, owners, change)
}

// writeOurs is write for what a customer's server never gets: the API account must own it, as it
// does during a build, and again after the customer was cut off.
func (p *Panel) writeOurs(ctx context.Context, t Target, change func(context.Context) error) error {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return err
	}
	return p.writeAs(ctx, t, []holding.Account{api}, change)
}

// writeAs is write for a server that one of these accounts owns.
func (p *Panel) writeAs(ctx context.Context, t Target, owners []holding.Account, change func(context.Context) error) error {
	return p.backend.Turn(ctx, t.ServerID, 2, func(ctx context.Context) error {
		if _, err := p.verifyOwner(ctx, t, owners...); err != nil {
			return err
		}
		return change(ctx)
	})
}

// change saves what decide makes of a record, in one turn with reading it.
func (p *Panel) change(ctx context.Context, serverID string, decide func(dcim.Record) (dcim.Change, error)) error {
	var saved dcim.Change
	err := p.backend.Update(ctx, serverID, func(record dcim.Record) (change dcim.Change, err error) {
		saved, err = decide(record)
		return saved, err
	})
	if err == nil && saved != (dcim.Change{}) {
		p.Reader.saved(serverID, saved)
	}
	return err
}

// update saves owner and notes of a server that is this service's, in one turn with the check.
func (p *Panel) update(ctx context.Context, t Target, owners []holding.Account, decide func(holder) dcim.Change) error {
	return p.change(ctx, t.ServerID, func(record dcim.Record) (dcim.Change, error) {
		have, err := p.verify(record, t, owners...)
		if err != nil {
			return dcim.Change{}, err
		}
		return decide(have), nil
	})
}

// save changes owner and state of the mark in one save.
func (p *Panel) save(ctx context.Context, t Target, owner holding.Account, decide func(state string) string) error {
	owners, err := p.owners(ctx, t)
	if err != nil {
		return err
	}
	return p.update(ctx, t, owners, func(have holder) dcim.Change { return p.stated(t, have, owner, decide) })
}

// restate changes the state of the mark; the owner, one of these, stays.
func (p *Panel) restate(ctx context.Context, t Target, decide func(state string) string, owners ...holding.Account) error {
	return p.update(ctx, t, owners, func(have holder) dcim.Change { return p.stated(t, have, have.owner, decide) })
}

// announce saves the mark before what it announces. When the reply is lost it reads at once: this
// attempt still knows that it has done nothing, which the next one could not tell.
func (p *Panel) announce(ctx context.Context, serverID string, decide func(dcim.Record) (dcim.Change, error)) error {
	const tries = 3
	var err error
	for range tries {
		err = p.change(ctx, serverID, decide) // reads first, and writes nothing when the mark is there
		if !errors.Is(err, dcim.ErrMayHaveHappened) && !errors.Is(err, dcim.ErrNotAPanel) {
			return err
		}
	}
	return err
}

func (p *Panel) stated(t Target, have holder, owner holding.Account, decide func(state string) string) dcim.Change {
	state := decide(have.mark.State)
	if owner == have.owner && have.mark.State == state {
		return dcim.Change{} // an earlier attempt did it
	}
	return dcim.Assign(owner, holding.WithMark(have.record.Notes, p.mark(t.ServiceID, state)))
}

// giveUp is the change after which a server is nobody's: no owner and no mark.
func giveUp(have holder) dcim.Change {
	return dcim.Unassign(holding.WithoutMark(have.record.Notes, have.mark))
}
