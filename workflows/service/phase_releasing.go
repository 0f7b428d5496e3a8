package service

import (
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/operation"
)

// release does one step of giving the server back (docs/architecture.md, rule 8).
func (l *lifecycle) release() {
	l.returnStrays()
	l.seeNotice()
	l.noticePaidLate()
	switch {
	case l.s.Attention != nil && !l.s.Attention.IsNotice():
		l.releaseStopped()
	case l.s.Server == nil:
		l.released()
	case l.s.undone():
		l.restore()
	case l.s.heldBack():
		if l.giveUp("held: the release was given up") {
			l.s.Blocks.ReleaseHeld = l.s.Blocks.GraceAsked
		}
	default:
		l.advance()
	}
}

// advance does the next step of the release, and decides what its outcome means.
func (l *lifecycle) advance() {
	r := &l.s.Release
	if r.Stage == operation.StageBegun {
		l.cancelWatch()
		l.endActing()
	}
	target := l.target()
	target.ForExpiry = l.asksWHMCS()
	outcome, err := r.Advance(l.doUnlessUndone, target, l.now())
	if outcome.Did != "" {
		l.note(outcome.Did)
	}
	l.markLost(outcome.MarkLost)
	switch {
	case edge.TypeOf(err) == edge.ErrNotDue:
		l.notDue(call.ProblemOf(err).Message)
	case temporal.IsCanceledError(err), err != nil && l.s.undone():
		// Paid in time: the customer gets it back, whatever its power. The next step undoes the release.
	case err != nil:
		l.releaseFailed(err)
	case l.s.undone():
		l.cameTo(r.Stage)
	case outcome.SetAside != "":
		l.quarantineReleased(outcome.SetAside)
	case outcome.Rest:
		l.rest()
	case outcome.Done:
		l.givenBack()
	default:
		l.cameTo(r.Stage)
	}
}

// asksWHMCS tells whether the next step is due only while WHMCS shows that nobody paid.
func (l *lifecycle) asksWHMCS() bool {
	r := &l.s.Release
	return r.ForExpiry && l.s.Operator.Terminate == nil && (r.Undoable() || r.Stage == operation.StageClearing)
}

// cameTo notes what a stage means for the service.
func (l *lifecycle) cameTo(stage operation.Stage) {
	switch stage {
	case operation.StageCutOff:
		l.s.Server.Blocked, l.s.Server.BlockUnsure, l.s.Operator.Approved = true, false, false
		l.s.Journal.settle(applied(""), api.SignalTerminate)
	case operation.StageCleared:
		if l.s.Release.Resale != (panel.Resale{}) {
			l.followIn(0) // the customer's part is over; the rest may take days
		}
	case operation.StageBegun, operation.StagePoweringOff, operation.StageOff, operation.StageClearing,
		operation.StageTested, operation.StageReady, operation.StageGivenBack:
	}
}

// releaseFailed makes what stopped a release a person's business.
func (l *lifecycle) releaseFailed(err error) {
	if edge.TypeOf(err) == edge.ErrLimit {
		l.attendError(err, api.SignalRetry, api.SignalAccept)
		return
	}
	l.attendError(err, api.SignalRetry, api.SignalDetach)
}

// rest keeps the server out of stock for as long as the panel's settings want.
func (l *lifecycle) rest() {
	if !l.awaitUntil(l.s.Release.RestUntil, "server is stock again", func() bool {
		return len(l.inbox.stray) > 0 || l.mayContinueAsNew() || l.s.Billing.PaidLate || l.s.Operator.Retry != nil || l.s.Operator.Accept != nil
	}) {
		l.s.Release.Rested()
	}
}

