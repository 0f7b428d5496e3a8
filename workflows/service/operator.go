package service

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/operation"
)

func (s *State) decideTerminate(event api.Event, _ time.Time) decision {
	undoing := s.undone()
	s.Operator.Terminate = &Ending{Reason: cmp.Or(event.Reason, "terminate"), Source: event.Source}
	if s.Life.Phase == api.PhaseReleasing && s.Release.CutOff() && !undoing {
		return applied("the release is under way")
	}
	return pending()
}

func (s *State) decideDetach(event api.Event, _ time.Time) decision {
	if s.Life.Phase == api.PhaseReleasing && (s.Attention == nil || s.Attention.IsNotice()) {
		return ignored("the service is being released")
	}
	s.Operator.Detach = &Ending{Reason: cmp.Or(event.Reason, "detach"), Source: event.Source}
	return pending()
}

// unasked is the verdict on a person's word that answers nothing: there is no attention, it is
// another one by now, or this is not among what can be done about it.
func (s *State) unasked(word string, event api.Event) (decision, bool) {
	a := s.Attention
	switch {
	case a == nil:
		return ignored("nothing waits for a person"), true
	case event.Attention != 0 && event.Attention != a.Number:
		return ignored(fmt.Sprintf("it answers attention %d, but the service waits because of number %d: %s", event.Attention, a.Number, a.Code)), true
	case !slices.Contains(a.Actions, word):
		return ignored(fmt.Sprintf("%s does not answer %s; what does: %s", word, a.Code, strings.Join(a.Actions, ", "))), true
	}
	return decision{}, false
}

// decideRetry takes corrected order fields; identity, panel and payment stay.
func (s *State) decideRetry(event api.Event, _ time.Time) decision {
	queued := s.Attention == nil && s.Request.Open // an order in the queue can be corrected, and take another server
	if verdict, no := s.unasked(api.SignalRetry, event); no && !queued {
		return verdict
	}
	if len(event.Order) > 0 && string(event.Order) != "null" {
		corrected := s.Order
		if err := json.Unmarshal(event.Order, &corrected); err != nil {
			return ignored("the order's fields cannot be read: " + err.Error())
		}
		corrected.ServiceID, corrected.ClientID, corrected.OrderID = s.Order.ServiceID, s.Order.ClientID, s.Order.OrderID
		corrected.PaidAt, corrected.Panel, corrected.Restart = s.Order.PaidAt, s.Order.Panel, s.Order.Restart
		if faults := corrected.Faults(); len(faults) > 0 {
			return ignored(fmt.Sprintf("the corrected order is wrong: %s %s", faults[0].Field, faults[0].Reason))
		}
		s.Order = corrected
	}
	s.Operator.Retry = &Retry{Replace: event.Replace, ServerID: string(event.ServerID)}
	return pending()
}

func (s *State) decideAccept(event api.Event, _ time.Time) decision {
	if verdict, no := s.unasked(api.SignalAccept, event); no {
		return verdict
	}
	s.Operator.Accept = &Retry{ServerID: string(event.ServerID)}
	return pending()
}

// decided waits for a person and does what they chose; true lets the build go on.
func (l *lifecycle) decided() bool {
	if l.s.Life.Step == api.StepInstall && l.s.installing() && !l.interrupted() {
		return true // the install may still end well, and is waited for where it is watched
	}
	l.await(func() bool { return l.interrupted() || l.mayContinueAsNew() })
	switch {
	case !l.interrupted():
		return false // the next run waits on
	case l.s.Operator.Terminate != nil || l.s.Operator.Detach != nil:
		return false
	case l.s.Operator.Accept != nil:
		return l.accept()
	}
	return l.retry()
}

// accept skips the install: a technician did it by hand, on exactly that server.
func (l *lifecycle) accept() bool {
	wish := *l.s.Operator.Accept
	l.s.Operator.Accept = nil
	switch {
	case wish.ServerID != "" && l.s.Server != nil && wish.ServerID != l.s.Server.ID:
		l.s.Journal.settle(ignored("the service holds server "+l.s.Server.ID+": use retry with replace and this server_id"), api.SignalAccept)
		return false
	case wish.ServerID == "" && l.s.Server == nil:
		l.s.Journal.settle(ignored("the service holds no server: name one with server_id"), api.SignalAccept)
		return false
	}
	if l.attends(api.CodeLimit) { // it says nothing of an install, and only retry says that the block is meant
		l.s.Journal.settle(applied("seen; nothing is blocked before a retry"), api.SignalAccept)
		return false
	}
	l.s.Operator.Approved = true // what a technician did by hand is meant
	l.clearAttention()
	l.s.Journal.settle(applied(""), api.SignalAccept)
	if l.s.Server == nil { // the word is about that server; should it not be had, nothing is left of it
		l.s.Request.Named, l.s.Request.ByHand = wish.ServerID, true
		return true
	}
	l.cancelWatch()
	l.s.Server.Install.State = operation.InstallByHand
	l.s.Life.Step = api.StepHandOver
	return true
}

