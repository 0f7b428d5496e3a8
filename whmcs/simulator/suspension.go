package simulator

import (
	"fmt"
	"html"
	"net/url"
	"strings"
)

// unpaid begins what is said of a service that nobody paid.
const unpaid = "Unpaid: "

// suspendAccount blocks the server: as unpaid, which starts the grace period, only
// when WHMCS says so by reason and by date. By reason alone it is a word from before the payment.
func (w *WHMCS) suspendAccount(s Service, params url.Values) (string, error) {
	if w.alone() {
		return done, nil
	}
	reason := or(or(strings.TrimSpace(html.UnescapeString(params.Get("suspendreason"))), s.Suspended), "suspended in WHMCS")
	name, fields, begin := "suspend", Body{"reason": reason}, ""
	if strings.EqualFold(reason, overdue) {
		if !w.past(s.NextDueDate) {
			seen, err := w.seen(s)
			if err != nil || seen.ok() && blocks(seen.view) != "" {
				return done, err // WHMCS follows what is so
			}
			return fmt.Sprintf(unpaid+"Nothing was done: %q, but the Next Due Date is not past. "+
				"To block the server all the same, suspend the service for another reason.", reason), nil
		}
		name, fields, begin = "expire", Body{"due": s.NextDueDate}, unpaid
		if grace, there := s.Order["grace"]; there {
			fields["grace"] = grace
		}
	}
	effect, err := w.signal(s, name, fields, 10)
	if err != nil || effect.applied() {
		return done, err
	}
	return begin + effect.because("block the server"), nil
}

// unsuspendAccount lifts every block that came through WHMCS, expiry included: the
// renewal goes last and is waited for. Its date is told only when it was paid for.
func (w *WHMCS) unsuspendAccount(s Service, _ url.Values) (string, error) {
	if w.alone() {
		return done, nil
	}
	lifted, err := w.signal(s, "unsuspend", Body{}, 0)
	if err != nil {
		return "", err
	}
	if !lifted.reply.ok() {
		return lifted.because("unblock the server"), nil
	}
	paid := Body{}
	if !w.past(s.NextDueDate) {
		paid = paidUntil(s)
	}
	effect, err := w.signal(s, "renew", paid, 2)
	switch {
	case err != nil:
		return "", err
	case !effect.applied():
		return effect.because("unblock the server"), nil
	case effect.status == nil:
		return "Not confirmed: no worker answers. WHMCS follows by itself; a retry does no harm.", nil
	}
	if blocks := blocks(effect.status); blocks != "" {
		return "The server stays blocked: " + blocks + ". What WHMCS did not set, WHMCS does not lift.", nil
	}
	return done, nil
}

// renew tells until when the service is paid. What staff blocked stays blocked.
func (w *WHMCS) renew(s Service, _ url.Values) (string, error) {
	if w.alone() {
		return done, nil
	}
	effect, err := w.signal(s, "renew", paidUntil(s), 1)
	if err != nil {
		return "", err
	}
	// It has arrived, though the server is not unblocked yet.
	arrived := effect.underWay() && effect.status != nil && !blockedFor(effect.status, "expired") &&
		effect.status.time("grace_ends_at").IsZero() && effect.status.text("phase") != "releasing"
	// Superseded: a newer renewal is known, which is what a late retry finds.
	if effect.applied() || effect.outcome == "superseded" || arrived {
		return done, nil
	}
	return effect.because("renew the service"), nil
}

// paidUntil is empty where WHMCS has no date.
func paidUntil(s Service) Body {
	if s.NextDueDate == "" || s.NextDueDate == "0000-00-00" {
		return Body{}
	}
	return Body{"expires_at": s.NextDueDate}
}
