package simulator

import (
	"fmt"
	"net/url"
	"slices"
	"time"
)

// acts are what can happen to a service, by what /_sim/services/{id}/ calls them.
var acts = []string{"overdue", "paid", "suspend", "unsuspend", "terminate", "cancel", "fraud", "create"}

// Act is what happens to a service: overdue and paid are what billing does,
// cancel and fraud what staff do to its order, the others the module's buttons.
func (w *WHMCS) Act(id int, what string) (any, error) {
	if !slices.Contains(acts, what) {
		return nil, fmt.Errorf("%q is not one of %v", what, acts)
	}
	service, there := w.service(id)
	if !there {
		return nil, fmt.Errorf("there is no service %d", id)
	}
	switch what {
	case "overdue":
		return w.becomeOverdue(service), nil
	case "paid":
		return w.becomePaid(service), nil
	case "suspend":
		return w.runModule(id, suspendAccount, url.Values{"suspendreason": {"abuse"}}), nil
	case "unsuspend":
		return w.runModule(id, unsuspendAccount, nil), nil
	case "terminate":
		return w.runModule(id, terminateAccount, nil), nil
	case "create":
		return w.runModule(id, createAccount, nil), nil
	}
	w.withdraw(service.OrderID, map[string]string{"cancel": "Cancelled", "fraud": "Fraud"}[what])
	return success(nil), nil
}

// becomeOverdue moves the due date into the past and runs the daily cron's call,
// which an override set by staff stops.
func (w *WHMCS) becomeOverdue(s Service) object {
	today := w.config.Now().Format(time.DateOnly)
	w.edit(s.ID, func(s *Service) { s.NextDueDate = w.config.Now().AddDate(0, 0, -1).Format(time.DateOnly) })
	if s.Override && (s.OverrideUntil == "" || s.OverrideUntil >= today) {
		w.log("Cron Job: Service ID: %d is exempt from suspension", s.ID)
		return success(nil)
	}
	return w.runModule(s.ID, suspendAccount, url.Values{"suspendreason": {overdue}})
}

// becomePaid pays the first invoice, which starts the order, or the next one: the
// due date moves by one cycle, and what was suspended for being overdue, and
// nothing else, is unsuspended (docs/whmcs-api.md 4).
func (w *WHMCS) becomePaid(s Service) object {
	if order := w.State().Order(s.OrderID); order != nil && !order.Paid {
		return success(object{"services": w.pay(s.OrderID)})
	}
	w.edit(s.ID, func(s *Service) {
		due, err := time.Parse(time.DateOnly, s.NextDueDate)
		if err != nil {
			due = w.config.Now()
		}
		s.NextDueDate = due.AddDate(0, max(1, months[s.Cycle]), 0).Format(time.DateOnly)
	})
	if s.Status == "Suspended" && s.Suspended == overdue {
		return w.runModule(s.ID, unsuspendAccount, nil)
	}
	return w.runModule(s.ID, renew, nil)
}
