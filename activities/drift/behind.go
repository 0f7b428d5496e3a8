package drift

import (
	"fmt"
	"slices"

	"metalease/activities/holding"
	"metalease/whmcs"
)

// A lifecycle that was restored from an old backup believes what was true then. What the panel and WHMCS show together is newer.

// passedOn is an ended service whose server somebody else has by now, or nobody; the lifecycle holds nothing any more.
func (r *rules) passedOn(b Billed, life Life) bool {
	s, there := r.servers[life.ServerID]
	if !life.Running || !there || !s.Read || !b.ended() || len(r.holds[b.ID]) > 0 || r.owns(b.Username, s) || r.API.Owns(s.Owner) && len(s.Marks) == 0 {
		return false
	}
	r.report(Drift{Kind: DriftEnded, Severity: SeverityMedium, ServiceID: b.ID, ServerID: s.ID,
		What: fmt.Sprintf("service %d is %s in WHMCS, but its lifecycle goes on and believes that it holds server %s, which belongs to %s without its mark",
			b.ID, b.Status, s.ID, r.ownerWords(s)),
		Remedy: RemedyTerminate, Reason: string(b.Status) + " in WHMCS",
		Repair: fmt.Sprintf("tell service %d to terminate: the server is left alone, for it fails the ownership check, and the lifecycle waits for a person", b.ID)})
	return true
}

// unaware finds a service that has its server while its lifecycle still waits for one or builds one.
func (r *rules) unaware(s Sight, m holding.Mark, life Life, service Billed) {
	if !life.Running || life.Panel != r.Panel || life.ServerID == s.ID || !m.Is(holding.StateActive) || !service.alive() ||
		!r.owns(service.Username, s) || r.Now.Sub(life.Updated) < r.Settle {
		return
	}
	r.report(Drift{Kind: DriftOrphan, Severity: SeverityHigh, ServiceID: m.ServiceID, ServerID: s.ID,
		What: fmt.Sprintf("service %d has server %s (%s in WHMCS, mark %q), but its lifecycle is %s and knows nothing of it",
			m.ServiceID, s.ID, service.Status, m.State, life.Phase),
		Advice: fmt.Sprintf("starter detach %d, then: starter adopt --service %d", m.ServiceID, m.ServiceID)})
}

// late is a lifecycle that has missed that its service was suspended, or that this was lifted; panel and WHMCS agree.
func (r *rules) late(b Billed, life Life, s Sight) {
	d := Drift{ServiceID: b.ID, ServerID: s.ID, Severity: SeverityMedium}
	switch {
	case !life.Running || life.Held != "":
		return
	case b.Status == whmcs.StatusActive && life.Phase == lifeBlocked:
		d.Kind = DriftBlocked
		d.What = fmt.Sprintf("service %d is Active in WHMCS and its server %s is not blocked, but its lifecycle believes it blocked", b.ID, s.ID)
		d.Advice = fmt.Sprintf("starter status %d shows the reason; it was paid: starter renew %d; it was lifted: starter unsuspend %d", b.ID, b.ID, b.ID)
	case b.Status == whmcs.StatusSuspended && s.Blocked && life.Phase == lifeActive:
		// Panel and WHMCS agree, and the repair is a block, which a pause of the panel holds back.
		d.Kind, d.Severity, d.Remedy, d.Reason = DriftOpen, SeverityLow, RemedySuspend, b.Reason
		d.What = fmt.Sprintf("service %d is Suspended in WHMCS (%s) and its server %s is blocked, but its lifecycle believes it active", b.ID, orNone(b.Reason), s.ID)
		d.Repair = fmt.Sprintf("tell service %d that it is suspended: the server stays blocked", b.ID)
	default:
		return
	}
	r.report(d)
}

// another tells whether a mark of another service of ours stands on the server.
func (r *rules) another(s Sight, service int) bool {
	return slices.ContainsFunc(r.ours(s), func(m holding.Mark) bool { return m.ServiceID != service })
}
