package service

import (
	"cmp"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/activities/tenant"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/operation"
)

// reinstall has the panel install the server anew: by the same operation as the first install, with a
// number of its own, the same deadline and the same watch. It is never repeated by itself.
func (l *lifecycle) reinstall(ctx workflow.Context, a *Action) decision {
	id, install, do := l.s.Server.ID, l.s.Server.Install, l.doWhile(ctx, a)
	keep := func() {
		if l.holds(id) {
			l.s.Server.Install = install
		}
	}
	if a.Again && !a.Begun || a.Found {
		seen, err := install.InspectAnew(do, l.anew(a))
		switch {
		case err != nil:
			return l.reinstallStopped(a, err)
		case !l.holds(id):
			return failed("server " + id + " is not the service's any more")
		case seen.Progress == panel.InstallFinished && (install.Seen() || a.Found):
			install.End(seen)
			keep()
			l.s.Acting.Password = true
			l.forgetStopped(api.SignalReinstall)
			return applied("it has ended well")
		case seen.Progress == panel.InstallRunning:
			install.Extend(l.now(), l.s.installLimit())
			keep()
			l.accepted(a)
			return pending()
		case a.Found:
			install.End(seen)
			keep()
			return l.reinstallFailed(a, seen.Words)
		}
		a.Begun = false
	}
	before := install
	if !a.Begun {
		install.RequestAnew()
		a.Begun = true
		l.s.Request.Installs++
		keep()
	}
	switch err := install.StartAnew(do, l.anew(a), l.s.installLimit()); {
	case temporal.IsCanceledError(err): // the release that gave it up stops what runs
		install.State = operation.InstallUnwatched
		keep()
		return l.verdictOf(err, "")
	case edge.TypeOf(err) == edge.ErrInstallUnknown:
		install.Forget()
		keep()
		return l.reinstallStopped(a, err)
	case err != nil:
		install.TakeBack(before)
		keep()
		return l.reinstallStopped(a, err)
	}
	keep()
	l.accepted(a)
	return pending()
}

// accepted notes that the panel installs: the data is lost, and the install is watched until it ends.
func (l *lifecycle) accepted(a *Action) {
	a.Watched, l.s.Acting.Password = true, true
	if a.Wish.OSTemplate != "" { // one that only the mark told of has none
		l.s.Order.OSTemplate, l.s.Order.Recipe = a.Wish.OSTemplate, a.Wish.Recipe
	}
	l.forgetStopped(api.SignalReinstall)
	l.s.Journal.settle(applied("the panel has accepted it"), api.SignalReinstall)
	l.note(by(a.Action) + ": accepted by the panel")
}

// reinstallStopped is an install that did not begin, as far as is known. Staff see one that they have
// asked for themselves, and one of which nobody knows.
func (l *lifecycle) reinstallStopped(a *Action, err error) decision {
	verdict, p := l.verdictOf(err, ""), call.ProblemOf(err)
	switch {
	case edge.TypeOf(err) == edge.ErrInstallUnknown:
		l.stopAction(*a, p.Code, p.Message, nil)
	case a.Again:
		l.stopAction(*a, api.CodeInstallFailed, "the install was not repeated: "+p.Message, nil)
	}
	return verdict
}

// anew is a reinstall as the panel's activities know it.
func (l *lifecycle) anew(a *Action) tenant.Reinstall {
	if a == nil { // of an earlier run
		a = l.unremembered()
	}
	return tenant.Reinstall{Server: l.tenant(a), OSTemplate: a.Wish.OSTemplate, Recipe: a.Wish.Recipe, Number: l.s.Server.Install.Number}
}

// unremembered is a reinstall of which nothing is known but what the order says of it.
func (l *lifecycle) unremembered() *Action {
	return newAction(api.SignalReinstall, api.Event{OSTemplate: l.s.Order.OSTemplate, Recipe: l.s.Order.Recipe}, l.now())
}

// doWhile runs a step of an operation for an action.
func (l *lifecycle) doWhile(ctx workflow.Context, a *Action) operation.Do {
	return func(step operation.Step, answer any) error {
		return l.whileAllowed(ctx, a, l.queue(step), answer, step.Activity, step.Input)
	}
}

// reinstallEnded takes the end of a reinstall that was watched. Only staff repeat one that failed.
func (l *lifecycle) reinstallEnded(seen panel.Watched, err error) {
	a := l.s.Acting.Now
	if !l.s.watches() {
		a = l.unremembered()
	}
	switch {
	case err != nil:
		p := call.ProblemOf(err)
		l.put(a, failed(p.Message))
		l.stopAction(*a, p.Code, p.Message, nil)
	case seen.Progress == panel.InstallFinished:
		done := ""
		if took := l.s.Server.Install.Took(); took > 0 {
			done = "finished after " + took.String()
		}
		l.put(a, applied(done))
		l.forgetStopped(api.SignalReinstall)
	default:
		l.put(a, l.reinstallFailed(a, seen.Words))
	}
}

