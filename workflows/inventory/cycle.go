package inventory

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
)

// spare candidates are for servers that turn out to be taken, and for who comes soon after a look.
const spare = 32

// plan is what a cycle is going to claim, by what it saw.
type plan struct {
	sight   *sight
	matches []matching
	// left are the candidates of each package that nobody is to get.
	left map[string]int
}

// cycle matches each waiter in the order of payment with a candidate, and claims. It looks at the panel
// once, unless the last look serves all who wait. Another one follows while that brought anybody forward.
func (a *allocator) cycle() {
	defer func() { a.lookedAt = a.now() }()
	a.returnAll()
	a.forgetEnded()
	p, ok := a.matchAgain()
	if !ok {
		if p, ok = a.matchAnew(); !ok {
			return
		}
	}
	p.sight.spend(p.matches)
	for _, wave := range waves(p.matches) {
		if a.claim(wave, p.left) {
			a.endSight()
			break
		}
	}
	if len(p.matches) > 0 && len(a.in.Queue) > 0 && !a.onlyUnsure(p.matches) {
		a.in.Woken = true // each cycle grants, refuses or skips a candidate, so this ends
		return
	}
	if !a.in.Woken { // who came meanwhile is looked at first
		a.tellPositions()
	}
}

// matchAgain matches all who wait with what the last look has shown; false where it cannot. How many of its candidates
// are left is not believed: when one is gone, who paid first gets that of who paid last.
func (a *allocator) matchAgain() (plan, bool) {
	a.forgetLost()
	a.expireHolds()
	if !a.suffices(a.sight) {
		return plan{}, false
	}
	matches, _ := a.match(a.askable(), a.offered(a.sight), a.sight.Held)
	return plan{a.sight, matches, map[string]int{}}, len(matches) == len(a.in.Queue)
}

// matchAnew looks at the panel and matches who can be served then.
func (a *allocator) matchAnew() (plan, bool) {
	asked, holds, began, ends := a.askable(), slices.Clone(a.in.Holds), a.now(), a.ends
	a.sight = nil
	survey, ok := a.look(asked)
	if !ok {
		return plan{}, false
	}
	a.remember(survey)
	a.run.Take() // an earlier payment may have arrived meanwhile
	seen := newSight(survey, asked, began)
	if a.ends == ends {
		a.sight = seen
	}
	a.forgetLost()
	a.refuseMissing(survey.Missing)
	candidates := a.offered(seen)
	a.expireHolds()
	matches, used := a.match(asked, candidates, survey.Held)
	a.decideHolds(holds, candidates, used)
	return plan{seen, matches, a.leftOver(matches, candidates)}, true
}

// match is match with the allocator's own lists.
func (a *allocator) match(asked []int, candidates map[string][]string, held map[int]string) (matches []matching, used map[string]bool) {
	matches, used = match(a.in.Queue, asked, a.in.Reservations, a.in.Holds, candidates, held)
	return slices.DeleteFunc(matches, func(m matching) bool { return m.waiter.ServerID == "" && a.isAside(m.serverID) }), used // it has that one, and gets no other
}

// look asks the panel, for as long as it takes, and takes signals meanwhile: a withdrawal must
// not wait for a panel that is down. False is no answer; everybody keeps the place in the queue,
// unless it needs a person before the panel can be asked at all.
func (a *allocator) look(asked []int) (survey panel.Survey, ok bool) {
	a.in.Aside = slices.DeleteFunc(a.in.Aside, func(s aside) bool { return !a.now().Before(s.Until) })
	ctx, stop := workflow.WithCancel(a.options("look for free servers"))
	defer stop()
	looking := workflow.ExecuteActivity(ctx, call.Panel.Survey, panel.SurveyInput{Wants: a.wants(spare + len(a.unreliable) + len(a.in.Aside)), Skip: a.taken, Services: asked})
	a.run.Await(func() bool { return looking.IsReady() || a.run.Full() })
	if !looking.IsReady() {
		a.in.Woken = true // the next run looks
		return survey, false
	}
	switch err := looking.Get(a.run.Ctx, &survey); {
	case err == nil:
		a.trouble = ""
		return survey, true
	case needsPerson(err):
		a.trouble = call.WordsOf(err)
		for _, w := range slices.Clone(a.in.Queue) {
			a.refuse(w, edge.TypeOf(err), call.WordsOf(err))
		}
		a.refuseHolds("the stock is not known now")
	default:
		a.trouble = call.WordsOf(err)
	}
	return survey, false
}

// needsPerson tells whether the panel answers nobody until a person has repaired something; a
// retry of each order asks it again.
func needsPerson(err error) bool {
	switch edge.TypeOf(err) {
	case edge.ErrPanelCredentials, edge.ErrPanelUnsupported, edge.ErrObserved:
		return true
	}
	return false
}

// refuseMissing refuses those whose package no server of the panel is of, when that was seen
// twice: a list may lack servers for a moment.
func (a *allocator) refuseMissing(missing []string) {
	for _, w := range slices.Clone(a.in.Queue) {
		i := slices.IndexFunc(a.in.Queue, w.is)
		switch {
		case !slices.Contains(missing, w.Package):
			a.in.Queue[i].MissingSince = time.Time{}
		case w.MissingSince.IsZero():
			a.in.Queue[i].MissingSince = a.now()
		case a.now().Sub(w.MissingSince) >= a.quick(missingFor):
			a.refuse(w, api.CodeNoSuchPackage, fmt.Sprintf("no server of panel %s has the configuration or the type %q: correct the package, then retry", a.in.Panel, w.Package))
		}
	}
}

func (a *allocator) options(summary string) workflow.Context {
	return workflow.WithActivityOptions(a.run.Ctx, call.Options(a.in.Settings, fleet.PanelQueue(a.in.Panel), call.OneCall, summary))
}

// callLimit is how long one call about one server may keep everybody else waiting.
const callLimit = 30 * time.Second

// together waits until the calls have ended. One that takes too long is cancelled, and its end is
// awaited: what it has changed is not known then.
func (a *allocator) together(calls []workflow.Future, stop workflow.CancelFunc, enough func() bool) {
	ready := func() bool {
		return !slices.ContainsFunc(calls, func(f workflow.Future) bool { return !f.IsReady() })
	}
	if ready() {
		return
	}
	if !a.run.AwaitUntil(a.now().Add(callLimit), "wait for slow calls", func() bool { return ready() || enough() }) || !ready() {
		stop()
		a.run.Await(ready)
	}
}
