package inventory

import (
	"slices"

	"metalease/activities/panel"
	"metalease/workflows/api/fleet"
)

// matching is one claim that a cycle tries.
type matching struct {
	waiter   waiter
	serverID string
}

// askable are the services in the queue of whom the panel is asked whether they have a server
// already: all but those whose unwanted server is not given back yet.
func (a *allocator) askable() []int {
	var ids []int
	for _, w := range a.in.Queue {
		if !slices.ContainsFunc(a.in.Returns, func(b giveBack) bool { return b.ServiceID == w.ServiceID }) {
			ids = append(ids, w.ServiceID)
		}
	}
	return ids
}

// wants counts the candidates that those who wait, are on their way or hold stock can use, by package, and so many more.
func (a *allocator) wants(more int) []panel.Want {
	var wants []panel.Want
	add := func(pkg string, count int) {
		i := slices.IndexFunc(wants, func(x panel.Want) bool { return x.Package == pkg })
		if i < 0 {
			wants = append(wants, panel.Want{Package: pkg, Count: more})
			i = len(wants) - 1
		}
		wants[i].Count += count
	}
	for _, w := range a.in.Queue {
		add(w.Package, 1+len(w.Exclude))
	}
	for _, r := range a.in.Reservations {
		add(r.Package, 1)
	}
	for _, h := range a.in.Holds {
		add(h.Package, h.Count)
	}
	return wants
}

// match gives each waiter the first candidate that is left and not excluded, and keeps one for
// each earlier payer who is still on the way. A waiter with a named server gets that one; one that
// has a server already, for which it never had the grant, gets that; and so does one whose last
// claim has not ended. Whether it has one, the panel was asked for those who could be served then:
// who came later is kept a candidate too, and has its turn in the next cycle. Those for whom a
// server is held come first, and what is held for others is kept; used are the candidates that are
// gone then.
func match(queue []waiter, asked []int, reservations []reservation, holds []hold, candidates map[string][]string, held map[int]string) (matches []matching, used map[string]bool) {
	reservations = slices.SortedFunc(slices.Values(reservations), func(x, y reservation) int {
		return fleet.Earlier(x.PaidAt, x.ServiceID, y.PaidAt, y.ServiceID)
	})
	used = map[string]bool{}
	for _, w := range queue {
		used[w.Unsure] = true
	}
	serve := func(w waiter) {
		if !slices.Contains(asked, w.ServiceID) {
			keep(candidates[w.Package], used)
		} else if id := choose(w, candidates[w.Package], held[w.ServiceID], used); id != "" {
			used[id] = true
			matches = append(matches, matching{w, id})
		}
	}
	left := make([]int, len(holds))
	for i, h := range holds {
		left[i] = h.left()
	}
	for _, w := range queue {
		if i := holdOf(holds, w); i >= 0 {
			serve(w)
			left[i]--
		}
	}
	for i, h := range holds {
		for range left[i] {
			keep(candidates[h.Package], used)
		}
	}
	for _, w := range queue {
		if holdOf(holds, w) >= 0 {
			continue
		}
		for len(reservations) > 0 && fleet.Earlier(reservations[0].PaidAt, reservations[0].ServiceID, w.PaidAt, w.ServiceID) < 0 {
			keep(candidates[reservations[0].Package], used)
			reservations = reservations[1:]
		}
		serve(w)
	}
	for _, r := range reservations { // no new hold may have these
		keep(candidates[r.Package], used)
	}
	return matches, used
}

// choose is the server that a waiter should have now; empty is none.
func choose(w waiter, candidates []string, own string, used map[string]bool) string {
	switch {
	case own != "" && (w.ServerID == "" || w.ServerID == own) && !slices.Contains(w.Exclude, own):
		return own
	case w.Unsure != "":
		return w.Unsure
	case w.ServerID != "" && used[w.ServerID]:
		return ""
	case w.ServerID != "":
		return w.ServerID
	}
	for _, id := range candidates {
		if !used[id] && !slices.Contains(w.Exclude, id) {
			return id
		}
	}
	return ""
}

// offered drops the servers that are set aside, and puts those that failed lately behind the others.
func (a *allocator) offered(s *sight) map[string][]string {
	failed := func(id string) bool { return slices.Contains(a.unreliable, id) }
	offered := map[string][]string{}
	for _, want := range a.wants(0) {
		ids := slices.DeleteFunc(s.candidates(want.Package), a.isAside)
		last := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !failed(id) })
		offered[want.Package] = append(slices.DeleteFunc(ids, failed), last...)
	}
	return offered
}

func (a *allocator) isAside(id string) bool {
	return slices.ContainsFunc(a.in.Aside, func(s aside) bool { return s.ServerID == id })
}

// leftOver counts the candidates that no matching uses and no hold keeps, of each package that a matching
// uses.
func (a *allocator) leftOver(matches []matching, candidates map[string][]string) map[string]int {
	left := map[string]int{}
	for _, m := range matches {
		pkg := m.waiter.Package
		if _, counted := left[pkg]; !counted {
			left[pkg] = len(candidates[pkg]) - a.heldOf(pkg)
		}
		if slices.Contains(candidates[pkg], m.serverID) {
			left[pkg]--
		}
	}
	return left
}

// keep puts the first candidate that is left aside.
func keep(candidates []string, used map[string]bool) {
	if i := slices.IndexFunc(candidates, func(id string) bool { return !used[id] }); i >= 0 {
		used[candidates[i]] = true
	}
}
