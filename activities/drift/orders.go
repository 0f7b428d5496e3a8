package drift

import (
	"cmp"
	"fmt"
	"time"

	"metalease/activities/holding"
	"metalease/whmcs"
)

// Order is what our module in WHMCS says of the order of a Pending service.
type Order struct {
	ServiceID int
	// Due tells that what starts the service has happened: as a rule, that it is paid. PaidAt
	// is when; zero when that is not known.
	Due    bool
	PaidAt time.Time
	// Panel is the one that is to build it; empty when WHMCS names none.
	Panel string
	// Problem is why no order can be made of it now, Notice what the gateway last said against
	// it; empty for nothing.
	Problem, Notice string
}

// unstarted is an order that somebody has paid and nobody builds. A server that carries its
// mark is an orphan, which says more.
func (r *rules) unstarted(b Billed, life Life, s Sight) {
	order, there := r.orders[b.ID]
	mine := r.Builds == nil || r.Builds(order.Panel)
	switch {
	case !there || !order.Due || !mine || len(r.holds[b.ID]) > 0:
		return
	case r.Now.Sub(order.PaidAt) < r.Settle: // what starts it may be on its way
		return
	}
	d := Drift{Kind: DriftUnstarted, Severity: SeverityHigh, ServiceID: b.ID, Cause: cmp.Or(order.Problem, order.Notice)}
	d.What = fmt.Sprintf("service %d is paid and Pending in WHMCS, but ", b.ID)
	switch life.Ending {
	case "":
		d.What += "it was not started"
	case endingCompleted: // somebody may have ended it on purpose, and left it so in WHMCS
		d.Severity = SeverityMedium
		d.What += "its lifecycle has ended"
	default:
		d.What += "its lifecycle has ended (" + life.Ending + ")"
	}
	switch {
	case s.ID != "" && s.Owner != "" && !r.API.Owns(s.Owner):
		d.ServerID = s.ID
		d.What += fmt.Sprintf("; server %s with its address %s belongs to %s", s.ID, b.IP, r.ownerWords(s))
		d.Advice = fmt.Sprintf("if the customer has that server: set the service to Active in WHMCS, then starter adopt --service %d; else clear its Dedicated IP", b.ID)
	case order.Problem != "":
		d.Advice = fmt.Sprintf("correct it in WHMCS, then: starter start --service %d", b.ID)
	default:
		d.Remedy = RemedyStart
		d.Repair = fmt.Sprintf("start the order of service %d as WHMCS has it, at its old place in the queue", b.ID)
	}
	r.report(d)
}

// endingCompleted is how a lifecycle ends by itself.
const endingCompleted = "completed"

// delivered is a service whose customer has the server while WHMCS shows it as Pending: WHMCS
// neither bills nor suspends it.
func (r *rules) delivered(b Billed, life Life, s Sight) {
	if !life.Running {
		return
	}
	d := Drift{Kind: DriftPending, Severity: SeverityHigh, ServiceID: b.ID, ServerID: s.ID, Remedy: RemedyShow, Show: whmcs.StatusActive,
		What: fmt.Sprintf("service %d is Pending in WHMCS, but its server %s was handed over and belongs to %s", b.ID, s.ID, r.ownerWords(s))}
	d.Repair = fmt.Sprintf("have WHMCS show service %d as Active, without another welcome mail", b.ID)
	if life.Phase == lifeBlocked {
		d.Show, d.Reason = whmcs.StatusSuspended, life.Reason
		d.Repair = fmt.Sprintf("have WHMCS show service %d as Suspended (%s)", b.ID, orNone(life.Reason))
	}
	r.report(d)
}

// client compares whose a service is. WHMCS is right; what differs was moved there, or its
// client was merged with another one.
func (r *rules) client(b Billed, life Life, s Sight) {
	if b.ClientID == 0 || b.ended() {
		return
	}
	d := Drift{Kind: DriftClient, Severity: SeverityHigh, ServiceID: b.ID, ServerID: s.ID}
	if life.Running && life.ClientID != 0 && life.ClientID != b.ClientID {
		d.What = fmt.Sprintf("service %d is client %d's in WHMCS, but client %d's for its lifecycle", b.ID, b.ClientID, life.ClientID)
		d.Advice = fmt.Sprintf("if WHMCS is right: starter detach %d, then starter adopt --service %d; else move it back in WHMCS", b.ID, b.ID)
		r.report(d)
		return
	}
	account, founder, there := r.founderOf(s)
	if !there || founder.ClientID == b.ClientID {
		return
	}
	d.What = fmt.Sprintf("service %d is client %d's, but its server %s is in account %s, with service %d of client %d", b.ID, b.ClientID, s.ID, account.Name, founder.ID, founder.ClientID)
	d.Advice = "give the server an account of its client's in the panel, and the service that username in WHMCS; or move the service back in WHMCS"
	r.report(d)
}

// founderOf is the account that owns a server, and the oldest service that is alive in it: the
// one whose client the account is taken for.
func (r *rules) founderOf(s Sight) (account holding.Account, founder Billed, there bool) {
	if s.Owner == "" || r.API.Owns(s.Owner) {
		return account, founder, false
	}
	for _, a := range r.Accounts {
		if !a.Owns(s.Owner) {
			continue
		}
		for _, b := range r.byName[a.Name] {
			if b.alive() && b.ClientID != 0 && (!there || b.ID < founder.ID) {
				account, founder, there = a, b, true
			}
		}
	}
	return account, founder, there
}
