package service

import (
	"slices"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// provision does one step of the build, or waits for the person who must decide
// before the next one.
func (l *lifecycle) provision() {
	l.returnStrays()
	if l.s.Terminate != nil {
		l.abandon(l.s.Terminate.Reason)
		return
	}
	switch {
	case l.s.Phase == api.PhaseAttention:
		if !l.decided() {
			return
		}
	case l.s.Retry != nil || l.s.Accept != nil:
		l.answerPerson() // a notice that did not stop the build was seen
	}
	step := l.s.Step
	l.begin(step)
	var err error
	switch step {
	case api.StepAccount:
		err = l.stepAccount()
	case api.StepClaim:
		err = l.stepClaim()
	case api.StepAddresses:
		err = l.stepAddresses()
	case api.StepPower:
		err = l.stepPower()
	case api.StepInstall:
		err = l.stepInstall()
	case api.StepHandOver:
		err = l.stepHandOver()
	}
	switch {
	case err == nil:
	case call.TypeOf(err) == edge.ErrNotPending:
		l.abandon(call.ProblemOf(err).Message)
	default:
		if step == api.StepAccount {
			l.neverAsks()
		}
		l.stuck(err)
	}
}

// begin and next keep the times of the steps.
func (l *lifecycle) begin(step api.Step) {
	if n := len(l.s.Steps); n > 0 && l.s.Steps[n-1].Step == step && l.s.Steps[n-1].Ended.IsZero() {
		return
	}
	l.s.Steps = slices.DeleteFunc(l.s.Steps, func(t api.StepTime) bool { return slices.Index(api.Steps, t.Step) >= slices.Index(api.Steps, step) })
	l.s.Steps = append(l.s.Steps, api.StepTime{Step: step, Began: l.now()})
}

func (l *lifecycle) next(step api.Step, note string) {
	if n := len(l.s.Steps); n > 0 {
		l.s.Steps[n-1].Ended = l.now()
	}
	l.s.Step, l.s.Approved = step, false
	if note != "" {
		l.note(note)
	}
}

// abandon ends a build: what was claimed is given back.
func (l *lifecycle) abandon(why string) {
	if l.s.Asking && !l.withdraw() {
		return // a server was granted meanwhile; the next round gives it back
	}
	if l.s.Step == api.StepAccount && l.s.Server == nil {
		l.neverAsks()
	}
	l.clearAttention()
	l.note("the build stops: " + why)
	l.s.Ready = false
	l.s.Release, l.s.Phase = ReleaseState{Why: why}, api.PhaseReleasing
	l.forgetWishes()
}

// stepAddresses brings the server to its ordered addresses and hostname.
func (l *lifecycle) stepAddresses() error {
	addresses, err := result[panel.Addresses](l, l.onBuild("assign addresses to server "+l.s.Server.ID), call.Panel.AssignAddresses, l.work())
	if err != nil {
		return err
	}
	l.addressed(addresses)
	step := api.StepPower
	if l.s.SkipInstall {
		step = api.StepHandOver
	}
	l.next(step, "addresses set: "+addresses.Main+plus(len(addresses.Extra)))
	return nil
}

func (l *lifecycle) addressed(a panel.Addresses) {
	l.s.Server.IP, l.s.Server.ExtraIPs, l.s.Server.Hostname = a.Main, a.Extra, l.s.Order.Domain
}

// stepPower enables the server and powers it on.
func (l *lifecycle) stepPower() error {
	if err := l.perform(l.onWatch("power on server "+l.s.Server.ID), call.Panel.PowerUp, l.work()); err != nil {
		return err
	}
	l.next(api.StepInstall, "powered on")
	return nil
}

// returnStrays gives back servers that were granted to nobody who waits.
func (l *lifecycle) returnStrays() {
	strays := l.inbox.stray
	l.inbox.stray = nil
	for _, server := range strays {
		target := panel.Target{ServiceID: l.s.Order.ServiceID, ServerID: server.ID}
		if err := l.perform(l.onUrgent("give back server "+server.ID), call.Panel.ReturnClaim, target); err != nil {
			l.note("server " + server.ID + " was granted twice and could not be given back: " + call.ProblemOf(err).Message)
			continue
		}
		l.tellReleased(server.ID)
	}
}
