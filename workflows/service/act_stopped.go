package service

import (
	"fmt"
	"time"

	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/operation"
)

// What staff decide on: a reinstall that failed, is late or that nobody knows of, a paid change of
// addresses that was not done, addresses that are to be taken from a customer.

// raise has staff see something, unless something else waits for them that stops more.
func (l *lifecycle) raise(p call.Problem) bool {
	if a := l.s.Attention; a != nil && (!a.IsNotice() || a.Code == api.CodeHeld) {
		l.note(p.Message)
		return false
	}
	l.attend(p.Code, p.Message, p.Actions...)
	l.publish() // the main loop may sleep on
	return true
}

// stopAction has staff decide on an action; surplus is what accept takes.
func (l *lifecycle) stopAction(a Action, code, message string, surplus []string) {
	if l.s.ends() != "" {
		return
	}
	l.forgetStopped(a.Kind)
	stopped := &Stopped{Action: a, Code: code, Message: clean.Cut(message, api.LimitMessage), Surplus: surplus}
	if l.s.Server != nil {
		stopped.ServerID = l.s.Server.ID
	}
	before := l.s.Acting.Stopped // of another kind: neither takes the other's place
	if before != nil && (!api.Attend(before.Code).Notice || api.Attend(code).Notice) {
		l.s.Acting.Later = stopped
		l.note(stopped.Message)
		return
	}
	l.s.Acting.Stopped, l.s.Acting.Later = stopped, before
	l.showStopped()
}

func (l *lifecycle) showStopped() {
	stopped := l.s.Acting.Stopped
	if l.raise(call.Problem{Code: stopped.Code, Message: stopped.Message, Actions: stopped.answers()}) {
		stopped.Attention = l.s.Attention.Number
	}
}

// noticeStopped shows it again when what stood before it is over.
func (l *lifecycle) noticeStopped() {
	if l.s.Acting.Stopped != nil && l.s.Attention == nil {
		l.showStopped()
	}
}

// answers are the signals by which staff decide.
func (s *Stopped) answers() []string {
	if len(s.Surplus) > 0 {
		return []string{api.SignalAccept, api.SignalRetry}
	}
	return []string{api.SignalRetry, api.SignalAccept, api.SignalTerminate}
}

// forgetStopped withdraws what staff were to decide on, because it is settled.
func (l *lifecycle) forgetStopped(kind string) {
	acting := &l.s.Acting
	if later := acting.Later; later != nil && later.Action.Kind == kind {
		acting.Later = nil
		return
	}
	stopped := acting.Stopped
	if stopped == nil || stopped.Action.Kind != kind {
		return
	}
	acting.Stopped, acting.Later = acting.Later, nil
	if l.s.Attention != nil && l.s.Attention.Number == stopped.Attention {
		l.clearAttention()
		l.publish()
	}
}

// leaveOther gives up what is about another server than the one that the panel shows for the service: neither the
// end of its install nor a person's word about it means this one.
func (l *lifecycle) leaveOther(serverID string) {
	why := "the service has server " + serverID + " now"
	if l.s.Server == nil || l.s.Server.ID != serverID {
		l.s.Life.Since = time.Time{} // what this one has counted before is somebody else's
		l.cancelWatch()
		if l.s.watches() {
			l.put(l.s.Acting.Now, failed(why))
		}
	}
	for _, stopped := range []*Stopped{l.s.Acting.Later, l.s.Acting.Stopped} {
		if stopped != nil && stopped.ServerID != "" && stopped.ServerID != serverID {
			l.note(by(stopped.Action.Action) + ": nothing is left to decide, " + why)
			l.forgetStopped(stopped.Action.Kind)
		}
	}
}

// answerStopped takes a person's word about it; false is a word about something else.
func (l *lifecycle) answerStopped() bool {
	stopped, o := l.s.Acting.Stopped, &l.s.Operator
	switch {
	case stopped != nil && l.s.Attention == nil: // a look has taken it back in the same moment, and it is shown again
		o.Retry, o.Accept = nil, nil
		l.s.Journal.settle(ignored("what it answers was looked at anew: answer what is shown next"), api.SignalRetry, api.SignalAccept)
		return true
	case stopped == nil || l.s.Attention.Number != stopped.Attention:
		return false
	}
	word, wish := api.SignalAccept, o.Accept
	verdict := l.acceptStopped
	if o.Retry != nil {
		word, wish, verdict = api.SignalRetry, o.Retry, l.retryStopped
	}
	o.Retry, o.Accept = nil, nil
	answer := ignored("the service holds server " + l.s.Server.ID + ", which its customer has: no other one takes its place")
	if !wish.Replace && (wish.ServerID == "" || wish.ServerID == l.s.Server.ID) {
		answer = verdict(*stopped)
	}
	l.s.Journal.settle(answer, word)
	l.note(word + ": " + string(answer.outcome) + ", " + answer.why)
	return true
}

// retryStopped does it once more. A late install that runs is given the same time again.
func (l *lifecycle) retryStopped(stopped Stopped) decision {
	a, now := stopped.Action, l.s.Acting.Now
	if l.s.watches() && stopped.Code == api.CodeInstallLate {
		l.s.Server.Install.Extend(l.now(), l.s.installLimit())
		now.Late = false
		l.forgetStopped(a.Kind)
		return applied("it is watched for as long again")
	}
	if a.Kind == api.SignalReinstall && (a.Watched || a.Wish.OSTemplate == "") { // what was installed may have been corrected
		a.Wish.OSTemplate, a.Wish.Recipe = l.s.Order.OSTemplate, l.s.Order.Recipe
	}
	return l.actAgain(a, nil)
}

// actAgain begins an action anew that was stopped.
func (l *lifecycle) actAgain(a Action, take []string) decision {
	if why := l.s.notNow(); why != "" {
		return ignored(why)
	}
	if now := l.s.Acting.Now; now != nil {
		return ignored(underWay(now))
	}
	l.forgetStopped(a.Kind)
	a.Begun, a.Found, a.Watched, a.Late, a.Problem, a.Take = false, false, false, false, "", take
	a.Again = a.Kind == api.SignalReinstall
	a.Since, a.EndedAt, a.Wish.At, a.What = l.now(), time.Time{}, l.now(), whatFor(a.Kind, a.Wish)
	l.s.Acting.Now = &a
	return applied(a.What + " begins")
}

// acceptStopped leaves it as it is, or takes the addresses that were named.
func (l *lifecycle) acceptStopped(stopped Stopped) decision {
	a := stopped.Action
	if len(stopped.Surplus) > 0 {
		return l.actAgain(a, stopped.Surplus)
	}
	if a.Kind == api.SignalReinstall {
		l.cancelWatch()
		l.s.Server.Install.State = operation.InstallByHand
		if l.s.watches() {
			l.put(l.s.Acting.Now, applied(fmt.Sprintf("a person says that server %s is installed", l.s.Server.ID)))
		}
	}
	if last := l.s.Acting.Last; last != nil && last.Kind == a.Kind {
		last.Problem = "" // a person has settled it, and its customer is told of none any more
	}
	l.forgetStopped(a.Kind)
	return applied("seen; it stays as it is")
}
