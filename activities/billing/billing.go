// Package billing holds the activities that work on WHMCS.
package billing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/whmcs"
)

// WHMCS holds the activities that work on the billing system.
type WHMCS struct {
	Client *whmcs.Client
	// Tell says how staff hear of a service that needs them.
	Tell Tell
	// Look asks WHMCS about itself, for what has to be repaired first; nil there is nothing. Nil: nobody looks.
	Look func(ctx context.Context) *ToRepair
}

// ServiceRef names a service and its client.
type ServiceRef struct {
	ServiceID int `json:"service_id"`
	ClientID  int `json:"client_id"`
}

// Delivery is what WHMCS is told of a server before the service becomes Active.
type Delivery struct {
	ServiceID int      `json:"service_id"`
	MainIP    string   `json:"main_ip"`
	ExtraIPs  []string `json:"extra_ips"`
	Domain    string   `json:"domain"`
	Username  string   `json:"username"`
}

// Deliver writes the addresses, the domain and the account's name to WHMCS.
// Absolute values: a repeat changes nothing.
func Deliver(ctx context.Context, client *whmcs.Client, d Delivery) error {
	update := whmcs.ServiceUpdate{
		DedicatedIP: &d.MainIP,
		Domain:      &d.Domain,
		Username:    &d.Username,
	}
	if len(d.ExtraIPs) == 0 {
		update.Unset = []string{"assignedips"} // an empty value would be ignored (docs/whmcs-api.md 1.3)
	} else {
		all := strings.Join(d.ExtraIPs, "\n")
		update.AssignedIPs = &all
	}
	return client.UpdateService(ctx, d.ServiceID, update)
}

// Activation says which service WHMCS should turn Active.
type Activation struct {
	ServiceRef
	// Patience is how long WHMCS may refuse to. While it does not answer is not counted.
	Patience time.Duration `json:"patience,omitempty"`
}

// refused is since when WHMCS refuses to turn a service Active.
const refused = "refused"

// Activate lets WHMCS turn the service Active itself, so that its welcome mail
// goes out once, with the right data. The status is read before and, when the
// reply was lost, by the next attempt. Errors: NotPending, UnexpectedStatus, WHMCSRefused.
func (w *WHMCS) Activate(ctx context.Context, in Activation) error {
	service, err := w.Client.Service(ctx, in.ServiceID)
	if err != nil {
		edge.Forget(ctx, refused)
		return err
	}
	switch service.Status {
	case whmcs.StatusActive:
		return nil
	case whmcs.StatusPending:
	default:
		code, why := NotPending(service)
		return edge.NonRetryable(code, "%s", why)
	}
	err = w.Client.ModuleCreate(ctx, in.ServiceID)
	switch {
	case !errors.Is(err, whmcs.ErrRefused):
		edge.Forget(ctx, refused)
		return err
	case edge.LastsFor(ctx, refused, in.Patience):
		return edge.NonRetryable(edge.ErrWHMCSRefused, "WHMCS did not turn the service Active: %s", err)
	}
	// Most often the callback to the gateway failed: worth repeating, and visible meanwhile.
	return edge.Retryable(edge.ErrWHMCSRefused, "%s", err)
}

// Standing is until when WHMCS shows a service as paid.
type Standing struct {
	Status   string `json:"status"`
	ClientID int    `json:"client_id,omitempty"`
	// NextDue is the Next Due Date; zero when WHMCS shows none.
	NextDue time.Time `json:"next_due,omitzero"`
	// Overdue is true when that day is past.
	Overdue bool `json:"overdue,omitempty"`
}

// Shown is the Next Due Date as people read it.
func (s Standing) Shown() string {
	if s.NextDue.IsZero() {
		return "none"
	}
	return s.NextDue.Format(time.DateOnly)
}

// Standing reads until when a service is paid.
func (w *WHMCS) Standing(ctx context.Context, ref ServiceRef) (Standing, error) {
	service, err := w.Client.Service(ctx, ref.ServiceID)
	if err != nil {
		return Standing{}, err
	}
	standing := Standing{Status: string(service.Status), ClientID: service.ClientID}
	if !service.NextDueDate.IsZero() {
		standing.NextDue = service.NextDueDate.Time()
		standing.Overdue = standing.NextDue.Before(time.Now().UTC().Truncate(24 * time.Hour))
	}
	return standing, nil
}

// ExpiryView is what WHMCS says right before a release for expiry.
type ExpiryView struct {
	Release  bool   `json:"release"`
	Why      string `json:"why"`
	ClientID int    `json:"client_id,omitempty"`
}

// ConfirmExpiry asks WHMCS once more before a release for expiry: the service
// must be Suspended, its Next Due Date past, and no suspension override set.
func (w *WHMCS) ConfirmExpiry(ctx context.Context, ref ServiceRef) (ExpiryView, error) {
	service, err := w.Client.Service(ctx, ref.ServiceID)
	if err != nil {
		return ExpiryView{}, err
	}
	if why := NotForRelease(service, time.Now()); why != "" {
		return ExpiryView{Why: why, ClientID: service.ClientID}, nil
	}
	return ExpiryView{Release: true, ClientID: service.ClientID, Why: "WHMCS confirms: Suspended, due " + service.NextDueDate.String()}, nil
}

// NoteInput puts a line of ours into the service's notes.
type NoteInput struct {
	ServiceRef
	// Problem is shown until it is cleared; empty clears it.
	Problem string `json:"problem,omitempty"`
	// Record stays for good.
	Record string `json:"record,omitempty"`
}

const (
	problemLine = "metalease needs attention: "
	recordLine  = "metalease: "
)

// Note shows a problem in WHMCS, takes it back, or records a fact: as lines of
// the service's admin notes, beside the staff's own. A repeat changes nothing.
func (w *WHMCS) Note(ctx context.Context, in NoteInput) error {
	service, err := w.Client.Service(ctx, in.ServiceID)
	if errors.Is(err, whmcs.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	notes := noted(service.Notes, in)
	if notes == service.Notes {
		return nil
	}
	update := whmcs.ServiceUpdate{Notes: &notes}
	if notes == "" {
		update = whmcs.ServiceUpdate{Unset: []string{"notes"}}
	}
	return w.Client.UpdateService(ctx, in.ServiceID, update)
}

func noted(notes string, in NoteInput) string {
	var lines []string
	for line := range strings.Lines(notes) {
		line = strings.TrimRight(line, "\r\n")
		if !strings.HasPrefix(line, problemLine) {
			lines = append(lines, line)
		}
	}
	if in.Problem != "" {
		lines = append(lines, problemLine+whmcs.Plain(holding.OneLine(in.Problem)))
	}
	if record := recordLine + whmcs.Plain(holding.OneLine(in.Record)); in.Record != "" && !slices.Contains(lines, record) {
		lines = append(lines, record)
	}
	return strings.Join(lines, "\n")
}
