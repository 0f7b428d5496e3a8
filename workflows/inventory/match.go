package inventory

import (
	"slices"

	"metalease/activities/panel"
	"metalease/workflows/api"
)

// pairing is one claim that a round tries.
type pairing struct {
	waiter   waiter
	serverID string
}

// waiting are the services in the queue.
func (a *allocator) waiting() []int {
	var ids []int
	for _, w := range a.in.Queue {
		ids = append(ids, w.ServiceID)
	}
	return ids
}

// wants counts the candidates that the queue can use, by package.
func (a *allocator) wants() []panel.Want {
	var wants []panel.Want
	add := func(pkg string, count int) {
		i := slices.IndexFunc(wants, func(x panel.Want) bool { return x.Package == pkg })
		if i < 0 {
			wants = append(wants, panel.Want{Package: pkg, Count: spare + len(a.unreliable)})
			i = len(wants) - 1
		}
		wants[i].Count += count
	}
	for _, w := range a.in.Queue {
		add(w.Package, 1+len(w.Exclude))
	}
	for _, c := range a.in.Coming {
		add(c.Package, 1)
	}
	return wants
}

// pair gives each waiter the first candidate that is left and not excluded, and keeps one
// for each earlier payer who is still on the way. A waiter with a named server gets that
// one, and one that has a server already, for which it never had the grant, gets that.
// Whether it has one, the panel was asked for those who waited then: who came later is
// kept a candidate too, and has its turn in the next round.
func pair(queue []waiter, asked []int, coming []api.Reservation, candidates map[string][]string, held map[int]string) []pairing {
	coming = slices.SortedFunc(slices.Values(coming), func(x, y api.Reservation) int {
		return api.Earlier(x.PaidAt, x.ServiceID, y.PaidAt, y.ServiceID)
	})
	used := map[string]bool{}
	var pairs []pairing
	for _, w := range queue {
		for len(coming) > 0 && api.Earlier(coming[0].PaidAt, coming[0].ServiceID, w.PaidAt, w.ServiceID) < 0 {
			keep(candidates[coming[0].Package], used)
			coming = coming[1:]
		}
		if !slices.Contains(asked, w.ServiceID) {
			keep(candidates[w.Package], used)
			continue
		}
		if own := held[w.ServiceID]; own != "" && (w.ServerID == "" || w.ServerID == own) && !slices.Contains(w.Exclude, own) {
			pairs = append(pairs, pairing{w, own})
			continue
		}
		if w.ServerID != "" {
			if !used[w.ServerID] {
				used[w.ServerID] = true
				pairs = append(pairs, pairing{w, w.ServerID})
			}
			continue
		}
		for _, id := range candidates[w.Package] {
			if !used[id] && !slices.Contains(w.Exclude, id) {
				used[id] = true
				pairs = append(pairs, pairing{w, id})
				break
			}
		}
	}
	return pairs
}

// bestFirst puts the servers that failed lately behind the others.
func (a *allocator) bestFirst(candidates map[string][]string) map[string][]string {
	if len(a.unreliable) == 0 {
		return candidates
	}
	sorted := map[string][]string{}
	for _, want := range a.wants() {
		ids := slices.Clone(candidates[want.Package])
		slices.SortStableFunc(ids, func(x, y string) int {
			return rank(slices.Contains(a.unreliable, x)) - rank(slices.Contains(a.unreliable, y))
		})
		sorted[want.Package] = ids
	}
	return sorted
}

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}

// leftOver counts the candidates that no pairing uses, of each package that one uses.
func leftOver(pairs []pairing, candidates map[string][]string) map[string]int {
	left := map[string]int{}
	for _, p := range pairs {
		pkg := p.waiter.Package
		if _, counted := left[pkg]; !counted {
			left[pkg] = len(candidates[pkg])
		}
		if slices.Contains(candidates[pkg], p.serverID) {
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
