package drift

import (
	"fmt"

	"metalease/activities/holding"
	"metalease/whmcs"
)

// service compares what WHMCS sells with what the lifecycle and the panel hold.
func (r *rules) service(b Billed) {
	life := r.lives[b.ID]
	if b.Unreadable != "" {
		r.report(Drift{Kind: DriftUnreadable, Severity: SeverityMedium, ServiceID: b.ID,
			What:   fmt.Sprintf("the row of service %d in WHMCS cannot be read whole: %s", b.ID, holding.OneLine(b.Unreadable)),
			Advice: "correct it in WHMCS"})
	}
	if r.moving(b.ID) || life.Running && life.Panel != r.Panel || len(r.holds[b.ID]) > 1 {
		return
	}
	if r.passedOn(b, life) || life.Running && life.ServerID != "" && !r.consistent(b, life) {
		return
	}
	s, there := r.serverOf(b, life)
	r.client(b, life, s)
	switch {
	case b.Status == whmcs.StatusPending && !life.Running:
		r.unstarted(b, life, s)
	case life.Phase == lifeAttention && life.Running && !b.ended():
		// The build waits for a person, who is told why.
	case !there:
		r.missing(b, life)
	case b.alive(), b.Status == whmcs.StatusPending:
		r.sold(b, life, s)
	case b.ended():
		r.ended(b, life, s)
	}
}

// consistent tells whether the lifecycle's server is there and carries the mark.
func (r *rules) consistent(b Billed, life Life) bool {
	s, there := r.servers[life.ServerID]
	if !there {
		r.report(Drift{Kind: DriftGone, Severity: SeverityHigh, ServiceID: b.ID, ServerID: life.ServerID,
			What:   fmt.Sprintf("the lifecycle of service %d holds server %s, which is not on panel %s any more", b.ID, life.ServerID, r.Panel),
			Advice: fmt.Sprintf("put the server back into the panel, or: starter detach %d", b.ID)})
		return false
	}
	if s.Read && len(r.holds[b.ID]) == 0 {
		state := holding.StateActive
		if life.Phase == lifeAttention {
			state = holding.StateClaimed
		}
		advice := fmt.Sprintf("add this line to the server's notes in the panel: %s", holding.Mark{Installation: r.Installation, ServiceID: b.ID, State: state})
		if r.another(s, b.ID) {
			advice = fmt.Sprintf("it carries the mark of another service: find out who uses it (starter find %s)", s.ID)
		}
		r.report(Drift{Kind: DriftMarkless, Severity: SeverityMedium, ServiceID: b.ID, ServerID: s.ID,
			What:   fmt.Sprintf("server %s of service %d does not carry its mark any more, so nothing can be written to it; it belongs to %s", s.ID, b.ID, r.ownerWords(s)),
			Advice: advice})
	}
	return true
}

// serverOf finds the server of a service: by its mark, by its lifecycle, or, for services
// that another program set up, by the address that was delivered.
func (r *rules) serverOf(b Billed, life Life) (Sight, bool) {
	id := life.ServerID
	if held := r.holds[b.ID]; len(held) == 1 {
		id = held[0]
	}
	if id != "" {
		s, there := r.servers[id]
		return s, there
	}
	ip := plainIP(b.IP)
	if ip == "" {
		return Sight{}, false
	}
	sharing := r.byIP[ip]
	if len(sharing) > 1 || len(sharing) == 1 && sharing[0] != b.ID {
		return Sight{}, false // the address is another service's by now
	}
	s, there := r.at[ip]
	return s, there && len(r.ours(s)) == 0
}

func (r *rules) missing(b Billed, life Life) {
	if b.Status != whmcs.StatusActive || !life.Running && (r.Home == nil || !r.Home(b)) {
		return
	}
	r.report(Drift{Kind: DriftMissing, Severity: SeverityMedium, ServiceID: b.ID,
		What:   fmt.Sprintf("service %d is Active in WHMCS, but no server of panel %s carries its mark or its address %s", b.ID, r.Panel, orNone(b.IP)),
		Advice: "find the server, or correct the service in WHMCS"})
}

