package inventory

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
)

// claimsAtOnce bounds the claims in flight; the panel's own limits stand below it.
const claimsAtOnce = 24

// attempt is one claim and how it ended.
type attempt struct {
	matching
	panel.ClaimResult
	// err is set when the claim did not end in an outcome.
	err error
	// passedOn is true when its server went to an earlier payer.
	passedOn bool
}

// waves splits matches into groups that are claimed side by side. Claims of which an earlier
// attempt has not ended come last, by themselves: they may hang again.
func waves(matches []matching) [][]matching {
	unsure := func(m matching) bool { return m.waiter.Unsure != "" }
	all := slices.Collect(slices.Chunk(slices.DeleteFunc(slices.Clone(matches), unsure), claimsAtOnce))
	return append(all, slices.Collect(slices.Chunk(slices.DeleteFunc(slices.Clone(matches), func(m matching) bool { return !unsure(m) }), claimsAtOnce))...)
}

// onlyUnsure tells whether all that was matched may hang for as long as the panel likes.
func (a *allocator) onlyUnsure(matches []matching) bool {
	return !slices.ContainsFunc(matches, func(m matching) bool {
		return !slices.ContainsFunc(a.in.Queue, func(w waiter) bool { return w.is(m.waiter) && w.Unsure != "" })
	})
}

// claim runs the claims of a wave side by side and hands out their results. It tells
// whether a candidate was not to be had: then those who paid earlier go first again.
func (a *allocator) claim(wave []matching, left map[string]int) (disappointed bool) {
	attempts := a.try(wave)
	a.serveFirstPaid(attempts, left)
	for _, t := range attempts {
		disappointed = a.settle(t) || disappointed
	}
	a.claiming = nil
	for _, back := range a.deferred {
		_ = a.withdraw(back) // it was checked when it came
	}
	a.deferred = nil
	a.run.Flush()
	return disappointed
}

// settle hands out one result. An error about one candidate concerns that one only: it is set
// aside, and the service waits for another.
func (a *allocator) settle(t attempt) (disappointed bool) {
	unknown := uncertain(t.err)
	i := slices.IndexFunc(a.in.Queue, t.waiter.is)
	if i < 0 { // it has asked again meanwhile, or there was no place left for it
		j := slices.IndexFunc(a.in.Queue, func(w waiter) bool { return w.ServiceID == t.waiter.ServiceID })
		switch {
		case !unknown && (t.err != nil || t.Outcome != panel.ClaimGranted):
		case j >= 0:
			a.in.Queue[j].Unsure = t.serverID
		default:
			a.giveBackLater(t.waiter.ServiceID, t.serverID)
		}
		return true
	}
	switch {
	case unknown:
		a.in.Queue[i].Unsure = t.serverID
		return true
	case t.err != nil:
		return a.failed(t)
	case t.Outcome == panel.ClaimGranted:
		a.grant(t.waiter, t.Server, t.Package)
		return false
	}
	a.in.Queue[i].Unsure = "" // it was seen not to be this service's
	switch {
	case t.Outcome == panel.ClaimRefused:
		a.refuse(t.waiter, t.Code, t.Why)
		return false
	case t.waiter.ServerID != "":
		a.refuse(t.waiter, api.CodeServerNotFree, "server "+t.serverID+" was named for this order, but cannot be had: "+t.Why)
		return false
	case t.Outcome == panel.ClaimUnreliable:
		a.unreliable = append(a.unreliable, t.serverID)
	case t.passedOn:
	default:
		a.taken = append(a.taken, t.serverID)
	}
	return true
}

// uncertain tells whether a call ended without telling what it has changed: it was cancelled, its
// last attempt failed in a way that is tried again, or a reset ended it. All errors of activities
// have a type; the engine's has none.
func uncertain(err error) bool {
	var app *temporal.ApplicationError
	return err != nil && (!errors.As(err, &app) || !app.NonRetryable() || app.Type() == "")
}

// asideFor is how long a server is offered to nobody after a claim that failed.
const asideFor = 10 * time.Minute

