package service

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
)

// stepClaim asks the allocator of the panel for a server and waits for it: as
// long as it takes, in the order of payment.
func (l *lifecycle) stepClaim() error {
	if !l.s.Asking {
		l.s.Ask++
		l.s.Asking = true
		l.inbox.granted, l.inbox.refused, l.inbox.withdrawn = nil, nil, false
	}
	answered := func() bool {
		return l.inbox.granted != nil || l.inbox.refused != nil || l.interrupted()
	}
	for pause := l.firstRepeat(); !l.mayContinueAsNew(); pause = nextRepeat(pause) {
		l.inbox.askAgain = false
		if err := l.request(); err != nil {
			return err
		}
		l.awaitAnswer(l.now().Add(pause), answered)
		switch {
		case l.inbox.granted != nil:
			l.claimed(l.inbox.granted.Server)
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
		if long := l.s.WaitingSince.Add(longWait); l.s.Phase == api.PhaseWaiting && !l.s.LongWait && long.Before(again) {
			next, summary = long, "tell staff that no server is free"
		}
		switch woken := l.awaitUntil(next, summary, func() bool { return answered() || l.newPosition() || l.inbox.askAgain }); {
		case answered(), l.inbox.askAgain:
			return
		case woken:
			l.wait()
		case next.Equal(again):
			return
		default:
			l.s.LongWait = true
		}
	}
}

// newPosition tells whether the allocator has queued the request.
func (l *lifecycle) newPosition() bool { return l.s.Position > 0 && l.s.Phase == api.PhasePending }

func (l *lifecycle) wait() {
	l.s.Phase = api.PhaseWaiting
	if l.s.WaitingSince.IsZero() {
		l.s.WaitingSince = l.now()
	}
	l.note(fmt.Sprintf("no free server of package %s; position %d in the queue", l.s.Order.Package, l.s.Position))
}

func (l *lifecycle) request() error {
	o := l.s.Order
	return l.tell("ask for a server of package "+o.Package, l.toInventory(message.SignalRequest, message.ServerRequest{
		ServiceID: o.ServiceID, ClientID: o.ClientID, Ask: l.s.Ask,
		RunID:   workflow.GetInfo(l.ctx).FirstRunID,
		Package: o.Package, PaidAt: api.Moment{Time: o.PaidAt}, ServerID: message.OrElse(l.s.Named, string(o.ServerID)), Exclude: l.s.Exclude,
	}))
}

func (l *lifecycle) toInventory(signal string, input any) engine.Message {
	panel := l.s.Order.Panel
	return engine.Message{
		WorkflowID: api.InventoryWorkflowID(panel), WorkflowType: api.TypeInventory, Signal: signal, Input: input,
		Start: api.EntityStart{Panel: panel, Settings: l.s.Settings}, Summary: "the servers of panel " + panel,
	}
}

// answered ends the asking.
func (l *lifecycle) answered() {
	l.s.Asking, l.s.Position, l.s.Named = false, 0, ""
	l.s.WaitingSince, l.s.LongWait = time.Time{}, false
}

func (l *lifecycle) claimed(server panel.Server) {
	l.answered()
	l.inbox.granted = nil
	l.s.Phase = api.PhasePending
	l.hold(server)
	l.next(api.StepAddresses, fmt.Sprintf("server %s (%s, %s) claimed", server.ID, server.Label, server.IP))
}

func (l *lifecycle) turnedDown(r message.Reply) {
	l.answered()
	l.inbox.refused = nil
	l.s.Phase = api.PhasePending
	if r.Code == edge.ErrNotPending {
		l.abandon(r.Why)
		return
	}
	l.attend(message.OrElse(api.AttentionCodes[r.Code], message.OrElse(r.Code, "failed")), r.Why, api.SignalRetry, api.SignalTerminate)
	l.s.Phase = api.PhaseAttention
}

// withdraw takes the request back. A grant that was faster is kept, so that it
// is released in order; then the answer is false.
func (l *lifecycle) withdraw() bool {
	for pause := l.firstRepeat(); ; pause = nextRepeat(pause) {
		err := l.tell("withdraw the request for a server",
			l.toInventory(message.SignalWithdraw, message.Withdrawal{ServiceID: l.s.Order.ServiceID, Ask: l.s.Ask, RunID: workflow.GetInfo(l.ctx).FirstRunID}))
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
