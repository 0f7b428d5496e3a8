package service

import (
	"time"

	"metalease/activities/billing"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// The ends of a release: stopped, given back, undone, and seen by a person.

// releaseStopped waits for a person: something in the panel is not as we left it. A payment
// in time, or a word that the service is to end, goes on as well.
func (l *lifecycle) releaseStopped() {
	l.await(func() bool {
		return l.s.Retry != nil || l.s.Accept != nil || l.s.Leaving != nil || l.s.undone() || l.s.Release.RestoreFailed && l.s.Terminate != nil
	})
	switch {
	case l.s.Leaving != nil:
		l.leaveAsItIs()
		return
	case l.s.Attention.Code == api.CodeLimit && l.s.Accept != nil && l.s.Retry == nil:
		l.keepService()
		return
	case l.s.Retry != nil:
		l.approve()
		l.s.Release.RestoreFailed = false
	}
	if l.s.Terminate != nil {
		l.s.Release.RestoreFailed = false
	}
	l.s.Retry, l.s.Accept = nil, nil
	l.s.settle(applied(""), api.SignalRetry, api.SignalAccept)
	l.clearAttention()
}

func (l *lifecycle) leaveAsItIs() {
	l.note("left as it is: " + l.s.Leaving.Reason)
	l.s.settle(applied("left as it is"), api.SignalDetach)
	l.s.Leaving = nil
	l.clearAttention()
	l.givenBack()
}

// keepService ends a release that the panel's limit stopped before it began: a person says
// that it was not meant.
func (l *lifecycle) keepService() {
	why := "a person has kept the service"
	l.s.Retry, l.s.Accept, l.s.Approved = nil, nil, false
	l.s.settle(applied("the service is kept"), api.SignalAccept)
	l.s.settle(superseded(why), api.SignalTerminate)
	l.s.Terminate, l.s.Release = nil, ReleaseState{}
	l.clearAttention()
	l.note("the release was not begun: " + why)
	switch {
	case l.s.Step != "": // it was never handed over
		l.s.Phase = api.PhaseAttention
		l.attend(api.CodeKept, "the build was to be given up, and a person has kept it: retry goes on with it, terminate gives it up",
			api.SignalRetry, api.SignalTerminate)
		return
	case l.s.Expiry != nil:
		l.s.GraceAsked = true
		l.attend(api.CodeReleaseRefused, "the grace period is over, and a person has kept the service: it stays blocked until it is renewed; retry releases it",
			api.SignalRetry, api.SignalRenew, api.SignalTerminate)
	}
	l.s.Phase = api.PhaseActive
	if l.s.Blocked {
		l.s.Phase = api.PhaseBlocked
	}
	l.followSoon()
}

// quarantineReleased sets a server aside that cannot go back into stock.
func (l *lifecycle) quarantineReleased(why string) {
	err := l.perform(l.onUrgent("quarantine server "+l.s.Server.ID), call.Panel.Quarantine,
		panel.QuarantineInput{Target: l.target(), Reason: why})
	if err != nil {
		l.attendError(err, api.SignalRetry, api.SignalDetach)
		return
	}
	l.attend(api.CodeQuarantined, "server "+l.s.Server.ID+" is in quarantine, still blocked: "+why, api.SignalAccept)
	l.givenBack()
}

// givenBack is the end of the service's hold on its server. A payment that came on the way
// is too late now.
func (l *lifecycle) givenBack() {
	r := &l.s.Release
	id := l.s.Server.ID
	l.s.PaidLate = l.s.PaidLate || r.ForExpiry && l.s.Expiry == nil
	r.GivenBack, r.Server = true, l.s.Server
	l.s.Server = nil
	l.tellReleased(id)
}

// released ends the life: WHMCS follows and keeps a record.
func (l *lifecycle) released() {
	if l.s.Release.Rebuild {
		l.rebuild()
		return
	}
	if l.s.Release.Server != nil {
		l.showTerminated()
		s := l.s.Release.Server
		record := "released " + l.now().UTC().Format(time.DateOnly) + " (" + l.s.Release.Why + "): server " + s.ID + " " + s.Label + ", " + s.IP + plus(len(s.ExtraIPs))
		if err := l.perform(l.onWHMCS("record the release in WHMCS"), call.Billing.Note,
			billing.NoteInput{ServiceRef: l.ref(), Record: record}); err != nil {
			l.note("the release could not be recorded in WHMCS: " + call.ProblemOf(err).Message)
		}
	}
	l.s.Ready, l.s.Blocked, l.s.Step = false, false, ""
	l.s.Expiry, l.s.Suspensions, l.s.GraceEndsAt = nil, nil, nil
	l.s.Terminate, l.s.Retry, l.s.Accept, l.s.Leaving = nil, nil, nil, nil
	l.s.Phase = api.PhaseReleased
	if l.s.Attention != nil && l.s.Attention.Code == api.CodeCancelRequested {
		l.clearAttention() // there is nothing left to cancel
	}
	l.note("released: " + l.s.Release.Why)
	l.s.settle(applied(""), api.SignalTerminate)
}

// rebuild goes on with an order after what an earlier life of its service had left half
// released was given back.
func (l *lifecycle) rebuild() {
	l.note(l.s.Release.Why + ", and is given back; the order goes on")
	l.s.Release, l.s.Phase, l.s.Step = ReleaseState{}, api.PhasePending, api.StepAccount
	l.s.Blocked, l.s.BlockUnsure = false, false
}

func (l *lifecycle) showTerminated() {
	l.followed() // an older comparison ends first
	l.following = l.startFollow("Terminated", "")
	l.followed()
}

// restore undoes a release before the first address was deleted.
func (l *lifecycle) restore() {
	work := l.work()
	work.KeepBlocked = len(l.s.Suspensions) > 0
	work.MayPowerOff = l.s.Release.PowerDownBegan
	if err := l.perform(l.onUrgent("give server "+l.s.Server.ID+" back to the customer, who paid"), call.Panel.Restore, work); err != nil {
		l.s.Release.RestoreFailed = true
		l.attendError(err, api.SignalRetry, api.SignalTerminate)
		return
	}
	l.s.Release, l.s.Approved = ReleaseState{}, false
	l.s.Blocked, l.s.BlockUnsure, l.s.Phase = work.KeepBlocked, false, api.PhaseActive
	if l.s.Blocked {
		l.s.Phase = api.PhaseBlocked
		l.s.settle(applied(""), api.SignalSuspend)
	}
	l.note("paid in time: the release was undone")
	l.s.settle(applied("the release was undone"), api.SignalRenew)
	l.s.Expiry, l.s.ExpireLater = l.s.ExpireLater, nil
	if l.s.Expiry != nil {
		l.s.Expiry.Since = l.now()
	}
	l.followSoon()
}

// noticePaidLate tells of a payment that came after the release could be undone.
func (l *lifecycle) noticePaidLate() {
	if l.s.PaidLate && (l.s.Attention == nil || l.s.Attention.Notice()) {
		l.s.PaidLate = false
		l.attend(api.CodePaidAfterRelease, "the service was paid after its release had begun; the server cannot be given back: set up a new service or refund",
			api.SignalAccept)
	}
}

// seeNotice takes a person's word about attention that stops nothing.
func (l *lifecycle) seeNotice() {
	if l.s.Attention == nil || !l.s.Attention.Notice() || l.s.Retry == nil && l.s.Accept == nil {
		return
	}
	l.s.Retry, l.s.Accept = nil, nil
	l.s.settle(applied("seen"), api.SignalRetry, api.SignalAccept)
	l.clearAttention()
}

// awaitAcknowledgement keeps a released service open until a person has seen why. Another
// terminate, such as WHMCS's own call, is nobody's look.
func (l *lifecycle) awaitAcknowledgement() {
	l.noticePaidLate()
	l.await(func() bool {
		return l.s.Terminate != nil || l.s.Accept != nil || l.s.Leaving != nil || l.s.Retry != nil || l.s.PaidLate
	})
	seen := l.s.Accept != nil || l.s.Leaving != nil || l.s.Retry != nil
	l.s.Terminate, l.s.Accept, l.s.Leaving, l.s.Retry = nil, nil, nil, nil
	l.s.settle(applied("released already"), api.SignalTerminate)
	if seen {
		l.s.settle(applied("seen"), api.SignalAccept, api.SignalDetach, api.SignalRetry)
		l.clearAttention()
	}
}
