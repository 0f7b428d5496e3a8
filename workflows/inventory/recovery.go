package inventory

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// silence is after what time a waiting service is asked whether it still runs. Services ask
// again at least every half hour.
const silence = 45 * time.Minute

// forgetEnded drops waiters whose lifecycle has ended without a word, as one does that was
// terminated by force.
func (a *allocator) forgetEnded() {
	for i, w := range a.in.Queue {
		if a.now().Sub(w.Heard) <= silence {
			continue
		}
		a.in.Queue[i].Heard = a.now()
		a.send(w.ServiceID, message.SignalQueued, message.Reply{Ask: w.Ask, Position: i + 1}, func() {
			a.leave(w)
			if w.Unsure != "" {
				a.giveBackLater(w.ServiceID, w.Unsure)
			}
		})
	}
	a.run.Flush()
}

// succeed makes a new allocator the successor of one that was ended by force. The services
// that wait ask it again, so that they keep their order; and the claims that its predecessor
// had in flight come to their end before this one claims: a worker hears within a heartbeat
// that nobody wants its result any more.
func (a *allocator) succeed() {
	options := call.Options(a.in.Settings, api.QueueWorkflows, call.OneCall, "have those who wait ask again")
	options.RetryPolicy.MaximumAttempts = recallAttempts // they ask again by themselves, within half an hour
	recalled := 0
	err := workflow.ExecuteActivity(workflow.WithActivityOptions(a.run.Ctx, options), call.Messenger.Recall, engine.RecallInput{
		Panel: a.in.Panel, Signal: message.SignalAskAgain,
		Query: fmt.Sprintf("WorkflowType='%s' AND ExecutionStatus='Running' AND %s='%s' AND %s IN ('%s', '%s')", api.TypeServiceLifecycle,
			api.AttrPanel.GetName(), a.in.Panel, api.AttrPhase.GetName(), api.PhasePending, api.PhaseWaiting),
	}).Get(a.run.Ctx, &recalled)
	if err == nil && recalled == 0 {
		return // the first allocator of this panel, or one that nobody waits for
	}
	rest := time.Duration(a.in.Settings.WithDefaults().Heartbeat)
	a.run.AwaitUntil(a.now().Add(rest), "let the claims of a predecessor end", func() bool { return false })
}

const recallAttempts = 5

// reset forgets whom it has granted what: since the point of the reset a server may have gone from
// hand to hand. Who asks once more gets what the panel shows as theirs.
func (a *allocator) reset(string) {
	a.wasReset, a.in.Woken = true, true
	a.endSight()
	a.in.Answers = slices.DeleteFunc(a.in.Answers, func(x answer) bool { return x.Signal == message.SignalGranted })
}

// giveBackLater notes a server that carries the mark of a service which does not want it.
func (a *allocator) giveBackLater(service int, server string) {
	back := giveBack{service, server}
	if !slices.Contains(a.in.Returns, back) {
		a.in.Returns = entity.Last(append(a.in.Returns, back), keepReturns)
	}
	a.in.Woken = true
}

// returnAll gives back what nobody wants. What the panel does not do soon is tried again in the
// next cycle; until then its service is not served.
func (a *allocator) returnAll() {
	for wave := range slices.Chunk(slices.Clone(a.in.Returns), claimsAtOnce) {
		for i, err := range a.returnClaims(wave, "") {
			if uncertain(err) {
				continue
			}
			a.in.Returns = slices.DeleteFunc(a.in.Returns, func(b giveBack) bool { return b == wave[i] })
			a.endSight()
			if err != nil {
				a.run.Notice("server " + wave[i].ServerID + ", which nobody took, was not given back: " + call.WordsOf(err))
			}
		}
	}
}

// returnClaims takes our mark off servers on which nothing was done yet. A cancelled one took
// too long.
func (a *allocator) returnClaims(backs []giveBack, why string) []error {
	ctx, stop := workflow.WithCancel(a.run.Ctx)
	defer stop()
	futures := make([]workflow.Future, len(backs))
	for i, back := range backs {
		options := workflow.GetActivityOptions(a.options("give server " + back.ServerID + " back" + why))
		options.WaitForCancellation = true
		futures[i] = workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, options), call.Panel.ReturnClaim,
			panel.Target{ServiceID: back.ServiceID, ServerID: back.ServerID})
	}
	a.together(futures, stop, func() bool { return false })
	errs := make([]error, len(backs))
	for i := range futures {
		errs[i] = futures[i].Get(a.run.Ctx, nil)
	}
	return errs
}