// sold compares a service that somebody pays for with its server.
func (r *rules) sold(b Billed, life Life, s Sight) {
	d := Drift{ServiceID: b.ID, ServerID: s.ID, Severity: SeverityHigh}
	switch {
	case s.Owner == "":
		d.Kind = DriftFree
		d.What = fmt.Sprintf("service %d is %s in WHMCS, but its server %s belongs to nobody", b.ID, b.Status, s.ID)
		d.Advice = fmt.Sprintf("make account %s its owner in the panel before it is sold again", b.Username)
	case !r.owns(b.Username, s):
		d.Kind = DriftOwner
		d.What = fmt.Sprintf("service %d is %s in WHMCS for account %s, but its server %s belongs to %s", b.ID, b.Status, orNone(b.Username), s.ID, r.ownerWords(s))
		d.Advice = "find out who uses the server, and correct the owner in the panel or the service in WHMCS"
	case b.Status == whmcs.StatusActive && s.Blocked:
		d.Kind = DriftBlocked
		d.What = fmt.Sprintf("service %d is Active in WHMCS, but its server %s is blocked", b.ID, s.ID)
		d.Advice = "enable the server in the panel, or suspend the service in WHMCS"
		if life.Phase == lifeBlocked {
			d.What += ", and its lifecycle has a reason for it"
			d.Advice = fmt.Sprintf("starter status %d shows the reason; lift it (starter unsuspend %d) or suspend the service in WHMCS", b.ID, b.ID)
		}
	case b.Status == whmcs.StatusSuspended && !s.Blocked:
		r.open(b, life, s)
		return
	case b.Status == whmcs.StatusPending:
		r.delivered(b, life, s)
		return
	default:
		r.late(b, life, s)
		return
	}
	r.report(d)
}

// open is a server that a suspended customer still uses.
func (r *rules) open(b Billed, life Life, s Sight) {
	d := Drift{Kind: DriftOpen, Severity: SeverityMedium, ServiceID: b.ID, ServerID: s.ID,
		What: fmt.Sprintf("service %d is Suspended in WHMCS (%s), but its server %s is not blocked", b.ID, orNone(b.Reason), s.ID)}
	switch {
	case life.Held != "":
		return // a person wants it so
	case life.Running && life.Phase == lifeActive:
		d.Remedy, d.Reason = RemedySuspend, b.Reason
		d.Repair = fmt.Sprintf("tell service %d that it is suspended: the server is blocked", b.ID)
	case life.Running:
		d.Advice = fmt.Sprintf("the lifecycle believes it blocked: disable server %s in the panel", s.ID)
	default:
		d.Advice = fmt.Sprintf("disable server %s in the panel", s.ID)
	}
	r.report(d)
}

// ended is a service that nobody pays for and that still has a server.
func (r *rules) ended(b Billed, life Life, s Sight) {
	d := Drift{Kind: DriftEnded, Severity: SeverityMedium, ServiceID: b.ID, ServerID: s.ID,
		What: fmt.Sprintf("service %d is %s in WHMCS, but still holds server %s, which belongs to %s", b.ID, b.Status, s.ID, r.ownerWords(s))}
	switch {
	case life.Running:
		d.Remedy, d.Reason = RemedyTerminate, string(b.Status)+" in WHMCS"
		d.Repair = fmt.Sprintf("tell service %d to terminate: the customer loses server %s now", b.ID, s.ID)
	case len(r.holds[b.ID]) == 1:
		return // an orphan, which says all of this
	case r.owns(b.Username, s):
		d.Advice = "terminate it in WHMCS, or free the server in the panel"
	default:
		return // the address has another user by now
	}
	r.report(d)
}

// account looks for accounts of ours that nobody pays for. A release keeps the account,
// so a former customer's is no drift while it owns nothing.
func (r *rules) account(a holding.Account) {
	if a.Name == r.API.Name {
		return
	}
	used, alive := len(r.byName[a.Name]) > 0, false
	for _, b := range r.byName[a.Name] {
		alive = alive || b.alive() || b.Status == whmcs.StatusPending
	}
	var owns []string
	for _, s := range r.Servers {
		if !a.Owns(s.Owner) {
			continue
		}
		for _, m := range r.ours(s) {
			alive = alive || r.lives[m.ServiceID].Running
		}
		alive = alive || r.told[s.ID] // the server's own trouble says it all
		owns = append(owns, s.ID)
	}
	d := Drift{ID: string(DriftAccount) + "-" + a.Name, Kind: DriftAccount}
	switch {
	case alive:
		return
	case !used && (r.shared || !OurUsername.MatchString(a.Name)):
		r.Strangers++
		return
	case len(owns) > 0:
		d.Severity, d.ServerID = SeverityMedium, owns[0]
		d.What = fmt.Sprintf("account %s has no service in WHMCS any more, but owns %s", a.Name, counted(len(owns), "server"))
		d.Advice = "see whether the customer still uses it; if not, free it in the panel"
	case used:
		r.Retired++
		return
	default:
		d.Severity = SeverityLow
		d.What = fmt.Sprintf("account %s looks like one of ours, but no service in WHMCS carries it, and it owns nothing", a.Name)
		d.Advice = "delete the user in the panel if nobody knows it"
	}
	r.report(d)
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
