package service

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// stepInstall starts the OS install and waits for its end beside a durable
// timer. A late install stays watched: if it ends well after all, the service
// goes on by itself.
func (l *lifecycle) stepInstall() error {
	if !l.s.Watching {
		if err := l.startInstall(); err != nil {
			return err
		}
		if l.s.Step != api.StepInstall {
			return nil
		}
	}
	if l.s.Order.DontWait {
		l.next(api.StepHandOver, "the panel has accepted the install; not waiting for its end")
		return nil
	}
	return l.followInstall()
}

func (l *lifecycle) startInstall() error {
	if !l.s.InstallAsked { // an install that was asked for keeps its number and is only looked at
		l.s.Install = api.Install{Attempt: l.s.Install.Attempt + 1}
		l.s.InstallAsked, l.s.InstallSeen = true, false
	}
	started, err := result[panel.Started](l,
		l.onBuild(fmt.Sprintf("install %s on server %s", l.s.Order.OSTemplate, l.s.Server.ID)), call.Panel.StartInstall, l.work())
	if err != nil {
		return err
	}
	limit := time.Duration(l.s.Order.InstallTimeout)
	if limit <= 0 {
		limit = api.DefaultInstallTimeout
	}
	l.s.Install.AcceptedAt, l.s.Install.Deadline = started.AcceptedAt, started.AcceptedAt.Add(limit)
	l.s.InstallSeen, l.s.Watching = true, true
	l.note(fmt.Sprintf("install %d accepted by the panel: %s", l.s.Install.Attempt, l.s.Order.OSTemplate))
	return nil
}

// ensureWatch has the install watched, by one activity however long it takes.
func (l *lifecycle) ensureWatch() {
	if l.watch != nil || !l.s.Watching {
		return
	}
	ctx, stop := workflow.WithCancel(l.onWatch("watch the install of server " + l.s.Server.ID))
	l.watch, l.stopWatch = workflow.ExecuteActivity(ctx, call.Panel.AwaitInstall, l.work()), stop
}

// cancelWatch stops watching; the install itself goes on.
func (l *lifecycle) cancelWatch() {
	l.s.Watching = false
	if l.watch == nil {
		return
	}
	l.stopWatch()
	_ = l.watch.Get(l.ctx, nil)
	l.watch, l.stopWatch = nil, nil
}

// watched takes the result of a watch that has ended.
func (l *lifecycle) watched() (panel.Watched, error) {
	var seen panel.Watched
	err := l.watch.Get(l.ctx, &seen)
	l.stopWatch()
	l.watch, l.stopWatch = nil, nil
	l.s.Watching = false
	return seen, err
}

func (l *lifecycle) followInstall() error {
	l.ensureWatch()
	done := func() bool { return l.watch.IsReady() || l.interrupted() }
	if l.s.Phase != api.PhaseAttention {
		if !l.awaitUntil(l.s.Install.Deadline, "install deadline", done) {
			l.late()
		}
	}
	if l.s.Phase == api.PhaseAttention {
		l.await(done)
	}
	switch {
	case l.watch.IsReady():
		seen, err := l.watched()
		if err != nil {
			return err
		}
		return l.installEnded(seen)
	case l.s.Attention == nil: // a wish that is only for services that wait for a person
		l.s.Retry, l.s.Accept = nil, nil
	}
	return nil // the main loop does what was asked
}

func (l *lifecycle) late() {
	limit := l.s.Install.Deadline.Sub(l.s.Install.AcceptedAt)
	l.attend(api.CodeInstallLate, fmt.Sprintf(
		"the install of server %s has not finished within %s; it is still watched and the service goes on by itself if it ends well",
		l.s.Server.ID, limit), api.SignalRetry, api.SignalAccept, api.SignalTerminate)
	l.s.Phase = api.PhaseAttention
}

func (l *lifecycle) installEnded(seen panel.Watched) error {
	if seen.Progress == panel.InstallFinished {
		l.installed(seen)
		return nil
	}
	l.s.Failures++
	l.s.InstallAsked = false
	why := fmt.Sprintf("install of %s failed on server %s", l.s.Order.OSTemplate, l.s.Server.ID)
	if seen.Words != "" {
		why += ": " + seen.Words
	}
	l.note(why)
	if l.s.Failures < l.s.Order.InstallAttempts {
		l.replace(why)
		return nil
	}
	l.attend(api.CodeInstallFailed, why, api.SignalRetry, api.SignalAccept, api.SignalTerminate)
	l.s.Phase = api.PhaseAttention
	return nil
}

func (l *lifecycle) installed(seen panel.Watched) {
	l.s.Install.FinishedAt = seen.FinishedAt
	l.s.InstallAsked, l.s.Watching = false, false
	l.clearAttention()
	l.next(api.StepHandOver, fmt.Sprintf("install finished after %s", seen.FinishedAt.Sub(l.s.Install.AcceptedAt).Round(time.Second)))
}

// reconsiderInstall is what retry reads first: finished goes on, running stays
// watched, anything else is installed again.
func (l *lifecycle) reconsiderInstall() error {
	seen, err := result[panel.Watched](l, l.onBuild("look at the install of server "+l.s.Server.ID), call.Panel.InspectInstall, l.work())
	if err != nil {
		return err
	}
	switch {
	case seen.Progress == panel.InstallFinished && l.s.InstallSeen:
		l.cancelWatch()
		l.installed(seen)
	case seen.Progress == panel.InstallRunning:
		l.s.Watching = true
		l.s.Install.Deadline = l.now().Add(l.s.Install.Deadline.Sub(l.s.Install.AcceptedAt))
	default:
		l.cancelWatch()
		l.s.InstallAsked = false
	}
	return nil
}
