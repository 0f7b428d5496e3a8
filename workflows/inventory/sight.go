package inventory

import (
	"slices"
	"time"

	"metalease/activities/panel"
)

// sight is what the last look at the panel showed. It serves those too who come soon after, for a list of all
// servers is what costs a panel most: a claim reads the record of its candidate in any case, and what only lists
// show after its save. A run keeps it in memory; the next run looks.
//
// Each candidate was free in a list that began after its last claim and release: one for which a claim was
// tried is none any more, and a release ends the sight, also one that comes during the look.
type sight struct {
	panel.Survey
	// began is before the panel was asked.
	began time.Time
	// asked are the services of whom the panel was asked whether they have a server.
	asked map[int]bool
	// tried are the services, and spent the servers, of the claims that were tried since.
	tried map[int]bool
	spent map[string]bool
}

func newSight(survey panel.Survey, asked []int, began time.Time) *sight {
	s := &sight{Survey: survey, began: began, asked: map[int]bool{}, tried: map[int]bool{}, spent: map[string]bool{}}
	for _, service := range asked {
		s.asked[service] = true
	}
	return s
}

// spend notes claims that are tried now.
func (s *sight) spend(matches []matching) {
	for _, m := range matches {
		s.tried[m.waiter.ServiceID], s.spent[m.serverID] = true, true
	}
}

// candidates are those of a package for which no claim was tried since.
func (s *sight) candidates(pkg string) []string {
	return slices.DeleteFunc(slices.Clone(s.Candidates[pkg]), func(id string) bool { return s.spent[id] })
}

// knows tells whether it is known which server the service of a waiter has. Where the panel was not asked about it,
// it has none if it asks for the first time: its lifecycle has looked before, and no allocator has claimed for it.
func (s *sight) knows(w waiter) bool {
	return w.Unsure == "" && !s.tried[w.ServiceID] && (!w.Again || s.asked[w.ServiceID])
}

// suffices tells whether the last look serves all who wait, and all whom a candidate is kept for. A hold is a word to a
// shop: it is given on what the panel shows now.
func (a *allocator) suffices(s *sight) bool {
	return s != nil && a.now().Sub(s.began) < s.Lasts && !a.undecided() && len(a.in.Returns) == 0 &&
		!slices.ContainsFunc(a.in.Queue, func(w waiter) bool { return !s.knows(w) }) &&
		!slices.ContainsFunc(a.wants(0), func(want panel.Want) bool { return len(s.candidates(want.Package)) < want.Count })
}

// endSight has the next cycle look at the panel.
func (a *allocator) endSight() {
	a.sight = nil
	a.ends++
}
