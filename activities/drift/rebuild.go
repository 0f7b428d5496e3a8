package drift

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"metalease/activities/holding"
	"metalease/whmcs"
)

// Way is how the lifecycle of a service begins anew when the one that it had is lost.
type Way string

// The ways.
const (
	// WayServe: its customer has the server, which is taken as it is.
	WayServe Way = "serve"
	// WayBuild: WHMCS shows it as Pending. Its order is started, and goes on with the server.
	WayBuild Way = "build"
	// WayRelease: it goes on being given back.
	WayRelease Way = "release"
	// WayNone: its lifecycle runs.
	WayNone Way = ""
)

// Taken is a service of which mark, owner and WHMCS say the same: its lifecycle can begin anew.
type Taken struct {
	Way   Way
	Panel string
	Billed
	Server Sight
	// State is that of the mark, Account the customer's on the panel; without a name when there is none.
	State   string
	Account holding.Account
}

// Looks tells whether more may be going on with the server than its customer using it: an install anew,
// or a release.
func (t Taken) Looks() bool {
	return !(holding.Mark{State: t.State}).Is(holding.StateActive) || slices.Contains(strings.Fields(t.State), holding.StateInstalling)
}

// Rebuilt is what the marks of all panels and WHMCS say together.
type Rebuilt struct {
	Taken []Taken
	// Wrong is what a person has to decide, the most severe first. Untidiness is not in it.
	Wrong []Wrong
	// Quarantined and Foreign count the servers that are left alone: set aside, or marked for another installation.
	Quarantined, Foreign int
}

// Wrong is what a person has to decide about a panel; none is named where it is about several.
type Wrong struct {
	Panel string
	Drift
}

// DriftForeign: the account of a service of ours owns a server that is marked for another installation.
const DriftForeign Kind = "foreign"

// Home tells whether a service without any trace must be on a panel: its WHMCS server entry is one of
// the panel's, or there is no other panel.
func Home(only bool, entries []string) func(Billed) bool {
	return func(b Billed) bool {
		if b.Entry == "" || len(entries) == 0 {
			return only
		}
		return slices.Contains(entries, b.Entry)
	}
}

// holder is a server of a panel that carries the mark of a service.
type holder struct {
	*rules
	server Sight
	mark   holding.Mark
}

// Rebuild says which services can go on from what the panels show, one view a panel; all tells that
// there is no other panel. The rules of a comparison say what is wrong with the others.
func Rebuild(all bool, views ...View) Rebuilt {
	var r Rebuilt
	holders := map[int][]holder{}
	var panels []*rules
	for _, v := range views {
		one := NewRules(v)
		panels = append(panels, one)
		for _, s := range v.Servers {
			r.count(one, s)
			for _, m := range one.ours(s) {
				holders[m.ServiceID] = append(holders[m.ServiceID], holder{one, s, m})
			}
		}
	}
	taken := map[int]bool{}
	for _, id := range slices.Sorted(maps.Keys(holders)) {
		switch of := holders[id]; {
		case len(of) > 1:
			r.split(id, of)
		default:
			if t, goes := of[0].take(); goes {
				taken[id] = true
				r.Taken = append(r.Taken, t)
			}
		}
	}
	told := map[string]bool{}
	for _, one := range panels {
		for _, d := range one.All() {
			marked := len(holders[d.ServiceID]) > 0
			elsewhere := marked && !slices.ContainsFunc(holders[d.ServiceID], func(h holder) bool { return h.rules == one })
			key := d.ID
			if d.ServerID != "" { // panels number their servers alike
				key = one.Panel + " " + d.ID
			}
			if d.Severity == SeverityLow || told[key] || elsewhere || d.ServiceID != 0 && taken[d.ServiceID] {
				continue
			}
			told[key] = true
			r.Wrong = append(r.Wrong, Wrong{one.Panel, d})
		}
	}
	if all && len(panels) > 0 {
		r.lost(panels[0], holders)
	}
	slices.SortStableFunc(r.Wrong, func(a, b Wrong) int {
		return cmp.Or(slices.Index(severities, a.Severity)-slices.Index(severities, b.Severity), a.ServiceID-b.ServiceID)
	})
	return r
}