func (l *lifecycle) reinstallFailed(a *Action, words string) decision {
	why := fmt.Sprintf("the install of server %s failed: %s", l.s.Server.ID, cmp.Or(words, "the panel says nothing more"))
	l.stopAction(*a, api.CodeInstallFailed, a.What+": "+why+"; it is never repeated by itself", nil)
	return failed(why)
}

// noticeCutShort tells staff of a reinstall that the release had cancelled which was undone.
func (l *lifecycle) noticeCutShort() {
	if install := &l.s.Server.Install; install.Anew && install.Asked() {
		install.Forget()
		a := l.unremembered()
		l.stopAction(*a, api.CodeInstallFailed, "server "+l.s.Server.ID+" was being reinstalled when it was taken for a release, which was undone: retry installs it", nil)
	}
}

// watches tells whether a reinstall is watched.
func (s *State) watches() bool { return s.Acting.Now != nil && s.Acting.Now.Watched }

// lateAt is when a reinstall that is watched is late; nil while there is none, and when staff were told.
func (s *State) lateAt() *time.Time {
	if s.installing() && s.watches() && !s.Acting.Now.Late {
		return &s.Server.Install.Deadline
	}
	return nil
}

// noticeLate tells staff of a reinstall that has not ended in time. It is watched on.
func (l *lifecycle) noticeLate() {
	if at := l.s.lateAt(); at == nil || l.now().Before(*at) || ready(l.watch) {
		return
	}
	a := l.s.Acting.Now
	a.Late = true
	l.stopAction(*a, api.CodeInstallLate, fmt.Sprintf("the reinstall of server %s has not finished within %s; it is still watched, and this is withdrawn by itself if it ends well",
		l.s.Server.ID, l.s.installLimit()), nil)
}

// adoptReinstall takes up a reinstall that the mark tells of and this run does not remember.
func (l *lifecycle) adoptReinstall(number int) {
	install := &l.s.Server.Install
	if number <= install.Number {
		return
	}
	*install = operation.Install{State: operation.InstallRequested, Number: number, Anew: true}
	now := l.s.Acting.Now
	if now == nil || now.Kind != api.SignalReinstall {
		now = newAction(api.SignalReinstall, api.Event{}, l.now())
		l.s.Acting.Now = now
	}
	now.Found, now.Watched = true, false
	l.note(fmt.Sprintf("the mark of server %s tells of reinstall %d: looked at, and not asked for again", l.s.Server.ID, number))
}

// passwordNotKept has staff told, once, that WHMCS shows a root password which opens nothing. It is tried again
// until WHMCS keeps it: at once when they have answered. False while something else stands before it.
func (l *lifecycle) passwordNotKept(p call.Problem) bool {
	acting := &l.s.Acting
	if first := acting.Unkept == 0; first || l.s.Attention == nil {
		acting.Unkept = -1 // noted in the timeline alone
		p.Message = "WHMCS does not keep the root password of the reinstalled server, so it shows one that opens nothing: " + p.Message
		if l.raise(p) {
			acting.Unkept = l.s.Attention.Number
		}
	}
	return l.s.unkept()
}

// unkept tells whether staff are shown that WHMCS does not keep a root password.
func (s *State) unkept() bool { return s.Attention != nil && s.Attention.Number == s.Acting.Unkept }

// keepRootPassword has the password that was typed for a reinstall become the service's in WHMCS, beside
// the main loop: as soon as the panel installs with it, and however long WHMCS is down.
func (l *lifecycle) keepRootPassword(ctx workflow.Context) {
	owes := func() bool { return l.s.Acting.Password && l.serves() }
	for {
		_ = workflow.Await(ctx, owes)
		l.keeping = true
		limited, stop := workflow.WithCancel(l.whmcs("keep the new root password in WHMCS"))
		future := workflow.ExecuteActivity(limited, call.Billing.KeepRootPassword, l.ref())
		_ = workflow.Await(ctx, func() bool { return future.IsReady() || !owes() })
		stop()
		err := future.Get(ctx, nil)
		l.keeping = false
		switch {
		case temporal.IsCanceledError(err): // the service has ended
		case err != nil:
			told := l.passwordNotKept(call.ProblemOf(err))
			entity.Until(ctx, l.now().Add(askAgain), "tell WHMCS the new root password again", func() bool { return !owes() || told && !l.s.unkept() })
		default:
			l.s.Acting.Password = false
			l.note("the new root password is the service's in WHMCS")
			if l.s.unkept() {
				l.clearAttention()
				l.publish() // the main loop may sleep on
			}
			l.s.Acting.Unkept = 0
		}
	}
}
