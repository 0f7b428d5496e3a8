package panel

import (
	"context"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"strings"
	"time"
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
// each form anew: staff may just have cleared one by hand.
func (p *Panel) QuarantineList(ctx context.Context) ([]Quarantined, error) {
	list, err := p.quarantineList(ctx)
	return list, edge.Convert(ctx, err)
}

func (p *Panel) quarantineList(ctx context.Context) ([]Quarantined, error) {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return nil, err
	}
	round, err := p.List.Fresh(ctx, true)
	if err != nil {
		return nil, err
	}
	list := []Quarantined{}
	for _, id := range round.Order {
		server := round.Servers[id]
		if !holding.Owned(server.Owner, api) || len(list) == QuarantineLimit {
			continue
		}
		marks, err := p.marksOf(ctx, id, true)
		if err != nil {
			return nil, err
		}
		for _, mark := range marks {
			if mark.Installation == p.Installation && mark.Is(holding.StateQuarantine) {
				since, reason := quarantineDetail(mark)
				list = append(list, Quarantined{id, server.Name, server.IP, mark.ServiceID, since, reason})
			}
		}
	}
	return list, nil
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
// proving that nobody holds it: owned by the API account, exactly one mark, ours, and that
// of a quarantine. Errors: OwnershipLost.
func (p *Panel) InspectQuarantine(ctx context.Context, serverID string) (Target, error) {
	target, err := p.inspectQuarantine(ctx, serverID)
	return target, edge.Convert(ctx, err)
}

func (p *Panel) inspectQuarantine(ctx context.Context, serverID string) (Target, error) {
	api, err := p.ApiAccount(ctx)
	if err != nil {
		return Target{}, err
	}
	form, err := p.Client.Form(ctx, serverID)
	if err != nil {
		return Target{}, err
	}
	marks := holding.ParseMarks(form.Notes())
	switch {
	case form.ID() != serverID:
		return Target{}, edge.NonRetryable(edge.ErrOwnership, "panel %s answered with server %q when asked for %s; nothing was written", p.Client.Name(), form.ID(), serverID)
	case len(marks) != 1:
		return Target{}, edge.NonRetryable(edge.ErrOwnership, "server %s carries %d marks, not one of a quarantine; nothing was written", serverID, len(marks))
	case marks[0].Installation != p.Installation || !marks[0].Is(holding.StateQuarantine):
		return Target{}, edge.NonRetryable(edge.ErrOwnership, "server %s is not in quarantine of ours (%s); nothing was written", serverID, marks[0])
	}
	target := Target{ServiceID: marks[0].ServiceID, ServerID: serverID}
	_, err = p.prove(ctx, target, api)
	return target, err
}
