package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
)

// StillHeld is a service that nobody looks after any more and whose server is still its customer's: a lifecycle that was ended by
// force gave nothing back.
type StillHeld struct {
	ServiceID            int
	Panel, Server, Label string
	// Why is what the panel shows: its mark, or its owner.
	Why string
	// Ending is how the lifecycle ended, and Phase when.
	Ending, Phase string
}

// Error names the server and the way out.
func (h *StillHeld) Error() string {
	return fmt.Sprintf("the lifecycle of service %d has ended (%s) in phase %s and has given nothing back: on panel %s, server %s (%s) %s. "+
		"`starter drift --panel %s --now` shows it with its repair; `starter start --service %d` has it looked after again, and then terminate gives it back",
		h.ServiceID, h.Ending, h.Phase, h.Panel, h.Server, h.Label, h.Why, h.Panel, h.ServiceID)
}

// unsent answers for a service that takes no signals: it never was, or it has ended. A
// repeated call whose first try ended the service has had its effect.
func (c *Control) unsent(ctx context.Context, serviceID int, name, eventID string) (Result, error) {
	ended := Result{EventID: eventID, Outcome: api.OutcomePending}
	status, err := c.Status(ctx, serviceID)
	switch {
	case err == nil:
		ended.Status = &status
		ended.take(status.Events)
	case !errors.Is(err, ErrWorkerUnavailable):
		return Result{}, err
	default: // what the list shows of a run that has ended does not change
		if status, err = c.listed(ctx, serviceID); err != nil {
			return Result{}, err
		}
	}
	switch {
	case ended.Reached:
		return ended, nil
	case name != api.SignalTerminate:
		return Result{}, ErrClosed
	}
	ended.Outcome, ended.Reached, ended.Reason = api.OutcomeApplied, true, "already released"
	if status.Abandoned() {
		if err := c.nothingHeld(ctx, serviceID, status); err != nil {
			return Result{}, err
		}
		ended.Reason = fmt.Sprintf("the service was ended in phase %s (%s), and no server of panel %s is its own: there is nothing to release", status.Phase, status.Ending, status.Panel)
	}
	return ended, nil
}

// listed is what the engine itself knows of a life that has ended.
func (c *Control) listed(ctx context.Context, serviceID int) (Status, error) {
	there, err := c.describe(ctx, api.ServiceWorkflowID(serviceID))
	if err != nil {
		return Status{}, orUnknown(err)
	}
	info := there.GetWorkflowExecutionInfo()
	row := rowOf(info)
	status := Status{Closed: row.ClosedAt != nil, Ending: strings.ToLower(info.GetStatus().String())}
	status.ServiceID, status.Phase, status.Panel = serviceID, api.Phase(row.Phase), row.Panel
	if row.ServerID != "" {
		status.Server = &api.Server{ID: row.ServerID, IP: row.MainIP}
	}
	return status, nil
}

// nothingHeld asks the panel whether a server is still the service's. Errors: *[StillHeld], ErrWorkerUnavailable, *[Refused]; when
// the panel does not tell, nobody may say that it was released.
func (c *Control) nothingHeld(ctx context.Context, serviceID int, last Status) error {
	held := &StillHeld{ServiceID: serviceID, Panel: last.Panel, Ending: last.Ending, Phase: string(last.Phase)}
	if last.Server != nil {
		seen, why, err := c.sighted(ctx, last)
		if err != nil {
			return err
		}
		if why != "" {
			held.Server, held.Label, held.Why = seen.ID, seen.Label, why
			return held
		}
	}
	marked, err := inquire[[]panel.MarkedServer](ctx, c, last.Panel, "MarkedServers", panel.MarkedInput{ServiceID: serviceID}, formsTimeout)
	if err != nil {
		return err
	}
	for _, m := range marked {
		if !quarantined(m.Mark) {
			held.Server, held.Label, held.Why = m.ID, m.Label, "carries its mark: "+m.Mark
			return held
		}
	}
	return nil
}

// sighted looks at the server that the life had, and says why it is still the service's; empty when it is not. A customer may have
// edited the notes: without any mark, the owner is enough.
func (c *Control) sighted(ctx context.Context, last Status) (seen panel.Sighting, why string, err error) {
	seen, there, err := c.sighting(ctx, last.Panel, last.Server.ID, last.Server.ID)
	switch {
	case err != nil || !there:
		return seen, "", err
	case seen.Unread != "":
		return seen, "cannot be read: " + seen.Unread, nil
	case seen.ServiceID == last.ServiceID:
		return seen, "carries its mark and belongs to " + cmp.Or(seen.Owner, "nobody"), nil
	case len(seen.Marks) > 0 || seen.Owner == "":
		return seen, "", nil
	}
	if last.Account != "" && last.Account != seen.Owner { // a panel may list owners by their numbers
		if _, there, err = c.sighting(ctx, last.Panel, last.Account, last.Server.ID); err != nil || !there {
			return seen, "", err
		}
	}
	return seen, "belongs to " + seen.Owner, nil
}

// sighting looks for a text on a panel, and takes one server of what is found.
func (c *Control) sighting(ctx context.Context, panelName, text, server string) (panel.Sighting, bool, error) {
	found, err := inquire[[]panel.Sighting](ctx, c, panelName, "FindServers", text, findTimeout)
	if err != nil {
		return panel.Sighting{}, false, err
	}
	for _, seen := range found {
		if seen.ID == server {
			return seen, true, nil
		}
	}
	return panel.Sighting{}, false, nil
}

func quarantined(mark string) bool {
	return slices.ContainsFunc(holding.ParseMarks(mark), func(m holding.Mark) bool { return m.Is(holding.StateQuarantine) })
}
