package inventory

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
)

// round looks at the panel once, gives each waiter in the order of payment a
// candidate, and claims. It looks again while that brought anybody forward.
func (a *allocator) round() {
	a.forgetEnded()
	asked := a.waiting()
	ctx, stop := workflow.WithCancel(a.options("look for free servers"))
	defer stop()
	looking := workflow.ExecuteActivity(ctx, call.Panel.Survey,
		panel.SurveyInput{Wants: a.wants(), Skip: a.taken, Services: asked})
	if !a.listen(looking) {
		a.woken = true // the next run looks
		return
	}
	var survey panel.Survey
	if err := looking.Get(a.ctx, &survey); err != nil {
		a.refuseAll(message.Refusal(err))
		return
	}
	a.remember(survey)
	a.drain() // an earlier payment may have arrived meanwhile
	a.forgetLost()
	pairs := pair(a.in.Queue, asked, a.in.Coming, a.bestFirst(survey.Candidates), survey.Held)
	left := leftOver(pairs, survey.Candidates)
	for wave := range slices.Chunk(pairs, claimsAtOnce) {
		if a.claim(wave, left) {
			break
		}
	}
	if len(pairs) > 0 && len(a.in.Queue) > 0 {
		a.woken = true // each round grants, refuses or skips a candidate, so this ends
		return
	}
	if !a.woken { // who came meanwhile is looked at first
		a.tellPositions()
	}
}

// listen takes signals while the panel is looked at, which takes as long as the panel is
// down: a withdrawal must not wait for that. False is a history that has grown long meanwhile.
func (a *allocator) listen(looking workflow.Future) bool {
	for !looking.IsReady() {
		if workflow.GetInfo(a.ctx).GetContinueAsNewSuggested() {
			return false
		}
		selector := workflow.NewSelector(a.ctx).AddFuture(looking, func(workflow.Future) {})
		for _, channel := range a.channels() {
			selector.AddReceive(channel, func(workflow.ReceiveChannel, bool) {})
		}
		selector.Select(a.ctx)
		a.drain()
	}
	return true
}

func (a *allocator) options(summary string) workflow.Context {
	return call.EntityContext(a.ctx, a.in.Settings, api.PanelQueue(a.in.Panel), summary)
}

// attempt is one claim and how it ended.
type attempt struct {
	pairing
	panel.ClaimResult
	// passedOn is true when its server went to an earlier payer.
	passedOn bool
}

// claim runs the claims of a wave side by side and hands out their results. It tells
// whether a candidate was not to be had: then those who paid earlier go first again.
func (a *allocator) claim(wave []pairing, left map[string]int) (disappointed bool) {
	attempts := a.try(wave)
	a.serveFirstPaid(attempts, left)
	var grants []handedOut
	for _, t := range attempts {
		switch {
		case t.Outcome == panel.ClaimGranted:
			grants = append(grants, a.grant(t.waiter, t.Server))
		case t.Outcome == panel.ClaimRefused:
			a.refuse(t.waiter, t.Code, t.Why)
		case t.waiter.ServerID != "":
			a.refuse(t.waiter, "server_not_free", "server "+t.serverID+" was named for this order, but cannot be had: "+t.Why)
		case t.Outcome == panel.ClaimUnreliable:
			a.unreliable = append(a.unreliable, t.serverID)
			disappointed = true
		case t.passedOn:
			disappointed = true
		default:
			a.taken = append(a.taken, t.serverID)
			disappointed = true
		}
	}
	for _, g := range grants {
		if g.sent.Get(a.ctx, nil) != nil {
			a.takeBack(g.granted)
		}
	}
	return disappointed
}

