package service

import (
	"slices"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// decided waits for a person and does what they chose; true lets the build go on.
func (l *lifecycle) decided() bool {
	if l.s.Step == api.StepInstall && l.s.Watching && !l.interrupted() {
		return true // the install may still end well, and is waited for where it is watched
	}
	l.await(l.interrupted)
	switch {
	case l.s.Terminate != nil || l.s.Leaving != nil:
		return false
	case l.s.Accept != nil:
		return l.accept()
	}
	return l.retry()
}

// accept skips the install: a technician did it by hand.
func (l *lifecycle) accept() bool {
	wish := *l.s.Accept
	l.s.Accept = nil
	switch {
	case wish.ServerID != "" && l.s.Server != nil && wish.ServerID != l.s.Server.ID:
		l.s.settle(ignored("the service holds server "+l.s.Server.ID+": use retry with replace and this server_id"), api.SignalAccept)
		return false
	case wish.ServerID == "" && l.s.Server == nil:
		l.s.settle(ignored("the service holds no server: name one with server_id"), api.SignalAccept)
		return false
	}
	l.s.Approved = l.s.Attention == nil || l.s.Attention.Code != api.CodeLimit // what a technician did by hand is meant
	l.clearAttention()
	l.s.settle(applied(""), api.SignalAccept)
	l.s.SkipInstall = true
	if l.s.Server == nil {
		l.s.Named = wish.ServerID
		return true
	}
	l.cancelWatch()
	l.s.Step = api.StepHandOver
	return true
}

// retry tries again what stopped, on another server when asked.
func (l *lifecycle) retry() bool {
	wish := *l.s.Retry
	l.s.Retry = nil
	l.approve()
	if wish.ServerID != "" && (l.s.Server == nil || wish.Replace) {
		l.s.Named = wish.ServerID
	}
	if wish.Replace && l.s.Server != nil {
		return l.replace("replaced by a person")
	}
	if l.s.Step == api.StepInstall && l.s.Install.Attempt > 0 {
		if err := l.reconsiderInstall(); err != nil {
			l.s.settle(ignored(call.ProblemOf(err).Message), api.SignalRetry)
			l.stuck(err)
			return false
		}
	}
	l.clearAttention()
	l.s.settle(applied(""), api.SignalRetry)
	return true
}

// replace quarantines the server and goes back to claiming, unless its install
// ended well in the meantime.
func (l *lifecycle) replace(why string) bool {
	l.s.Retry = nil
	id := l.s.Server.ID
	failed := l.s.Step == api.StepInstall && (l.s.InstallAsked || l.s.InstallSeen)
	if l.s.Install.Attempt > 0 {
		seen, err := result[panel.Watched](l, l.onBuild("look at server "+id+" once more"), call.Panel.InspectInstall, l.work())
		if err == nil && seen.Progress == panel.InstallFinished && l.s.Step == api.StepInstall && l.s.InstallSeen {
			l.installed(seen)
			l.s.settle(applied("the install ended well in the meantime"), api.SignalRetry)
			return true
		}
	}
	l.cancelWatch()
	err := l.perform(l.onUrgent("quarantine server "+id), call.Panel.Quarantine,
		panel.QuarantineInput{Target: l.target(), Reason: why, FreeAddresses: true, Failed: failed})
	if err != nil && call.TypeOf(err) != edge.ErrOwnership {
		l.s.settle(ignored(call.ProblemOf(err).Message), api.SignalRetry)
		l.stuck(err)
		return false
	}
	l.note("server " + id + " quarantined: " + why)
	l.tellReleased(id)
	l.clearAttention()
	l.s.settle(applied(""), api.SignalRetry)
	l.s.Exclude = append(l.s.Exclude, id)
	l.s.Server = nil
	l.s.InstallAsked, l.s.InstallSeen, l.s.SkipInstall = false, false, false
	l.s.Blocked, l.s.BlockUnsure, l.s.GraceEndsAt, l.s.BrokenAccepted = false, false, nil, false // that was the other server
	l.s.Phase = api.PhasePending
	l.next(api.StepClaim, "")
	return true
}

// approvable are the causes over which a person's retry goes on.
var approvable = []string{api.CodeLimit, api.CodeHardware, api.AttentionCodes[edge.ErrBlockedByHand], api.AttentionCodes[edge.ErrRenamedByHand], api.AttentionCodes[edge.ErrAddressesByHand]}

// approve notes that a person wants what the panel's limit, or a change by hand, has stopped.
func (l *lifecycle) approve() {
	if l.s.Attention == nil {
		return
	}
	l.s.Approved = slices.Contains(approvable, l.s.Attention.Code)
	l.s.BrokenAccepted = l.s.BrokenAccepted || l.s.Attention.Code == api.CodeHardware
}

// answerPerson takes retry and accept: both mean that a person has looked.
func (l *lifecycle) answerPerson() {
	if l.s.Retry != nil { // accept has seen it, and wants nothing done
		l.approve()
	}
	l.s.Retry, l.s.Accept = nil, nil
	if l.s.Attention != nil && l.s.Attention.Code == api.CodeReleaseRefused {
		l.s.GraceAsked = false // nothing else that was seen releases a server
	}
	l.clearAttention()
	l.s.Stopped, l.s.StoppedBlocking = false, false
	l.s.settle(applied(""), api.SignalRetry, api.SignalAccept)
}
