package panel

import (
	"context"
	"errors"
	"strings"
	"time"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/internal/lanes"
)

// Quarantined is a server that was set aside, and why.
type Quarantined struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	IP    string `json:"ip"`
	// ServiceID is the service for which it failed.
	ServiceID int `json:"service_id"`
	// Since is a day; zero when the mark names none.
	Since  time.Time `json:"since,omitzero"`
	Reason string    `json:"reason"`
}

// QuarantineLimit is the most servers that QuarantineList tells of.
const QuarantineLimit = 500

// QuarantineList lists the servers of this installation that are in quarantine. It reads
// each record anew: staff may just have cleared one by hand.
func (p *Panel) QuarantineList(ctx context.Context) ([]Quarantined, error) {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return nil, err
	}
	listing, err := p.Reader.Fresh(ctx, true)
	if err != nil {
		return nil, err
	}
	list := []Quarantined{}
	var unread unread
	for _, server := range listing.Servers {
		if !api.Owns(server.Owner) || len(list) == QuarantineLimit {
			continue
		}
		marks, err := p.marksOf(ctx, server.ID, true)
		if unread.is(server.ID, err) {
			list = append(list, Quarantined{ID: server.ID, Label: server.Label, IP: server.IP, Reason: "its record cannot be read: " + holding.OneLine(err.Error())})
			continue
		}
		if err != nil {
			return nil, err
		}
		unread.read++
		for _, mark := range marks {
			if mark.Installation == p.Installation && mark.Is(holding.StateQuarantine) {
				since, reason := quarantineDetail(mark)
				list = append(list, Quarantined{server.ID, server.Label, server.IP, mark.ServiceID, since, reason})
			}
		}
	}
	return list, unread.all()
}

// quarantineDetail reads the day and the reason behind the word quarantine.
func quarantineDetail(mark holding.Mark) (since time.Time, reason string) {
	reason = strings.TrimSpace(strings.TrimPrefix(mark.State, holding.StateQuarantine))
	day, rest, _ := strings.Cut(reason, " ")
	if since, err := time.Parse(time.DateOnly, day); err == nil {
		return since, rest
	}
	return time.Time{}, reason
}

// InspectQuarantine returns the target under whose mark a server is in quarantine, after
// verifying that nobody holds it: owned by the API account, exactly one mark, ours, and that
// of a quarantine. Errors: OwnershipLost.
func (p *Panel) InspectQuarantine(ctx context.Context, serverID string) (Target, error) {
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return Target{}, err
	}
	record, err := p.backend.Record(ctx, serverID)
	if err != nil {
		return Target{}, err
	}
	marks := holding.ParseMarks(record.Notes)
	switch {
	case record.ID != serverID:
		return Target{}, p.anotherServer(record, serverID)
	case len(marks) != 1:
		return Target{}, edge.NonRetryable(edge.ErrOwnership, "server %s carries %d marks, not one of a quarantine; nothing was written", serverID, len(marks))
	case marks[0].Installation != p.Installation || !marks[0].Is(holding.StateQuarantine):
		return Target{}, edge.NonRetryable(edge.ErrOwnership, "server %s is not in quarantine of ours (%s); nothing was written", serverID, marks[0].Holder())
	}
	target := Target{ServiceID: marks[0].ServiceID, ServerID: serverID}
	_, err = p.verify(record, target, api)
	return target, err
}

// QuarantineInput sets a server aside.
type QuarantineInput struct {
	Target
	Reason string `json:"reason"`
	// FreeAddresses gives the extra addresses back: for a server that failed, not
	// for one that could not be powered off.
	FreeAddresses bool `json:"free_addresses,omitempty"`
	// Failed is true when an install failed on it: the notes remember the day, and a
	// server that failed twice within 30 days is offered last.
	Failed bool `json:"failed,omitempty"`
}

// Quarantine keeps a server that failed from being offered: blocked, owned by
// the API account, the reason in its mark. A customer's server is never set aside: only a
// release takes it from them first. Errors: OwnershipLost, NotDue, NotDone.
func (p *Panel) Quarantine(ctx context.Context, in QuarantineInput) error {
	ctx = lanes.Urgent(ctx)
	if err := p.stillDue(ctx, in.Target, billing.NotForRelease); err != nil {
		return err
	}
	api, err := p.Reader.APIAccount(ctx)
	if err != nil {
		return err
	}
	mark, err := p.setAside(ctx, in, api, in.Reason)
	if errors.Is(err, dcim.ErrValue) { // the notes have no room for the reason
		mark, err = p.setAside(ctx, in, api, "")
	}
	if err != nil {
		return err
	}
	p.marks.remember(in.ServerID, []holding.Mark{mark})
	if _, err := p.block(ctx, in.Target); err != nil {
		return err
	}
	if !in.FreeAddresses {
		return nil
	}
	if err := p.CancelOperation(ctx, in.Target); err != nil {
		return err
	}
	return p.clearAddresses(ctx, in.Target)
}

// setAside saves the mark of a quarantine.
func (p *Panel) setAside(ctx context.Context, in QuarantineInput, api holding.Account, reason string) (holding.Mark, error) {
	now := time.Now()
	mark := p.mark(in.ServiceID, strings.TrimSpace(holding.StateQuarantine+" "+holding.OneLine(now.UTC().Format(time.DateOnly)+" "+reason)))
	return mark, p.update(ctx, in.Target, []holding.Account{api}, func(have holder) dcim.Change {
		if have.mark.Is(holding.StateQuarantine) {
			return dcim.Change{} // an earlier attempt did it
		}
		notes := holding.WithMark(have.record.Notes, mark)
		if in.Failed {
			notes = withFailure(notes, p.Installation, now)
		}
		return dcim.Assign(api, notes)
	})
}
