package service

import (
	"cmp"
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/operation"
)

// stepInstall starts the OS install and waits for its end beside a durable
// timer. A late install stays watched: if it ends well after all, the service
// goes on by itself.
func (l *lifecycle) stepInstall() error {
	if !l.s.installing() {
		if err := l.startInstall(); err != nil {
			return err
		}
		if l.s.Life.Step != api.StepInstall {
			return nil
		}
	}
	if l.s.Order.DontWait {
		l.next(api.StepHandOver, "the panel has accepted the install; not waiting for its end")
		return nil
	}
	return l.followInstall()
}

// installing tells whether an install that the panel accepted may still run.
func (s *State) installing() bool {
	return s.Server != nil && s.Server.Install.State == operation.InstallRunning
}

func (l *lifecycle) startInstall() error {
	install := &l.s.Server.Install
	before := install.Number
	install.Request() // an install that was asked for keeps its number and is only looked at
	l.s.Request.Installs += install.Number - before
	if err := install.Start(l.do, l.work(), l.s.installLimit()); err != nil {
		return err
	}
	l.note(fmt.Sprintf("install %d accepted by the panel: %s", l.s.Request.Installs, l.s.Order.OSTemplate))
	return nil
}

// installLimit is how long an install may take before it is late.
func (s *State) installLimit() time.Duration {
	return cmp.Or(max(time.Duration(s.Order.InstallTimeout), 0), api.DefaultInstallTimeout)
}

// ensureWatch has the install watched, by one activity however long it takes.
func (l *lifecycle) ensureWatch() {
	if l.watch != nil {
		return
	}
	if l.s.Server != nil && l.s.watches() {
		l.s.Server.Install.Rewatch() // a detach that failed has left it
	}
	if !l.s.installing() {
		return
	}
	ctx, stop := workflow.WithCancel(l.long("watch the install of server " + l.s.Server.ID))
	if l.s.Server.Install.Anew {
		l.watch, l.stopWatch = workflow.ExecuteActivity(ctx, call.Panel.AwaitReinstall, l.anew(l.s.Acting.Now)), stop
		return
	}
	l.watch, l.stopWatch = workflow.ExecuteActivity(ctx, call.Panel.AwaitInstall, l.work()), stop
}

// cancelWatch stops watching; the install itself goes on.
func (l *lifecycle) cancelWatch() {
	if l.s.Server != nil {
		l.s.Server.Install.Unwatch()
	}
	if l.watch == nil {
		return
	}
	l.stopWatch()
	_ = l.watch.Get(l.ctx, nil)
	l.watch, l.stopWatch = nil, nil
}

// takeWatch takes the result of a watch that has ended.
func (l *lifecycle) takeWatch() (panel.Watched, error) {
	var seen panel.Watched
	err := l.watch.Get(l.ctx, &seen)
	l.stopWatch()
	l.watch, l.stopWatch = nil, nil
	if err != nil {
		l.s.Server.Install.Unwatch()
		return seen, err
	}
	l.s.Server.Install.End(seen)
	return seen, nil
}

func (l *lifecycle) followInstall() error {
	l.ensureWatch()
	done := func() bool { return l.watch.IsReady() || l.interrupted() }
	if l.s.Life.Phase != api.PhaseAttention {
		if !l.awaitUntil(l.s.Server.Install.Deadline, "install deadline", done) && !l.late() {
			return nil
		}
	}
	if l.s.Life.Phase == api.PhaseAttention {
		l.await(done)
	}
	switch {
	case l.watch.IsReady():
		seen, err := l.takeWatch()
		if err != nil {
			return err
		}
		l.installEnded(seen)
	case l.s.Attention == nil: // a wish that is only for services that wait for a person
		l.s.Operator.Retry, l.s.Operator.Accept = nil, nil
	}
	return nil // the main loop does what was asked
}

// late decides about an install that has not ended in time; true when it is watched on. Late
// counts as failed, for an order that allows another server, only when the panel's operation was
// cancelled and seen to be gone: one that may still run ends on a server that somebody has.
func (l *lifecycle) late() bool {
	id := l.s.Server.ID
	why := fmt.Sprintf("the install of server %s has not finished within %s", id, l.s.installLimit())
	if l.s.Request.Failures+1 >= l.s.Order.InstallAttempts {
		l.stop(api.CodeInstallLate, why+"; it is still watched and the service goes on by itself if it ends well")
		return true
	}
	l.cancelWatch()
	install := &l.s.Server.Install
	seen, err := install.Inspect(l.do, l.work())
	if err == nil && seen.Progress == panel.InstallFinished {
		l.installed(seen)
		return false
	}
	if err == nil {
		err = install.Cancel(l.do, l.work())
	}
	if err != nil {
		install.State = operation.InstallRunning // it may be, and is watched on
		l.stop(api.CodeInstallLate, why+", and could not be cancelled: "+call.ProblemOf(err).Message)
		return false
	}
	l.s.Request.Failures++
	l.note(why + "; it was cancelled")
	l.setAside(why, true) // without another look: what a cancelled install leaves may seem finished
	return false
}

func (l *lifecycle) installEnded(seen panel.Watched) {
	if seen.Progress == panel.InstallFinished {
		l.installed(seen)
		return
	}
	l.s.Request.Failures++
	why := fmt.Sprintf("install of %s failed on server %s", l.s.Order.OSTemplate, l.s.Server.ID)
	if seen.Words != "" {
		why += ": " + seen.Words
	}
	l.note(why)
	if l.s.Request.Failures < l.s.Order.InstallAttempts {
		l.replace(why)
		return
	}
	l.stop(api.CodeInstallFailed, why)
}

func (l *lifecycle) installed(seen panel.Watched) {
	install := &l.s.Server.Install
	install.End(seen)
	l.clearAttention()
	note := "install finished"
	if took := install.Took(); took > 0 {
		note += " after " + took.String()
	}
	l.next(api.StepHandOver, note)
}

// reconsiderInstall is what retry reads first: finished goes on, running stays
// watched, anything else is installed again.
func (l *lifecycle) reconsiderInstall() error {
	install := &l.s.Server.Install
	seen, err := install.Inspect(l.do, l.work())
	if err != nil {
		return err
	}
	switch {
	case seen.Progress == panel.InstallFinished && install.Seen():
		l.cancelWatch()
		l.installed(seen)
	case seen.Progress == panel.InstallRunning:
		install.Extend(l.now(), l.s.installLimit())
	default:
		l.cancelWatch()
		install.Forget()
	}
	return nil
}
