package panel

import (
	"context"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
)

// verifyHolder is the check before what can be undone: a block and a cut-off need the server
// and the owner alone, for customers may edit notes (docs/architecture.md, rule 9a). A mark of
// somebody else on a customer's server is forged unless that service's life holds this server.
// Errors: OwnershipLost.
func (p *Panel) verifyHolder(ctx context.Context, record dcim.Record, t Target, owners ...holding.Account) (holder, error) {
	if record.ID != t.ServerID {
		return holder{}, p.anotherServer(record, t.ServerID)
	}
	owner, foreign := ownerOf(record, owners)
	have := holder{record: record, owner: owner}
	var own []holding.Mark
	for _, mark := range holding.ParseMarks(record.Notes) {
		if p.isOf(mark, t.ServiceID) {
			own = append(own, mark)
			continue
		}
		forged, err := p.forged(ctx, mark, t.ServerID, foreign == nil && owner == t.Account)
		if err != nil {
			return holder{}, err
		}
		if !forged {
			return holder{}, edge.NonRetryable(edge.ErrOwnership, "server %s is marked for another service (%s); nothing was written", t.ServerID, mark.Holder())
		}
		have.forged = append(have.forged, mark)
	}
	if foreign != nil {
		return holder{}, foreign
	}
	have.markLost = len(own) != 1 || len(have.forged) > 0
	if len(own) == 1 {
		have.mark = own[0]
		have.markLost = have.markLost || owner == t.Account && !have.mark.Is(holding.StateActive) // no other state is a customer's
	}
	return have, nil
}

// forged tells whether a mark of another service was written by the customer who owns the
// server. What another installation holds nobody here can tell, so its mark counts.
func (p *Panel) forged(ctx context.Context, mark holding.Mark, serverID string, customers bool) (bool, error) {
	if !customers || p.Lives == nil || mark.Installation != p.Installation {
		return false, nil
	}
	held, err := p.Lives.Holds(ctx, mark.ServiceID, p.backend.Name(), serverID)
	return err == nil && !held, err
}

// marked is the notes with this mark, and without those that were forged.
func (h holder) marked(mark holding.Mark) string {
	notes := h.record.Notes
	for _, forged := range h.forged {
		notes = holding.WithoutMark(notes, forged)
	}
	return holding.WithMark(notes, mark)
}
