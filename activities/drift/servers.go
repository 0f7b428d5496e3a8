package drift

import (
	"fmt"
	"strings"

	"metalease/activities/holding"
	"metalease/dcim"
	"metalease/whmcs"
)

// server looks at the marks of one server.
func (r *rules) server(s Sight) {
	ours := r.ours(s)
	if s.Unreadable != "" {
		r.report(Drift{Kind: DriftUnreadable, Severity: SeverityMedium, ServerID: s.ID,
			What:   fmt.Sprintf("server %s is given to nobody, for it cannot be read whole: %s", s.ID, holding.OneLine(s.Unreadable)),
			Advice: "correct the field in the panel"})
	}
	switch {
	case len(s.Marks) > 1 && len(ours) > 0:
		r.contested(s)
	case len(ours) == 1:
		r.marked(s, ours[0])
	case len(s.Marks) == 0 && s.Read && r.API.Owns(s.Owner) && !s.Installing && !r.used[s.ID]:
		r.report(Drift{Kind: DriftUnmarked, Severity: SeverityMedium, ServerID: s.ID,
			What:   fmt.Sprintf("the API account owns server %s (%s), but no mark says for which service", s.ID, s.Hostname),
			Advice: "find out whose it is (starter find " + s.ID + "); if nobody's: no owner and hostname " + dcim.FreeHostname + " in the panel"})
	}
}

func (r *rules) contested(s Sight) {
	var all []string
	for _, m := range s.Marks {
		all = append(all, m.Holder())
		if r.moving(m.ServiceID) {
			return
		}
	}
	r.report(Drift{Kind: DriftContested, Severity: SeverityHigh, ServerID: s.ID,
		What:   fmt.Sprintf("server %s carries %d marks: %s", s.ID, len(all), strings.Join(all, "; ")),
		Advice: "find out whose server it is and delete the other marks from its notes in the panel"})
}

// marked looks at a server that carries one mark of ours.
func (r *rules) marked(s Sight, m holding.Mark) {
	life, service := r.lives[m.ServiceID], r.billed(m.ServiceID)
	switch others := r.holds[m.ServiceID]; {
	case r.moving(m.ServiceID):
		if len(others) == 1 {
			r.unaware(s, m, life, service)
		}
	case len(others) > 1:
		if others[0] == s.ID {
			r.twice(m.ServiceID, others)
		}
	case !life.Running:
		r.orphan(s, m, life, service)
	case life.Panel != r.Panel || life.ServerID != "" && life.ServerID != s.ID:
		r.report(Drift{Kind: DriftOrphan, Severity: SeverityMedium, ServiceID: m.ServiceID, ServerID: s.ID,
			What: fmt.Sprintf("server %s carries the mark of service %d (%s), whose lifecycle holds server %s of panel %s",
				s.ID, m.ServiceID, m.State, orNone(life.ServerID), life.Panel),
			Advice: "if the service does not use it: no owner, hostname " + dcim.FreeHostname + " and no mark, in the panel"})
	}
}

// twiceNamed is how many servers of one service are named, and read again.
const twiceNamed = 10

func (r *rules) twice(service int, servers []string) {
	if len(servers) > twiceNamed {
		servers = servers[:twiceNamed]
	}
	r.report(Drift{Kind: DriftTwice, Severity: SeverityHigh, ServiceID: service, ServerID: strings.Join(servers, ","),
		What:   fmt.Sprintf("servers %s all carry the mark of service %d", strings.Join(servers, " and "), service),
		Advice: "keep the mark on the server that the customer uses, and give back the other one in the panel"})
}

// orphan is a server that a service holds, but nobody looks after: it will never be
// renewed, blocked or released.
func (r *rules) orphan(s Sight, m holding.Mark, life Life, service Billed) {
	d := Drift{Kind: DriftOrphan, Severity: SeverityMedium, ServiceID: m.ServiceID, ServerID: s.ID}
	held, releasing := r.API.Owns(s.Owner), m.Is(holding.StateReleasing)
	ending := "which has no lifecycle"
	if life.Ending != "" {
		ending = "whose lifecycle has ended (" + life.Ending + ")"
	}
	d.What = fmt.Sprintf("server %s is marked %q for service %d (%s in WHMCS), %s; it belongs to %s",
		s.ID, m.State, m.ServiceID, service.Status, ending, r.ownerWords(s))
	switch {
	case service.alive():
		d.Severity = SeverityHigh
		d.Advice = fmt.Sprintf("starter adopt --service %d", m.ServiceID)
		if !r.owns(service.Username, s) {
			d.Advice = fmt.Sprintf("make account %s its owner in the panel, then: %s", service.Username, d.Advice)
		}
	case held && (releasing || service.Status != whmcs.StatusPending && !m.Is(holding.StateActive)):
		d.Remedy = RemedyGiveBack
		d.Repair = fmt.Sprintf("give server %s back: power it off, delete its extra addresses, and return it to stock", s.ID)
	case service.Status == whmcs.StatusPending && life.Ending != "":
		d.Remedy = RemedyRestart
		d.Repair = fmt.Sprintf("start the order of service %d again; it goes on with server %s", m.ServiceID, s.ID)
	case service.Status == whmcs.StatusPending:
		d.Advice = "Create in WHMCS starts the order; it goes on with this server"
	default:
		d.Advice = "see whether somebody still uses it; if not, free it in the panel: no owner, hostname " + dcim.FreeHostname + ", no mark"
	}
	r.report(d)
}

func (r *rules) ownerWords(s Sight) string {
	if s.Owner == "" {
		return "nobody"
	}
	return r.accountOf(s.Owner)
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