// retry tries again what stopped, on another server when asked.
func (l *lifecycle) retry() bool {
	wish := *l.s.Operator.Retry
	l.s.Operator.Retry = nil
	l.approve()
	if wish.ServerID != "" && (l.s.Server == nil || wish.Replace) {
		l.s.Request.Named, l.s.Request.ByHand = wish.ServerID, false
	}
	if wish.Replace && l.s.Server != nil {
		return l.replace("replaced by a person")
	}
	if l.s.Life.Step == api.StepInstall && l.s.Server.Install.Number > 0 {
		if err := l.reconsiderInstall(); err != nil {
			l.s.Journal.settle(ignored(call.ProblemOf(err).Message), api.SignalRetry)
			l.stuck(err)
			return false
		}
	}
	l.clearAttention()
	l.s.Journal.settle(applied(""), api.SignalRetry)
	return true
}

// keepExcluded bounds the servers that failed for one order; they are in quarantine anyway.
const keepExcluded = 100

// replace quarantines the server and goes back to claiming, unless its install
// ended well in the meantime.
func (l *lifecycle) replace(why string) bool {
	l.s.Operator.Retry = nil
	install := &l.s.Server.Install
	failed := l.s.Life.Step == api.StepInstall && (install.Asked() || install.Seen())
	if install.Number > 0 {
		seen, err := install.Inspect(l.do, l.work())
		if err == nil && seen.Progress == panel.InstallFinished && l.s.Life.Step == api.StepInstall && install.Seen() {
			l.installed(seen)
			l.s.Journal.settle(applied("the install ended well in the meantime"), api.SignalRetry)
			return true
		}
	}
	return l.setAside(why, failed)
}

// setAside quarantines the server and goes back to claiming.
func (l *lifecycle) setAside(why string, failed bool) bool {
	l.cancelWatch()
	id := l.s.Server.ID
	err := operation.Quarantine(l.do, panel.QuarantineInput{Target: l.target(), Reason: why, FreeAddresses: true, Failed: failed})
	switch {
	case edge.TypeOf(err) == edge.ErrOwnership: // it is not ours to set aside: whose it is, the panel says
		l.note("server " + id + " was not set aside: " + call.ProblemOf(err).Message)
		l.s.Request.Exclude = entity.Last(append(l.s.Request.Exclude, id), keepExcluded)
		l.s.Journal.settle(applied("the server was left alone: it is not held by this service"), api.SignalRetry)
		l.s.Life.Unseen = true
		return false
	case err != nil:
		l.s.Journal.settle(ignored(call.ProblemOf(err).Message), api.SignalRetry)
		l.stuck(err)
		return false
	}
	l.note("server " + id + " quarantined: " + why)
	l.tellReleased(id)
	l.clearAttention()
	l.s.Journal.settle(applied(""), api.SignalRetry)
	l.s.Request.Exclude = entity.Last(append(l.s.Request.Exclude, id), keepExcluded)
	l.s.Server, l.s.Blocks.GraceEndsAt = nil, nil // what was true of that server is gone with it
	l.next(api.StepClaim, "")
	return true
}

// approve notes that a person wants what the panel's limit, or a change by hand, has stopped.
func (l *lifecycle) approve() {
	if l.s.Attention == nil {
		return
	}
	l.s.Operator.Approved = api.Attend(l.s.Attention.Code).Approvable
	if l.attends(api.CodeHardware) && l.s.Server != nil {
		l.s.Server.HardwareAccepted = true
	}
}

// answerPerson takes retry and accept: both mean that a person has looked.
func (l *lifecycle) answerPerson() {
	if l.answerStopped() {
		return
	}
	if l.attends(api.CodeLimit) && l.s.Blocks.Stopped == stoppedBlock && l.s.Operator.Retry == nil {
		l.s.Operator.Accept = nil // who keeps the service does not ask for the block again
		l.s.Journal.settle(applied("seen; nothing is blocked before a retry"), api.SignalAccept)
		return
	}
	if l.s.Operator.Retry != nil { // accept has seen it, and wants nothing done
		l.approve()
	}
	l.answerWHMCS()
	if (l.attends(api.CodeClientsShare) || l.s.Life.Blind) && l.s.Operator.Retry != nil {
		l.s.Life.lookSoon() // the server may be in another account by now, or the look have failed
	}
	l.s.Operator.Retry, l.s.Operator.Accept = nil, nil
	if l.attends(api.CodeReleaseRefused) {
		l.s.Blocks.GraceAsked, l.s.Blocks.ReleaseHeld = false, false // nothing else that was seen releases a server
	}
	l.clearAttention()
	l.s.Blocks.Stopped = ""
	l.s.Journal.settle(applied(""), api.SignalRetry, api.SignalAccept)
}
