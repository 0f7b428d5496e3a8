package billing

import (
	"context"
	"errors"
	"fmt"

	"metalease/activities/edge"
	"metalease/whmcs"
)

// Tell says how staff hear of a service that needs them: by an event for the host's
// notification rules, by a ticket, or not at all.
type Tell struct {
	Event, Ticket bool
	// Department of the tickets.
	Department int
	// From is who opens them: not the client, who would see it.
	From whmcs.Sender
}

// NotificationIdentifier is what the host's notification rules match.
const NotificationIdentifier = "metalease"

// Announcement is one cause for which a service needs a person, or its end.
type Announcement struct {
	ServiceRef
	// Code and Message say what it is.
	Code    string `json:"code"`
	Message string `json:"message"`
	// Over ends the cause; Ticket is what Announce answered when it began.
	Over   bool `json:"over,omitempty"`
	Ticket int  `json:"ticket,omitempty"`
}

// Announced is what an announcement leaves behind.
type Announced struct {
	// Ticket is the internal id of the opened ticket; 0 is none.
	Ticket int `json:"ticket,omitempty"`
}

// garbled is how often an announcement is repeated when WHMCS answers something else
// than an answer: a maintenance page passes, a PHP warning in front of each answer does not.
const garbled = 3

// garbledKey is under which an announcement counts the answers that were none.
const garbledKey = "garbled"

// Announce tells staff of a cause, or of its end. WHMCS cannot tell a repeat from a second
// message, so a lost reply is taken for a message that arrived: the status, the lists and
// the service's notes show the cause in any case.
func (w *WHMCS) Announce(ctx context.Context, in Announcement) (Announced, error) {
	announced, err := w.announce(ctx, in)
	if errors.Is(err, whmcs.ErrResultUnknown) {
		return announced, nil
	}
	if errors.Is(err, whmcs.ErrNotAnAnswer) {
		times, _ := edge.Recall[int](ctx, garbledKey)
		if times+1 >= garbled {
			return announced, nil
		}
		edge.Keep(ctx, garbledKey, times+1)
	}
	return announced, err
}

func (w *WHMCS) announce(ctx context.Context, in Announcement) (Announced, error) {
	title := fmt.Sprintf("Service %d needs attention: %s", in.ServiceID, in.Code)
	status, style := "Needs attention", "danger"
	text := fmt.Sprintf("Service %d of client %d: %s", in.ServiceID, in.ClientID, in.Message)
	if in.Over {
		title = fmt.Sprintf("Service %d goes on: %s is over", in.ServiceID, in.Code)
		status, style = "Cleared", "success"
		text = fmt.Sprintf("Service %d of client %d needs nobody any more. It was: %s", in.ServiceID, in.ClientID, in.Message)
	}
	switch {
	case w.Tell.Event:
		return Announced{}, w.Client.TriggerNotification(ctx, whmcs.Notification{
			Identifier: NotificationIdentifier, Title: title, Message: text, Status: status, Style: style,
		})
	case w.Tell.Ticket && in.Over:
		if in.Ticket == 0 {
			return Announced{}, nil // it could not be opened, or nobody knows which it is
		}
		return Announced{}, w.Client.AddTicketReply(ctx, in.Ticket, w.Tell.From, text)
	case w.Tell.Ticket:
		id, _, err := w.Client.OpenTicket(ctx, whmcs.Ticket{
			DepartmentID: w.Tell.Department, Subject: title, Message: text, Priority: "High", From: w.Tell.From,
		})
		return Announced{Ticket: id}, err
	}
	return Announced{}, nil
}
