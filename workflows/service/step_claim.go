package service

import (
	"cmp"
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
	"metalease/workflows/internal/operation"
)

// stepClaim asks the allocator of the panel for a server and waits for it: as
// long as it takes, in the order of payment.
func (l *lifecycle) stepClaim() error {
	again := l.s.Request.Open || l.s.Request.Number > 0 || l.s.Life.Reset != ""
	if !l.s.Request.Open {
		l.s.Request.Number++
		l.s.Request.Open, l.s.Request.Package = true, l.s.Order.Package
		l.inbox.granted, l.inbox.refused, l.inbox.withdrawn = nil, nil, false
	}
	answered := func() bool {
		return l.inbox.granted != nil || l.inbox.refused != nil || l.interrupted()
	}
	for pause := l.firstRepeat(); !l.mayContinueAsNew(); pause = nextRepeat(pause) {
		l.inbox.askAgain = false
		if err := l.request(again); err != nil {
			return err
		}
		again = true
		l.awaitAnswer(l.now().Add(pause), answered)
		switch {
		case l.inbox.granted != nil:
			l.claimed(l.inbox.granted.Server)
			if wish := l.s.Operator.Retry; wish != nil { // a correction came together with the server
				l.s.Operator.Retry = nil
				l.keepOrReturn(*wish)
			}
			return nil
		case l.inbox.refused != nil:
			l.turnedDown(*l.inbox.refused)
			return nil
		case answered():
			return nil // the main loop withdraws
		}
	}
	return nil // the next run asks on, with the same request
}

// awaitAnswer waits until the allocator has answered or it is time to ask again. A first
// position, and an hour of waiting, are noticed on the way.
func (l *lifecycle) awaitAnswer(again time.Time, answered func() bool) {
	for {
		next, summary := again, "ask for a server again"
		if long := l.s.Request.WaitingSince.Add(longWait); l.s.Life.Phase == api.PhaseWaiting && !l.s.Request.LongWait && long.Before(again) {
			next, summary = long, "tell staff that no server is free"
		}
		switch woken := l.awaitOrRepeat(next, summary, func() bool { return answered() || l.newPosition() || l.inbox.askAgain }); {
		case answered(), l.inbox.askAgain:
			return
		case woken:
			l.wait()
		case next.Before(again) && !l.now().Before(next):
			l.s.Request.LongWait = true
		default:
			return
		}
	}
}

// newPosition tells whether the allocator has queued the request.
func (l *lifecycle) newPosition() bool {
	return l.s.Request.Position > 0 && l.s.Life.Phase == api.PhasePending
}

func (l *lifecycle) wait() {
	l.s.Life.enter(api.PhaseWaiting)
	if l.s.Request.WaitingSince.IsZero() {
		l.s.Request.WaitingSince = l.now()
	}
	l.note(fmt.Sprintf("no free server of package %s; position %d in the queue", l.s.Order.Package, l.s.Request.Position))
}

func (l *lifecycle) request(again bool) error {
	o := l.s.Order
	return l.tell("ask for a server of package "+l.s.Request.Package, l.toInventory(message.SignalRequest, message.ServerRequest{
		ServiceID: o.ServiceID, ClientID: o.ClientID, Ask: l.s.Request.Number, Again: again,
		RunID:   l.runID(),
		Package: l.s.Request.Package, PaidAt: api.Moment{Time: o.PaidAt}, ServerID: cmp.Or(l.s.Request.Named, string(o.ServerID)), Exclude: l.s.Request.Exclude,
	}))
}

// runID is the run that asks: what was granted to a run before its reset is not this one's.
func (l *lifecycle) runID() string {
	return cmp.Or(l.s.Life.Reset, workflow.GetInfo(l.ctx).FirstRunID)
}

func (l *lifecycle) toInventory(signal string, input any) engine.Message {
	panel := l.s.Order.Panel
	return engine.Message{
		WorkflowID: fleet.InventoryWorkflowID(panel), WorkflowType: api.TypeInventory, Signal: signal, Input: input,
		Start: fleet.Start{Panel: panel, Settings: l.s.Settings}, Summary: "the servers of panel " + panel,
	}
}

