package inventory

import (
	"errors"
	"fmt"
	"slices"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// request keeps the queue in the order of payment. A repeated request gets the answer that it
// had; one that still waits changes nothing, for many who ask again must not keep the allocator
// from its work.
func (a *allocator) request(r message.ServerRequest) error {
	if r.ServiceID <= 0 || r.Ask <= 0 || !clean.FitsJSON(r.RunID, runLimit) {
		return errors.New("the request names no service, run and ask")
	}
	w := waiter{ServerRequest: r, Heard: a.now()}
	w.Exclude = excluded(r.Exclude)
	if i := slices.IndexFunc(a.in.Answers, func(x answer) bool {
		return x.ServiceID == r.ServiceID && x.RunID == r.RunID && x.Reply.Ask == r.Ask
	}); i >= 0 {
		a.repeat(a.in.Answers[i])
		return nil
	}
	if i := slices.IndexFunc(a.in.Queue, w.is); i >= 0 {
		a.in.Queue[i].Heard = a.now()
		return nil
	}
	switch {
	case a.outdated(r): // its lifecycle does not care; one that was reset needs a word
		a.refuse(w, api.CodeAskedSince, fmt.Sprintf("service %d has asked for a server again since: retry asks once more", r.ServiceID))
		return nil
	case !clean.FitsJSON(r.Package, packageLimit) || r.Package == "":
		a.refuse(w, edge.ErrBadOrder, fmt.Sprintf("the package's name must have 1 to %d characters: %s", packageLimit, clean.CutJSON(r.Package, packageLimit)))
		return nil
	case !clean.FitsJSON(r.ServerID, idLimit):
		a.refuse(w, api.CodeServerNotFree, "server "+clean.CutJSON(r.ServerID, idLimit)+" was named for this order; no server has such an id")
		return nil
	}
	a.heldFor(w.ServiceID)
	a.enter(w)
	return nil
}

// excluded keeps the newest of the servers that an order does not want.
func excluded(ids []string) []string {
	return entity.Last(slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !clean.FitsJSON(id, idLimit) }), keepExcluded)
}

// outdated tells whether the run that asks has sent a later request already.
func (a *allocator) outdated(r message.ServerRequest) bool {
	return slices.ContainsFunc(a.in.Queue, func(w waiter) bool { return w.ServiceID == r.ServiceID && w.RunID == r.RunID && w.Ask > r.Ask }) ||
		slices.ContainsFunc(a.in.Answers, func(x answer) bool {
			return x.ServiceID == r.ServiceID && x.RunID == r.RunID && x.Reply.Ask > r.Ask
		})
}

// enter puts a waiter into the queue, in the place of an earlier request of its service.
func (a *allocator) enter(w waiter) {
	if i := slices.IndexFunc(a.in.Queue, func(x waiter) bool { return x.ServiceID == w.ServiceID }); i >= 0 {
		w.Unsure = a.in.Queue[i].Unsure
		a.in.Queue = slices.Delete(a.in.Queue, i, i+1)
	}
	place, _ := slices.BinarySearchFunc(a.in.Queue, w, func(x, y waiter) int { return fleet.Earlier(x.PaidAt, x.ServiceID, y.PaidAt, y.ServiceID) })
	a.in.Queue = slices.Insert(a.in.Queue, place, w)
	a.arrived(w.ServiceID)
	a.in.Woken = true
	if len(a.in.Queue) > keepWaiters {
		last := a.in.Queue[keepWaiters]
		a.refuse(last, api.CodeQueueFull, fmt.Sprintf("%d orders that were paid earlier wait for a server of panel %s: retry when there are fewer", keepWaiters, a.in.Panel))
	}
}

