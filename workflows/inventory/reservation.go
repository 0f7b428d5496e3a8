package inventory

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/engine"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
)

// comingLimit is how long an order may take to ask. One that is stuck before it asks says
// so; this is for one that is lost.
const comingLimit = 2 * time.Minute

// expect notes an order that is on its way.
func (a *allocator) expect(c api.Reservation) {
	known := func(id int) bool { return id == c.ServiceID }
	if slices.ContainsFunc(a.in.Queue, func(w waiter) bool { return known(w.ServiceID) }) ||
		slices.ContainsFunc(a.in.Grants, func(g granted) bool { return known(g.ServiceID) }) {
		return // its own request was faster
	}
	a.arrived(c.ServiceID)
	c.Until = workflow.Now(a.ctx).Add(comingLimit)
	a.in.Coming = append(a.in.Coming, c)
}

// arrived forgets an order that asks, or never will.
func (a *allocator) arrived(service int) {
	before := len(a.in.Coming)
	a.in.Coming = slices.DeleteFunc(a.in.Coming, func(c api.Reservation) bool { return c.ServiceID == service })
	a.woken = a.woken || len(a.in.Coming) < before && len(a.in.Queue) > 0
}

// forgetLost drops orders that never asked.
func (a *allocator) forgetLost() {
	now := workflow.Now(a.ctx)
	a.in.Coming = slices.DeleteFunc(a.in.Coming, func(c api.Reservation) bool { return !now.Before(c.Until) })
}

// firstLost is when the next of them is dropped.
func (a *allocator) firstLost() time.Time {
	return slices.MinFunc(a.in.Coming, func(x, y api.Reservation) int { return x.Until.Compare(y.Until) }).Until
}

// overtakes tells whether an order that was paid before this one is still on its way.
func overtakes(w waiter, coming []api.Reservation) bool {
	return slices.ContainsFunc(coming, func(c api.Reservation) bool {
		return c.Package == w.Package && api.Earlier(c.PaidAt, c.ServiceID, w.PaidAt, w.ServiceID) < 0
	})
}

// silence is after what time a waiting service is asked whether it still runs. Services ask
// again at least every half hour.
const silence = 45 * time.Minute

// forgetEnded drops waiters whose lifecycle has ended without a word, as one does that was
// terminated by force.
func (a *allocator) forgetEnded() {
	now := workflow.Now(a.ctx)
	var silent []waiter
	var asked []workflow.Future
	for i, w := range a.in.Queue {
		if now.Sub(w.Heard) > silence {
			a.in.Queue[i].Heard = now
			silent = append(silent, w)
			asked = append(asked, a.send(w.ServiceID, message.SignalQueued, message.Reply{Ask: w.Ask, Position: i + 1}))
		}
	}
	for i, w := range silent {
		if asked[i].Get(a.ctx, nil) != nil {
			a.leave(w)
		}
	}
}

// succeed makes a new allocator the successor of one that was ended by force. The services
// that wait ask it again, so that they keep their order; and the claims that its predecessor
// had in flight come to their end before this one claims: a worker hears within a heartbeat
// that nobody wants its result any more.
func (a *allocator) succeed() {
	options := workflow.GetActivityOptions(call.EntityContext(a.ctx, a.in.Settings, api.QueueWorkflows, "have those who wait ask again"))
	options.RetryPolicy.MaximumAttempts = recallAttempts // they ask again by themselves, within half an hour
	recalled := 0
	err := workflow.ExecuteActivity(workflow.WithActivityOptions(a.ctx, options), call.Messenger.Recall, engine.RecallInput{
		Panel: a.in.Panel, Signal: message.SignalAskAgain,
		Query: fmt.Sprintf("WorkflowType='%s' AND ExecutionStatus='Running' AND %s='%s' AND %s IN ('%s', '%s')", api.TypeServiceLifecycle,
			api.AttrPanel.GetName(), a.in.Panel, api.AttrPhase.GetName(), api.PhasePending, api.PhaseWaiting),
	}).Get(a.ctx, &recalled)
	if err == nil && recalled == 0 {
		return // the first allocator of this panel, or one that nobody waits for
	}
	rest := time.Duration(a.in.Settings.WithDefaults().Heartbeat)
	_ = workflow.NewTimerWithOptions(a.ctx, rest, workflow.TimerOptions{Summary: "let the claims of a predecessor end"}).Get(a.ctx, nil)
}

const recallAttempts = 5