// count looks at a server that no service of ours holds.
func (r *Rebuilt) count(one *rules, s Sight) {
	if len(one.ours(s)) > 0 || len(s.Marks) == 0 {
		return
	}
	m := s.Marks[0]
	if m.Installation == one.Installation {
		r.Quarantined++
		return
	}
	r.Foreign++
	for _, b := range one.Services {
		if b.alive() && one.owns(b.Username, s) && len(one.holds[b.ID]) == 0 {
			r.Wrong = append(r.Wrong, Wrong{one.Panel, Drift{ID: fmt.Sprintf("%s-%d-%s", DriftForeign, b.ID, s.ID), Kind: DriftForeign, Severity: SeverityHigh,
				ServiceID: b.ID, ClientID: b.ClientID, ServerID: s.ID, Label: s.Label,
				What:   fmt.Sprintf("server %s belongs to account %s of service %d, and is marked for %s", s.ID, b.Username, b.ID, m.Holder()),
				Advice: "find out which of the two installations looks after it"}})
		}
	}
}

// split is a service whose mark stands on servers of several panels. Those of one panel the rules find.
func (r *Rebuilt) split(id int, of []holder) {
	if !slices.ContainsFunc(of, func(h holder) bool { return h.rules != of[0].rules }) {
		return
	}
	d := Drift{ID: fmt.Sprintf("%s-%d", DriftTwice, id), Kind: DriftTwice, Severity: SeverityHigh, ServiceID: id, ClientID: of[0].billed(id).ClientID,
		What:   fmt.Sprintf("servers of several panels carry the mark of service %d:", id),
		Advice: "keep the mark on the server that the customer uses, and give back the other one in its panel"}
	for _, h := range of {
		d.What += fmt.Sprintf(" %s of panel %s", h.server.ID, h.Panel)
	}
	r.Wrong = append(r.Wrong, Wrong{"", d})
}

// lost finds services that somebody pays for and of which no panel shows anything.
func (r *Rebuilt) lost(one *rules, holders map[int][]holder) {
	for _, b := range one.Services {
		if !b.alive() || len(holders[b.ID]) > 0 || one.lives[b.ID].Running || slices.ContainsFunc(r.Wrong, func(w Wrong) bool { return w.ServiceID == b.ID }) {
			continue
		}
		r.Wrong = append(r.Wrong, Wrong{"", Drift{ID: fmt.Sprintf("%s-%d", DriftMissing, b.ID), Kind: DriftMissing, Severity: SeverityMedium, ServiceID: b.ID, ClientID: b.ClientID,
			What:   fmt.Sprintf("service %d is %s in WHMCS, but no server of any panel carries its mark", b.ID, b.Status),
			Advice: fmt.Sprintf("one that the module before has built: starter adopt --service %d; else find its server, or correct the service in WHMCS", b.ID)}})
	}
}

// take tells how the service goes on, if mark, owner and WHMCS say the same.
func (h holder) take() (Taken, bool) {
	b := h.billed(h.mark.ServiceID)
	t := Taken{Panel: h.Panel, Billed: b, Server: h.server, State: h.mark.State}
	for _, a := range h.Accounts {
		if a.Name == b.Username && a.Name != "" {
			t.Account = a
		}
	}
	held, theirs, releasing := h.API.Owns(h.server.Owner), h.owns(b.Username, h.server), h.mark.Is(holding.StateReleasing)
	switch {
	case h.lives[b.ID].Running:
		return t, true
	case b.Unreadable != "" || len(h.server.Marks) > 1:
		return t, false
	case b.Status == whmcs.StatusPending && (held || theirs):
		t.Way = WayBuild
	case b.alive() && theirs:
		t.Way = WayServe
	case b.Status != statusDeleted && held && releasing:
		t.Way = WayRelease
	default:
		return t, false
	}
	return t, true
}