// quarantineReleased sets a server aside that cannot go back into stock.
func (l *lifecycle) quarantineReleased(why string) {
	target := l.target()
	target.ForExpiry = l.asksWHMCS()
	switch err := operation.Quarantine(l.do, panel.QuarantineInput{Target: target, Reason: why}); {
	case edge.TypeOf(err) == edge.ErrNotDue:
		l.notDue(call.ProblemOf(err).Message)
		return
	case err != nil:
		l.attendError(err, api.SignalRetry, api.SignalDetach)
		return
	}
	l.attend(api.CodeQuarantined, "server "+l.s.Server.ID+" is in quarantine, still blocked: "+why)
	l.givenBack()
}

// givenBack is the end of the service's hold on its server. A payment that came on the way
// is too late now.
func (l *lifecycle) givenBack() {
	r := &l.s.Release
	l.s.Billing.PaidLate = l.s.Billing.PaidLate || r.ForExpiry && l.s.Blocks.Expiry == nil
	r.Stage = operation.StageGivenBack
	if l.s.Server == nil {
		return // it was lost before, and a person was told
	}
	server := l.s.Server.Server
	r.Server, l.s.Server = &server, nil
	l.tellReleased(server.ID)
}

// notDue gives up a release because WHMCS shows by now that somebody paid, or says something
// else that a person must see. WHMCS is asked until when it is paid, which may unblock it.
func (l *lifecycle) notDue(why string) {
	if l.s.Operator.Terminate != nil {
		return // a person ends it, whatever WHMCS shows
	}
	if !l.giveUp("the release was given up: " + why) {
		return
	}
	l.s.Billing.PaidLate = false // it was paid in time: nothing was deleted
	if l.attends(api.CodePaidAfterRelease) {
		l.clearAttention()
	}
	l.undue(api.CodeReleaseRefused, "the grace period is over, but nothing was released: "+why)
}

// giveUp ends a release that has deleted nothing: a hold, or WHMCS, does not want it any more.
// What the given-up step has done, nobody knows, so the server is given back to the customer,
// still blocked. False is a failure, which a person sees.
func (l *lifecycle) giveUp(note string) bool {
	if !l.handBack(func() bool { return true }) {
		return false
	}
	l.s.Blocks.GraceAsked = l.s.Blocks.Expiry != nil // else somebody paid meanwhile
	l.note(note)
	l.followSoon()
	return true
}

// restore undoes a release before the first address was deleted.
func (l *lifecycle) restore() {
	if !l.handBack(func() bool { return len(l.s.Blocks.Suspensions) > 0 }) {
		return
	}
	if l.s.Server.Blocked {
		l.s.Journal.settle(applied(""), api.SignalSuspend)
	}
	l.note("paid in time: the release was undone")
	l.s.Journal.settle(applied("the release was undone"), api.SignalRenew)
	l.s.Blocks.Expiry, l.s.Blocks.ExpireLater = l.s.Blocks.ExpireLater, nil
	if l.s.Blocks.Expiry != nil {
		l.s.Blocks.Expiry.Since = l.now()
	}
	l.followSoon()
}

// handBack returns a server of which no address was deleted to the customer, and ends the
// release. False is a failure, which a person sees.
func (l *lifecycle) handBack(blocked func() bool) bool {
	work, keepBlocked := l.work(), blocked()
	work.KeepBlocked, work.MayPowerOff = keepBlocked, l.s.Release.PoweringOff()
	restore := func(step operation.Step, answer any) error { // an outage may hold it up, and must not end with an abuser online
		wanted := func() bool { return blocked() == keepBlocked && l.s.Operator.Terminate == nil }
		return l.whileWanted(l.queue(step), wanted, answer, step.Activity, step.Input)
	}
	if err := operation.Restore(restore, work); temporal.IsCanceledError(err) {
		return false // what is wanted now is done next
	} else if err != nil {
		l.s.Release.RestoreFailed = true
		l.attendError(err, api.SignalRetry, api.SignalTerminate)
		return false
	}
	l.s.Release, l.s.Operator.Approved = Release{}, false
	l.s.Server.Blocked, l.s.Server.BlockUnsure = keepBlocked, false
	l.s.Life.enter(l.serving())
	l.noticeCutShort()
	return true
}