// withdraw answers withdrawn, or granted when that was faster. A service that never asked, or
// says so, waits for no answer.
func (a *allocator) withdraw(back message.Withdrawal) error {
	if back.ServiceID <= 0 || !clean.FitsJSON(back.RunID, runLimit) {
		return errors.New("the withdrawal names no service and run")
	}
	if slices.Contains(a.claiming, back.ServiceID) {
		a.deferred = append(a.deferred, back)
		return nil
	}
	for _, x := range a.in.Answers {
		if x.Signal == message.SignalGranted && x.ServiceID == back.ServiceID && x.Reply.Ask == back.Ask && x.RunID == back.RunID {
			a.repeat(x)
			return nil
		}
	}
	a.arrived(back.ServiceID)
	if back.Ask == 0 {
		return nil
	}
	w := waiter{ServerRequest: message.ServerRequest{ServiceID: back.ServiceID, RunID: back.RunID, Ask: back.Ask}}
	if i := slices.IndexFunc(a.in.Queue, func(x waiter) bool { return x.ServiceID == back.ServiceID && x.Ask == back.Ask }); i >= 0 && a.in.Queue[i].Unsure != "" {
		a.giveBackLater(back.ServiceID, a.in.Queue[i].Unsure)
	}
	a.in.Queue = slices.DeleteFunc(a.in.Queue, func(x waiter) bool { return x.ServiceID == back.ServiceID && x.Ask == back.Ask })
	a.answer(w, message.SignalWithdrawn, message.Reply{}, nil)
	return nil
}

// released wakes those who wait for a server.
func (a *allocator) released(id string) error {
	a.in.Woken = true
	a.endSight()
	a.in.Answers = slices.DeleteFunc(a.in.Answers, func(x answer) bool {
		return x.Signal == message.SignalGranted && x.Reply.Server.ID == id
	})
	a.in.Aside = slices.DeleteFunc(a.in.Aside, func(s aside) bool { return s.ServerID == id })
	return nil
}

// grant hands a claimed server to its service. One that reaches no running lifecycle is given back.
func (a *allocator) grant(w waiter, server panel.Server, counted string) {
	a.count(counted)
	a.served(w)
	server = bounded(server)
	a.answer(w, message.SignalGranted, message.Reply{Server: server}, func() {
		a.in.Answers = slices.DeleteFunc(a.in.Answers, func(x answer) bool {
			return x.Signal == message.SignalGranted && x.Reply.Server.ID == server.ID
		})
		a.giveBackLater(w.ServiceID, server.ID)
	})
}

// refuse tells a service why it has no server; its next request is another one.
func (a *allocator) refuse(w waiter, code, why string) {
	a.answer(w, message.SignalRefused, message.Reply{Code: clean.CutJSON(code, nameLimit), Why: clean.CutJSON(why, whyLimit)}, nil)
}

// answer ends a request, and remembers how: the same request gets the same answer.
func (a *allocator) answer(w waiter, signal string, r message.Reply, lost func()) {
	a.leave(w)
	r.Ask = w.Ask
	a.in.Answers = slices.DeleteFunc(a.in.Answers, func(x answer) bool {
		return x.Signal == signal && x.ServiceID == w.ServiceID && x.RunID == w.RunID && x.Reply.Ask == w.Ask
	})
	x := answer{ServiceID: w.ServiceID, RunID: w.RunID, Signal: signal, Reply: r}
	if signal == message.SignalGranted {
		x.Package = w.Package
	}
	a.in.Answers = entity.Last(append(a.in.Answers, x), keepAnswers)
	a.send(w.ServiceID, signal, r, lost)
}

func (a *allocator) repeat(x answer) { a.send(x.ServiceID, x.Signal, x.Reply, nil) }

func (a *allocator) leave(w waiter) { a.in.Queue = slices.DeleteFunc(a.in.Queue, w.is) }

// send posts a word to a lifecycle. Most words may be lost: the lifecycle asks again.
func (a *allocator) send(service int, signal string, r message.Reply, lost func()) {
	a.run.Post(entity.Letter{To: api.ServiceWorkflowID(service), Signal: signal, Input: r, Lost: lost})
}

// tellPositions tells those who wait for the first time where they stand.
func (a *allocator) tellPositions() {
	for i := range a.in.Queue {
		w := &a.in.Queue[i]
		if w.Told != 0 || !w.MissingSince.IsZero() || a.overtaken(*w) {
			continue // who stands behind an order on its way is told when that has arrived
		}
		w.Told = i + 1
		a.send(w.ServiceID, message.SignalQueued, message.Reply{Ask: w.Ask, Position: i + 1}, nil)
	}
}
