package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"metalease/activities"
)

// pairing is one claim that a round tries.
type pairing struct {
	waiter   waiter
	serverID string
}

// round looks at the panel once, gives each waiter in the order of payment a
// candidate, and claims. It looks again while that brought anybody forward.
func (a *allocator) round() {
	var survey activities.Survey
	err := workflow.ExecuteActivity(a.options("look for free servers"), onPanel.Survey,
		activities.SurveyInput{Wants: a.wants(), Skip: a.taken}).Get(a.ctx, &survey)
	if err != nil {
		a.refuseAll(refusedBy(err))
		return
	}
	a.remember(survey)
	a.drain() // an earlier payment may have arrived meanwhile
	pairs := pair(a.in.Queue, survey.Candidates)
	for wave := range slices.Chunk(pairs, claimsAtOnce) {
		a.claim(wave)
	}
	if len(pairs) > 0 && len(a.in.Queue) > 0 {
		a.woken = true // each round grants, refuses or skips a candidate, so this ends
	}
	a.tellPositions()
}

func (a *allocator) options(summary string) workflow.Context {
	return entityOptions(a.ctx, a.in.Settings, PanelQueue(a.in.Panel), summary)
}

// wants counts the candidates that the queue can use, by package.
func (a *allocator) wants() []activities.Want {
	var wants []activities.Want
	for _, w := range a.in.Queue {
		i := slices.IndexFunc(wants, func(x activities.Want) bool { return x.Package == w.Package })
		if i < 0 {
			wants = append(wants, activities.Want{Package: w.Package, Count: spare})
			i = len(wants) - 1
		}
		wants[i].Count += 1 + len(w.Exclude)
	}
	return wants
}

// pair gives each waiter the first candidate that is left and not excluded. A
// waiter with a named server gets that one.
func pair(queue []waiter, candidates map[string][]string) []pairing {
	used := map[string]bool{}
	var pairs []pairing
	for _, w := range queue {
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

// claim runs the claims of a wave side by side and hands out their results.
func (a *allocator) claim(wave []pairing) {
	futures := make([]workflow.Future, len(wave))
	for i, p := range wave {
		ctx := a.options("claim server " + p.serverID + " for service " + ServiceWorkflowID(p.waiter.ServiceID))
		futures[i] = workflow.ExecuteActivity(ctx, onPanel.Claim, activities.ClaimRequest{
			ServerID: p.serverID, ServiceID: p.waiter.ServiceID, ClientID: p.waiter.ClientID, Package: p.waiter.Package,
		})
	}
	var grants []handedOut
	for i, p := range wave {
		var result activities.ClaimResult
		if err := futures[i].Get(a.ctx, &result); err != nil {
			problem := refusedBy(err)
			result = activities.ClaimResult{Outcome: activities.ClaimRefused, Code: problem.Code, Why: problem.Why}
		}
		switch {
		case result.Outcome == activities.ClaimGranted:
			grants = append(grants, a.grant(p.waiter, result.Machine))
		case result.Outcome == activities.ClaimRefused:
			a.refuse(p.waiter, result.Code, result.Why)
		case p.waiter.ServerID != "":
			a.refuse(p.waiter, "server_not_free", "server "+p.serverID+" was named for this order, but cannot be had: "+result.Why)
		default:
			a.taken = append(a.taken, p.serverID)
		}
	}
	for _, g := range grants {
		if g.sent.Get(a.ctx, nil) != nil {
			a.takeBack(g.granted)
		}
	}
}

// handedOut is a grant whose delivery is not certain yet.
type handedOut struct {
	granted
	sent workflow.Future
}

// grant hands a claimed server to its service.
func (a *allocator) grant(w waiter, machine activities.Machine) handedOut {
	a.leave(w)
	g := granted{w.ServiceID, w.RunID, w.Ask, machine}
	a.in.Grants = last(append(a.in.Grants, g), keepGrants)
	a.count(w.Package)
	return handedOut{g, a.send(w.ServiceID, signalGranted, reply{Ask: w.Ask, Machine: machine})}
}

// takeBack gives back a server whose grant reached no running lifecycle, under
// its mark.
func (a *allocator) takeBack(g granted) {
	a.in.Grants = slices.DeleteFunc(a.in.Grants, func(x granted) bool { return x.Machine.ID == g.Machine.ID })
	target := activities.Target{ServiceID: g.ServiceID, ServerID: g.Machine.ID}
	err := workflow.ExecuteActivity(a.options("give back server "+g.Machine.ID), onPanel.ReturnClaim, target).Get(a.ctx, nil)
	if err != nil {
		workflow.GetLogger(a.ctx).Error("a server that nobody took could not be given back",
			"server", g.Machine.ID, "service", g.ServiceID, "error", err)
	}
	a.woken = true
}

func (a *allocator) refuse(w waiter, code, why string) {
	a.leave(w)
	a.send(w.ServiceID, signalRefused, reply{Ask: w.Ask, Code: code, Why: why})
}

// refuseAll tells everybody that the panel cannot be asked until a person has
// repaired it; their retry asks again.
func (a *allocator) refuseAll(problem accountReply) {
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
		if w.Told != 0 {
			continue
		}
		w.Told = i + 1
		a.send(w.ServiceID, signalQueued, reply{Ask: w.Ask, Position: i + 1})
	}
}

func (a *allocator) remember(survey activities.Survey) {
	stock := Stock{Panel: a.in.Panel, AsOf: &survey.AsOf}
	for _, c := range survey.Stock {
		stock.Packages = append(stock.Packages, PackageStock{
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