// failed decides whom the error of a claim is about.
func (a *allocator) failed(t attempt) (disappointed bool) {
	kind, why := edge.TypeOf(t.err), call.WordsOf(t.err)
	switch kind {
	case edge.ErrPanelCredentials, edge.ErrPanelUnsupported, edge.ErrObserved, edge.ErrWHMCSCredentials, edge.ErrWHMCSRefused,
		edge.ErrNotPending, edge.ErrStatus, edge.ErrBadOrder:
		a.refuse(t.waiter, kind, why)
		return false
	}
	if t.waiter.ServerID != "" {
		a.refuse(t.waiter, api.CodeServerNotFree, "server "+t.serverID+" was named for this order, but cannot be had: "+why)
		return false
	}
	if i := slices.IndexFunc(a.in.Queue, t.waiter.is); i >= 0 {
		a.in.Queue[i].Unsure = ""
	}
	a.run.Notice("server " + t.serverID + " is offered to nobody for a while: " + why)
	a.setAside(t.serverID, a.now().Add(asideFor))
	return true
}

func (a *allocator) setAside(server string, until time.Time) {
	a.in.Aside = entity.Last(append(a.in.Aside, aside{server, until}), keepAside)
}

func (a *allocator) try(wave []matching) []attempt {
	ctx, stop := workflow.WithCancel(a.run.Ctx)
	defer stop()
	futures := make([]workflow.Future, len(wave))
	for i, m := range wave {
		options := workflow.GetActivityOptions(a.options("claim server " + m.serverID + " for service " + api.ServiceWorkflowID(m.waiter.ServiceID)))
		options.WaitForCancellation = true
		a.claiming = append(a.claiming, m.waiter.ServiceID)
		futures[i] = workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, options), call.Panel.Claim, panel.ClaimRequest{
			ServerID: m.serverID, ServiceID: m.waiter.ServiceID, ClientID: m.waiter.ClientID, Package: m.waiter.Package,
			LastResort: m.waiter.ServerID != "" || slices.Contains(a.unreliable, m.serverID),
		})
	}
	hanging := len(wave) > 0 && wave[0].waiter.Unsure != ""
	a.together(futures, stop, func() bool { return hanging && a.in.Woken })
	attempts := make([]attempt, len(wave))
	for i, m := range wave {
		attempts[i] = attempt{matching: m}
		attempts[i].err = futures[i].Get(a.run.Ctx, &attempts[i].ClaimResult)
	}
	return attempts
}

// serveFirstPaid mends the order of a wave in which somebody took the candidate of an
// earlier payer: when none is left, the claim of the one who paid last is passed on.
func (a *allocator) serveFirstPaid(attempts []attempt, left map[string]int) {
	for i := range attempts {
		loser := &attempts[i]
		if loser.Outcome != panel.ClaimTaken || loser.waiter.ServerID != "" {
			continue
		}
		if left[loser.waiter.Package] > 0 {
			left[loser.waiter.Package]-- // the next cycle gives it that one
			continue
		}
		for j := len(attempts) - 1; j > i; j-- {
			later := &attempts[j]
			if later.Outcome != panel.ClaimGranted || later.waiter.ServerID != "" || later.waiter.Package != loser.waiter.Package ||
				slices.Contains(loser.waiter.Exclude, later.serverID) {
				continue
			}
			a.passOn(later, loser)
			break
		}
	}
}

// passOn gives a claim back, of which its service does not know yet, and claims the server
// for the one who paid earlier. Nobody else claims meanwhile.
func (a *allocator) passOn(from, to *attempt) {
	a.taken = append(a.taken, to.serverID)
	to.serverID = from.serverID
	from.passedOn = true
	from.ClaimResult = panel.ClaimResult{Outcome: panel.ClaimTaken, Why: "it went to an order that was paid earlier"}
	back := giveBack{from.waiter.ServiceID, from.serverID}
	if err := a.returnClaims([]giveBack{back}, ", as service "+api.ServiceWorkflowID(to.waiter.ServiceID)+" paid earlier")[0]; err != nil {
		if uncertain(err) {
			a.giveBackLater(back.ServiceID, back.ServerID)
		}
		to.Why = call.WordsOf(err) // somebody changed this one too; both wait for the next cycle
		return
	}
	*to = a.try([]matching{to.matching})[0]
}
