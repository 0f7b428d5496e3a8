package service

import (
	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// provision does one step of the build, or waits for the person who must decide
// before the next one.
func (l *lifecycle) provision() {
	l.returnStrays()
	if l.s.Operator.Terminate != nil {
		l.abandon(l.s.Operator.Terminate.Reason)
		l.s.Release.Unbuilt = l.s.Life.Phase == api.PhaseReleasing
		return
	}
	switch {
	case l.s.Life.Phase == api.PhaseAttention:
		if !l.decided() {
			return
		}
	case l.s.Request.Open && l.s.Operator.Retry != nil:
		l.askAnew()
	case l.s.Operator.Retry != nil || l.s.Operator.Accept != nil:
		l.answerPerson() // a notice that did not stop the build was seen
	}
	step := l.s.Life.Step
	l.s.Life.begin(step, l.now())
	err := l.step(step)
	switch {
	case err == nil:
	case edge.TypeOf(err) == edge.ErrNotPending:
		l.abandon(call.ProblemOf(err).Message)
	case edge.TypeOf(err) == edge.ErrClient:
		l.s.Life.Unseen = true // WHMCS has moved the service: its account is another one
	default:
		if step == api.StepAccount && !l.s.Life.Unseen {
			l.neverAsks()
		}
		l.stuck(err)
	}
}

func (l *lifecycle) step(step api.Step) error {
	if step != api.StepAccount {
		defer l.silence()
	}
	switch step {
	case api.StepAccount:
		return l.stepAccount()
	case api.StepClaim:
		return l.stepClaim()
	case api.StepAddresses, api.StepPower:
		return l.stepReady()
	case api.StepInstall:
		return l.stepInstall()
	case api.StepHandOver:
		return l.stepHandOver()
	}
	return nil
}

// next goes to another step. An approval was for the one before.
func (l *lifecycle) next(step api.Step, note string) {
	l.s.Life.next(step, l.now())
	l.s.Operator.Approved = false
	if note != "" {
		l.note(note)
	}
}

// abandon ends a build: what was claimed is given back.
func (l *lifecycle) abandon(why string) {
	l.silence()
	if l.s.Request.Open && !l.withdraw() {
		return // a server was granted meanwhile; the next step gives it back
	}
	if l.s.Life.Step == api.StepAccount && l.s.Server == nil {
		l.neverAsks()
	}
	l.clearAttention()
	l.note("the build stops: " + why)
	l.s.Life.Ready = false
	l.s.Release = Release{Why: why}
	l.s.Life.enter(api.PhaseReleasing)
	l.forgetWishes()
}

// returnStrays gives back servers that were granted to nobody who waits.
func (l *lifecycle) returnStrays() {
	strays := l.inbox.stray
	l.inbox.stray = nil
	for _, server := range strays {
		if l.s.Server != nil && l.s.Server.ID == server.ID {
			continue // the look has found it since
		}
		target := panel.Target{ServiceID: l.s.Order.ServiceID, ServerID: server.ID}
		if err := l.perform(l.urgent("give back server "+server.ID), call.Panel.ReturnClaim, target); err != nil {
			l.note("server " + server.ID + " was granted twice and could not be given back: " + call.ProblemOf(err).Message)
			continue
		}
		l.tellReleased(server.ID)
	}
}
