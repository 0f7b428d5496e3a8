package whmcs

import (
	"context"
	"net/url"
	"strconv"
)

// None of the calls below is idempotent: after KindResultUnknown a repeat may
// tell somebody twice (docs/whmcs-api.md 1.2).

// LogActivity writes a line to WHMCS's activity log; clientID 0 is nobody's.
func (c *Client) LogActivity(ctx context.Context, clientID int, line string) error {
	return c.do(ctx, call{action: "LogActivity", params: fields("description", Plain(line), "clientid", positive(clientID)), changes: true}, nil)
}

// Ticket is a support ticket to open.
type Ticket struct {
	DepartmentID, ClientID int
	// ServiceID 0 is none.
	ServiceID        int
	Subject, Message string
	// Priority is Low, Medium or High; WHMCS's own default when empty.
	Priority string
	// From opens a ticket that no client sees; then ClientID is left out.
	From Sender
}

// Sender says who speaks in a ticket: an administrator by user name, or anybody by
// name and address. Silent sends no mail.
type Sender struct {
	Admin, Name, Email string
	Silent             bool
}

func (s Sender) fields() []string {
	silent := ""
	if s.Silent {
		silent = "1"
	}
	return []string{"adminusername", s.Admin, "name", s.Name, "email", s.Email, "noemail", silent}
}

// OpenTicket opens a ticket and returns its internal id, which replies need, and
// the number that people see.
func (c *Client) OpenTicket(ctx context.Context, t Ticket) (id int, mask string, err error) {
	var answer struct {
		ID   number `json:"id"`
		Mask text   `json:"tid"`
	}
	params := fields(append(t.From.fields(), "deptid", positive(t.DepartmentID), "clientid", positive(t.ClientID), "serviceid", positive(t.ServiceID),
		"subject", Plain(t.Subject), "message", Plain(t.Message), "priority", t.Priority)...)
	params.Del("adminusername") // OpenTicket knows none
	err = c.do(ctx, call{action: "OpenTicket", params: params, changes: true}, &answer)
	return int(answer.ID), string(answer.Mask), err
}

// AddTicketReply answers a ticket, by its internal id.
func (c *Client) AddTicketReply(ctx context.Context, ticketID int, from Sender, message string) error {
	params := fields(append(from.fields(), "ticketid", positive(ticketID), "message", Plain(message))...)
	return c.do(ctx, call{action: "AddTicketReply", params: params, changes: true}, nil)
}

// SendEmail sends a template. What relatedID names depends on the template's
// type: a service for a product mail, a client for a general one.
func (c *Client) SendEmail(ctx context.Context, template string, relatedID int) error {
	return c.do(ctx, call{action: "SendEmail", params: fields("messagename", template, "id", positive(relatedID)), changes: true}, nil)
}

// Notification feeds the notification rules that the host has defined.
type Notification struct {
	// Identifier is what a rule matches.
	Identifier, Title, Message string
	// URL may be empty. Style is success, danger, info or empty.
	URL, Status, Style string
}

// TriggerNotification triggers the rules for a notification.
func (c *Client) TriggerNotification(ctx context.Context, n Notification) error {
	params := fields("notification_identifier", n.Identifier, "title", Plain(n.Title), "message", Plain(n.Message),
		"url", n.URL, "status", n.Status, "statusStyle", n.Style)
	return c.do(ctx, call{action: "TriggerNotificationEvent", params: params, changes: true}, nil)
}

// fields pairs names and values and leaves out what is empty.
func fields(pairs ...string) url.Values {
	params := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			params.Set(pairs[i], pairs[i+1])
		}
	}
	return params
}

func positive(id int) string {
	if id <= 0 {
		return ""
	}
	return strconv.Itoa(id)
}
