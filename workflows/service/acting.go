package service

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/tenant"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
)

// keepActing does what is asked for with the server, one thing after another, beside the main loop: a
// block, a payment or an end never waits for it.
func (l *lifecycle) keepActing(ctx workflow.Context) {
	for {
		_ = workflow.Await(ctx, l.s.acts)
		a := l.turn()
		if verdict, now := l.ripe(ctx, a); !now {
			l.put(a, verdict)
			continue
		}
		l.acting = true
		verdict := l.carryOut(ctx, a)
		l.acting = false
		if !a.Watched {
			l.put(a, verdict)
		}
		l.publish() // the main loop may sleep on
	}
}

// acts tells whether something is to be done with the server.
func (s *State) acts() bool {
	if s.Acting.Now != nil {
		return !s.watches()
	}
	return s.Acting.Next != nil && !s.Life.Unseen && s.notNow() == ""
}

// turn is what is done next.
func (l *lifecycle) turn() *Action {
	acting := &l.s.Acting
	if acting.Now == nil {
		acting.Now, acting.Next = acting.Next, nil
	}
	return acting.Now
}

// ripe waits until the run has seen where the world is. False is an action that does not begin, and why.
func (l *lifecycle) ripe(ctx workflow.Context, a *Action) (decision, bool) {
	seen := func() bool { return !l.s.Life.Unseen || l.s.refuses(a) != "" }
	if until := a.until(); until.IsZero() || a.Begun || a.Found {
		_ = workflow.Await(ctx, seen)
	} else {
		entity.Until(ctx, until, "it is too late for: "+a.What, seen)
	}
	switch why := l.s.refuses(a); {
	case why != "":
		return ignored(why), false
	case l.s.Acting.Now != a: // what was seen has put something else in its place
		return ignored("another one was under way"), false
	case a.Begun && (a.Kind == api.SignalPower || a.Kind == api.SignalNetwork):
		return failed(doneBefore), false
	case l.s.Life.Unseen, a.tooLate(l.now()) && !a.Begun && !a.Found:
		return ignored(longAgo(a)), false
	case l.s.installsOrder():
		return ignored("the server is being installed"), false
	}
	return decision{}, true
}

// refuses is why an action may not begin, or go on; empty when it may. An install goes on whatever
// blocks the server.
func (s *State) refuses(a *Action) string {
	if (a.Begun || a.Found) && a.Kind == api.SignalReinstall {
		return s.ends()
	}
	return s.notNow()
}

func (l *lifecycle) carryOut(ctx workflow.Context, a *Action) decision {
	switch a.Kind {
	case api.SignalPower:
		return l.switchPower(ctx, a)
	case api.SignalNetwork:
		return l.switchNetwork(ctx, a)
	case api.SignalReinstall:
		return l.reinstall(ctx, a)
	}
	return l.changeAddresses(ctx, a)
}

// put ends an action, or has a change of addresses that a block stopped wait until it is over.
func (l *lifecycle) put(a *Action, verdict decision) {
	acting := &l.s.Acting
	if acting.Now == a {
		acting.Now = nil
	}
	if a.Kind == api.SignalAddresses && verdict.outcome != api.OutcomeApplied && l.s.notNow() != "" && l.s.ends() == "" {
		a.Begun, a.Take = false, nil // who has agreed to lose addresses is asked again after a wait
		if acting.Next == nil || a.asked(acting.Next) {
			acting.Next = a
			l.note(by(a.Action) + ": waits, for " + l.s.notNow())
			return
		}
	}
	if verdict.outcome != api.OutcomeApplied {
		a.Problem = clean.Cut(verdict.why, api.LimitMessage)
	}
	a.EndedAt = l.now()
	done := a.Action
	acting.Last = &done
	waiting := 0
	if acting.Next != nil && a.Kind == api.SignalAddresses {
		waiting = acting.Next.Joined
	}
	l.s.Journal.settleBut(verdict, a.Kind, waiting)
	l.note(ended(a.Action, verdict))
}

// ended is how an action ended, in a sentence.
func ended(a api.Action, verdict decision) string {
	text := by(a) + ": " + string(verdict.outcome)
	if verdict.why != "" {
		text += ", " + verdict.why
	}
	return text
}

// whileAllowed runs an activity for an action and reads its result. It is given up as soon as the server
// is blocked, or the service ends; what it has changed by then is not known.
func (l *lifecycle) whileAllowed(ctx workflow.Context, a *Action, options workflow.Context, answer, activity any, input any) error {
	l.publish()
	limited, stop := workflow.WithCancel(options)
	defer stop()
	a.Begun = true
	future := workflow.ExecuteActivity(limited, activity, input)
	_ = workflow.Await(ctx, func() bool { return future.IsReady() || l.s.refuses(a) != "" })
	if !future.IsReady() {
		stop()
	}
	return future.Get(ctx, answer)
}

// verdictOf is what an action's end means for those who asked for it. Staff hear of a server that is not
// the service's any more.
func (l *lifecycle) verdictOf(err error, done string) decision {
	why := ""
	if err != nil {
		why = call.WordsOf(err)
	}
	switch {
	case err == nil:
		return applied(done)
	case temporal.IsCanceledError(err):
		return failed("it was given up, and what the panel has done by then is not known: " + l.s.notNow())
	case edge.TypeOf(err) == edge.ErrNotNow, edge.TypeOf(err) == edge.ErrTooLate:
		return ignored(why)
	case edge.TypeOf(err) == edge.ErrOwnership:
		l.raise(call.ProblemOf(err))
	}
	return failed(why)
}

// tenant names the server for an action.
func (l *lifecycle) tenant(a *Action) tenant.Server {
	return tenant.Server{
		ServiceID: l.s.Order.ServiceID, ClientID: l.s.Order.ClientID, ServerID: l.s.Server.ID, Account: l.s.Account,
		AsCustomer: a.By.Kind == api.ActorClient, Until: a.until(),
	}
}

// endActing waits until what was given up has come to its end: a running write is never abandoned.
func (l *lifecycle) endActing() { l.await(func() bool { return !l.acting }) }

// doneBefore is why a reset run does not do what was asked for.
const doneBefore = "the service was reset meanwhile, and whether it was done is not known: look, and ask again"

// dropUnsure gives up what was asked for and not begun where a reset has begun the run: the run before may have
// done it. Temporal hands over once more what came after the point of the reset, and what a person
// typed without a time looks new. Addresses are a state that is wanted, and are counted first.
func (l *lifecycle) dropUnsure() {
	a := l.s.Acting.Now
	if a == nil || a.Kind == api.SignalAddresses || a.Begun || a.Found || a.Watched {
		return
	}
	l.put(a, failed(doneBefore))
	if a.Again {
		l.stopAction(*a, api.CodeInstallUnknown, a.What+": "+doneBefore, nil)
	}
}

// dropActions gives up what is done with a server that is given back.
func (l *lifecycle) dropActions(why string) {
	acting := &l.s.Acting
	l.s.dropNext(why)
	if l.s.watches() {
		l.put(acting.Now, failed(why))
	}
	acting.Stopped, acting.Later, acting.Password, acting.Unkept = nil, nil, false, 0
}