// answered ends the request, and with it what a person said about the server that it named.
func (l *lifecycle) answered() {
	r := &l.s.Request
	r.Open, r.Position, r.Named, r.ByHand = false, 0, "", false
	r.WaitingSince, r.LongWait = time.Time{}, false
}

func (l *lifecycle) claimed(server panel.Server) {
	byHand := l.s.Request.ByHand && server.ID == l.s.Request.Named
	l.answered()
	l.inbox.granted = nil
	l.s.Server = newServer(server)
	if byHand {
		l.s.Server.Install.State = operation.InstallByHand
	}
	l.s.Life.enter(api.PhasePending)
	l.next(api.StepAddresses, fmt.Sprintf("server %s (%s, %s) claimed", server.ID, server.Label, server.IP))
}

func (l *lifecycle) turnedDown(r message.Reply) {
	l.answered()
	l.inbox.refused = nil
	l.s.Life.enter(api.PhasePending)
	switch r.Code {
	case edge.ErrNotPending:
		l.abandon(r.Why)
		return
	case edge.ErrClient:
		l.s.Life.Unseen = true // WHMCS has moved the service: its account is another one
		return
	}
	l.stop(refusal(r.Code), r.Why, api.SignalRetry, api.SignalAccept, api.SignalTerminate)
}

// refusal is the code of attention for what the allocator said: the type of an activity's
// error, or a code of its own.
func refusal(code string) string {
	if row := api.AttentionOf(code); row.Code != api.CodeFailed {
		return row.Code
	}
	return cmp.Or(code, api.CodeFailed)
}

// askAnew takes a request in the queue back, because a person has corrected the order or wants
// another server. A grant that was faster is kept, unless the order wants another package now.
func (l *lifecycle) askAnew() {
	wish := *l.s.Operator.Retry
	l.s.Operator.Retry = nil
	if l.withdraw() {
		l.wishFor(wish)
		return
	}
	l.keepOrReturn(wish)
}

// keepOrReturn gives a server back that was granted before the correction, if it is another one
// than the person wants now.
func (l *lifecycle) keepOrReturn(wish Retry) {
	if wish.ServerID != "" && wish.ServerID != l.s.Server.ID || l.s.Request.Package != l.s.Order.Package {
		l.inbox.stray = append(l.inbox.stray, panel.Server{ID: l.s.Server.ID})
		l.s.Server, l.s.Life.Step = nil, api.StepClaim
	}
	l.wishFor(wish)
}

// wishFor has the next request ask for what a person wants.
func (l *lifecycle) wishFor(wish Retry) {
	if wish.ServerID != "" && l.s.Server == nil {
		l.s.Request.Named = wish.ServerID
	}
	l.s.Life.enter(api.PhasePending)
	l.s.Journal.settle(applied("the request was made anew"), api.SignalRetry)
}

// withdraw takes the request back. A grant that was faster is kept, so that it
// is released in order; then the answer is false.
func (l *lifecycle) withdraw() bool {
	for pause := l.firstRepeat(); ; pause = nextRepeat(pause) {
		err := l.tell("withdraw the request for a server", l.toInventory(message.SignalWithdraw,
			message.Withdrawal{ServiceID: l.s.Order.ServiceID, Ask: l.s.Request.Number, RunID: l.runID()}))
		if err != nil {
			l.note("the request could not be withdrawn: " + call.ProblemOf(err).Message)
		}
		l.awaitUntil(l.now().Add(pause), "withdraw again",
			func() bool { return l.inbox.withdrawn || l.inbox.granted != nil || l.inbox.refused != nil })
		switch {
		case l.inbox.granted != nil:
			l.claimed(l.inbox.granted.Server)
			return false
		case l.inbox.withdrawn || l.inbox.refused != nil:
			l.answered()
			return true
		}
	}
}

// tellReleased wakes those who wait for a server.
func (l *lifecycle) tellReleased(serverID string) {
	_ = l.tell("tell the allocator that server "+serverID+" was given back",
		l.toInventory(message.SignalReleased, serverID)) // a lost word is made good by the allocator's slow timer
}

func plus(extra int) string {
	if extra == 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", extra)
}