func (a *allocator) try(wave []pairing) []attempt {
	futures := make([]workflow.Future, len(wave))
	for i, p := range wave {
		ctx := a.options("claim server " + p.serverID + " for service " + api.ServiceWorkflowID(p.waiter.ServiceID))
		futures[i] = workflow.ExecuteActivity(ctx, call.Panel.Claim, panel.ClaimRequest{
			ServerID: p.serverID, ServiceID: p.waiter.ServiceID, ClientID: p.waiter.ClientID, Package: p.waiter.Package,
			LastResort: p.waiter.ServerID != "" || slices.Contains(a.unreliable, p.serverID),
		})
	}
	attempts := make([]attempt, len(wave))
	for i, p := range wave {
		var result panel.ClaimResult
		if err := futures[i].Get(a.ctx, &result); err != nil {
			problem := message.Refusal(err)
			result = panel.ClaimResult{Outcome: panel.ClaimRefused, Code: problem.Code, Why: problem.Why}
		}
		attempts[i] = attempt{pairing: p, ClaimResult: result}
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
			left[loser.waiter.Package]-- // the next round gives it that one
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
	back := panel.Target{ServiceID: from.waiter.ServiceID, ServerID: from.serverID}
	summary := "give server " + from.serverID + " back for service " + api.ServiceWorkflowID(to.waiter.ServiceID) + ", which paid earlier"
	if err := workflow.ExecuteActivity(a.options(summary), call.Panel.ReturnClaim, back).Get(a.ctx, nil); err != nil {
		to.Why = message.Refusal(err).Why // somebody changed this one too; both wait for the next round
		return
	}
	to.ClaimResult = a.try([]pairing{to.pairing})[0].ClaimResult
}

// handedOut is a grant whose delivery is not certain yet.
type handedOut struct {
	granted
	sent workflow.Future
}

// grant hands a claimed server to its service.
func (a *allocator) grant(w waiter, server panel.Server) handedOut {
	a.leave(w)
	g := granted{w.ServiceID, w.RunID, w.Ask, server}
	a.in.Grants = message.Last(append(a.in.Grants, g), keepGrants)
	a.count(w.Package)
	return handedOut{g, a.send(w.ServiceID, message.SignalGranted, message.Reply{Ask: w.Ask, Server: server})}
}

// takeBack gives back a server whose grant reached no running lifecycle, under
// its mark.
func (a *allocator) takeBack(g granted) {
	a.in.Grants = slices.DeleteFunc(a.in.Grants, func(x granted) bool { return x.Server.ID == g.Server.ID })
	target := panel.Target{ServiceID: g.ServiceID, ServerID: g.Server.ID}
	err := workflow.ExecuteActivity(a.options("give back server "+g.Server.ID), call.Panel.ReturnClaim, target).Get(a.ctx, nil)
	if err != nil {
		workflow.GetLogger(a.ctx).Error("a server that nobody took could not be given back",
			"server", g.Server.ID, "service", g.ServiceID, "error", err)
	}
	a.woken = true
}

func (a *allocator) refuse(w waiter, code, why string) {
	a.leave(w)
	a.send(w.ServiceID, message.SignalRefused, message.Reply{Ask: w.Ask, Code: code, Why: why})
}

// refuseAll tells everybody that the panel cannot be asked until a person has
// repaired it; their retry asks again.
func (a *allocator) refuseAll(problem message.AccountReply) {
	for _, w := range slices.Clone(a.in.Queue) {
		a.refuse(w, problem.Code, problem.Why)
	}
}

func (a *allocator) leave(w waiter) {
	a.in.Queue = slices.DeleteFunc(a.in.Queue, func(x waiter) bool { return x.ServiceID == w.ServiceID && x.Ask == w.Ask })
}

// tellPositions tells those who wait for the first time where they stand.
func (a *allocator) tellPositions() {
	for i := range a.in.Queue {
		w := &a.in.Queue[i]
		if w.Told != 0 || overtakes(*w, a.in.Coming) {
			continue // who stands behind an order on its way is told when that has arrived
		}
		w.Told = i + 1
		a.send(w.ServiceID, message.SignalQueued, message.Reply{Ask: w.Ask, Position: i + 1})
	}
}

func (a *allocator) remember(survey panel.Survey) {
	stock := api.Stock{Panel: a.in.Panel, AsOf: &survey.AsOf}
	for _, c := range survey.Stock {
		stock.Packages = append(stock.Packages, api.PackageStock{
			Package: c.Package, Free: &c.Free, Claimed: &c.Claimed, Quarantined: &c.Quarantined,
		})
	}
	a.in.Stock = stock
}

// count moves one server of the stock from free to claimed.
func (a *allocator) count(pkg string) {
	for _, p := range a.in.Stock.Packages {
		if p.Package == pkg && *p.Free > 0 {
			*p.Free--
			*p.Claimed++
		}
	}
}
