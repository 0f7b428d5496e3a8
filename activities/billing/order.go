package billing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"metalease/activities/edge"
	"metalease/whmcs"
)

// OrderView is what WHMCS shows of a service. The password is not in it.
type OrderView struct {
	// Status is empty for a service that WHMCS does not have any more.
	Status string `json:"status"`
	// ClientID is the client whom WHMCS shows as the owner now.
	ClientID int    `json:"client_id,omitempty"`
	Username string `json:"username"`
	// Accounts are the usernames of all services of the client: his account on a panel is one of
	// them. At most accountsLimit, those of running services first.
	Accounts []string `json:"accounts,omitempty"`
	// Reason of a suspension.
	Reason string `json:"reason,omitempty"`
	// Overdue is true when the Next Due Date is past.
	Overdue bool `json:"overdue,omitempty"`
	// NotPending is why the service is not to be built; empty for a Pending one.
	NotPending string `json:"not_pending,omitempty"`
	// Ended is true when WHMCS has ended it: cancelled, fraud or terminated.
	Ended bool `json:"ended,omitempty"`
}

// accountsLimit bounds an answer: a client may have thousands of services.
const accountsLimit = 500

// NotPending says what a status other than Pending means for a build.
func NotPending(service whmcs.Service) (code, why string) {
	switch service.Status {
	case whmcs.StatusCancelled, whmcs.StatusFraud, whmcs.StatusTerminated:
		return edge.ErrNotPending, fmt.Sprintf("service %d is %s in WHMCS", service.ID, service.Status)
	default: // Active, Suspended, Completed: it is not ours to build, and not ours to end
	}
	return edge.ErrStatus, fmt.Sprintf("service %d is %s in WHMCS, not Pending: set it to Pending to have it built, or terminate this order", service.ID, service.Status)
}

// ViewOrder tells what WHMCS shows of a service, whosever it is by now.
func ViewOrder(ctx context.Context, client *whmcs.Client, ref ServiceRef) (OrderView, error) {
	services, err := client.ClientServices(ctx, ref.ClientID)
	if err != nil && !errors.Is(err, whmcs.ErrNotFound) {
		return OrderView{}, err
	}
	own := func(s whmcs.Service) bool { return s.ID == ref.ServiceID }
	i := slices.IndexFunc(services, own)
	if i < 0 { // it may be another client's by now
		service, err := client.Service(ctx, ref.ServiceID)
		if errors.Is(err, whmcs.ErrNotFound) {
			return OrderView{NotPending: fmt.Sprintf("service %d is not in WHMCS any more", ref.ServiceID), Ended: true}, nil
		}
		if err != nil {
			return OrderView{}, err
		}
		if services, err = client.ClientServices(ctx, service.ClientID); err != nil {
			return OrderView{}, err
		}
		if i = slices.IndexFunc(services, own); i < 0 {
			services, i = append(services, service), len(services)
		}
	}
	return viewOf(services[i], services, time.Now()), nil
}

func viewOf(service whmcs.Service, all []whmcs.Service, now time.Time) OrderView {
	view := OrderView{
		Status: string(service.Status), ClientID: service.ClientID, Username: service.Username, Reason: service.SuspensionReason,
		Overdue: !service.NextDueDate.IsZero() && service.NextDueDate.Time().Before(day(now)),
	}
	if service.Status != whmcs.StatusPending {
		var code string
		code, view.NotPending = NotPending(service)
		view.Ended = code == edge.ErrNotPending
	}
	running := func(s whmcs.Service) bool {
		return s.Status == whmcs.StatusActive || s.Status == whmcs.StatusSuspended
	}
	names := []string{service.Username}
	for _, first := range []bool{true, false} {
		for _, s := range all {
			if running(s) == first {
				names = append(names, s.Username)
			}
		}
	}
	for _, name := range names {
		if name != "" && !slices.Contains(view.Accounts, name) && len(view.Accounts) < accountsLimit {
			view.Accounts = append(view.Accounts, name)
		}
	}
	return view
}
