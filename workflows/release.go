package workflows

import (
	"time"

	"metalease/activities"
)

// release does one step of giving the server back (DESIGN section 3, rule 8).
func (l *lifecycle) release() {
	l.returnStrays()
	r := &l.s.Release
	if l.s.PaidLate && l.s.Attention == nil {
		l.attend(codePaidAfterRelease, "the service was paid after its release had begun; the server cannot be given back: set up a new service or refund",
			SignalAccept)
	}
	switch {
	case l.s.Attention != nil && !l.s.Attention.notice():
		l.releaseStopped()
	case r.ForExpiry && l.s.Expiry == nil && l.s.renewable():
		l.restore()
	case l.s.Server == nil:
		l.released()
	case !r.CutOff:
		l.cancelWatch()
		if l.releaseStep("take server "+l.s.Server.ID+" from the customer", onPanel.CutOff) {
			r.CutOff, l.s.Blocked, l.s.Approved = true, true, false
			l.note("server " + l.s.Server.ID + " cut off: owner is the API account, blocked")
			l.s.settle(applied(""), SignalTerminate)
		}
	case !r.Off:
		l.powerDown()
	case !r.Cleared:
		l.clearAddresses()
	case r.Resale.Hold > 0:
		l.rest()
	case r.Resale.Diagnose:
		l.diagnose()
	default:
		l.returnToStock()
	}
}

func (l *lifecycle) releaseStep(summary string, activity any) bool {
	return l.stepDone(l.perform(l.onUrgent(summary), activity, l.target()))
}

func (l *lifecycle) stepDone(err error) bool {
	switch {
	case err == nil:
	case typeOf(err) == activities.ErrLimit:
		l.attendError(err, SignalRetry, SignalAccept)
	default:
		l.attendError(err, SignalRetry, SignalDetach)
	}
	return err == nil
}

func (l *lifecycle) clearAddresses() {
	r := &l.s.Release
	r.Deleting = true
	resale, err := result[activities.Resale](l, l.onUrgent("delete the extra addresses of server "+l.s.Server.ID), onPanel.ClearAddresses, l.target())
	if !l.stepDone(err) {
		return
	}
	r.Cleared, r.Resale = true, resale
	l.note("extra addresses deleted, hostname free.ds")
	if resale != (activities.Resale{}) {
		l.showTerminated() // the customer's part is over; the rest may take days
	}
}

// releaseStopped waits for a person: something in the panel is not as we left it.
func (l *lifecycle) releaseStopped() {
	paid := func() bool { return l.s.Expiry == nil && l.s.renewable() }
	l.await(func() bool { return l.s.Retry != nil || l.s.Accept != nil || l.s.Leaving != nil || paid() })
	if l.s.Leaving != nil {
		l.note("left as it is: " + l.s.Leaving.Reason)
		l.s.settle(applied("left as it is"), SignalDetach)
		l.s.Leaving = nil
		l.clearAttention()
		l.givenBack()
		return
	}
	limited, kept := l.s.Attention.Code == codeLimit, l.s.Accept != nil
	l.approve()
	l.s.Retry, l.s.Accept = nil, nil
	l.s.settle(applied(""), SignalRetry, SignalAccept)
	l.clearAttention()
	if limited && kept {
		l.keepService()
	}
}

// keepService ends a release that the panel's limit stopped before it began: a
// person says that it was not meant.
func (l *lifecycle) keepService() {
	why := "a person has kept the service"
	l.s.Approved, l.s.Terminate, l.s.Release = false, nil, ReleaseState{}
	l.s.GraceAsked = l.s.Expiry != nil // the grace period is over; only a person ends it now
	l.s.settle(superseded(why), SignalTerminate)
	l.s.Phase = PhaseActive
	if l.s.Blocked {
		l.s.Phase = PhaseBlocked
	}
	l.note("the release was not begun: " + why)
	l.followSoon()
}

// powerDown goes on only when the server is off. One that is not stays blocked,
// in quarantine.
func (l *lifecycle) powerDown() {
	err := l.perform(l.onUrgent("power off server "+l.s.Server.ID), onPanel.PowerDown, l.target())
	switch {
	case err == nil:
		l.s.Release.Off = true
		l.note("powered off")
	case typeOf(err) == activities.ErrNotOff:
		l.quarantineReleased(problemOf(err).message)
	default:
		l.attendError(err, SignalRetry, SignalDetach)
	}
}

// quarantineReleased sets a server aside that cannot go back into stock.
func (l *lifecycle) quarantineReleased(why string) {
	err := l.perform(l.onUrgent("quarantine server "+l.s.Server.ID), onPanel.Quarantine,
		activities.QuarantineInput{Target: l.target(), Reason: why})
	if err != nil {
		l.attendError(err, SignalRetry, SignalDetach)
		return
	}
	l.attend(codeQuarantined, "server "+l.s.Server.ID+" is in quarantine, still blocked: "+why, SignalAccept)
	l.givenBack()
}

// rest keeps the server out of stock for as long as the panel's settings want.
func (l *lifecycle) rest() {
	r := &l.s.Release
	if r.HeldUntil.IsZero() {
		r.HeldUntil = l.now().Add(r.Resale.Hold)
		l.note("server " + l.s.Server.ID + " rests until " + r.HeldUntil.UTC().Format(time.RFC3339) + " before it is stock again")
	}
	if !l.awaitUntil(r.HeldUntil, "server is stock again", func() bool { return len(l.inbox.stray) > 0 || l.mayContinueAsNew() }) {
		r.Resale.Hold = 0
	}
}

// diagnose has the panel test the server before it is stock again. A broken one is set aside.
func (l *lifecycle) diagnose() {
	id := l.s.Server.ID
	err := l.perform(l.onWatch("have server "+id+" tested"), onPanel.Diagnose, l.target())
	switch {
	case err == nil:
		l.s.Release.Resale.Diagnose = false
		l.note("server " + id + " was tested: no hardware problem")
	case typeOf(err) == activities.ErrHardware:
		l.quarantineReleased(problemOf(err).message)
	default:
		l.attendError(err, SignalRetry, SignalDetach)
	}
}

func (l *lifecycle) returnToStock() {
	id := l.s.Server.ID
	err := l.perform(l.onUrgent("return server "+id+" to stock"), onPanel.ReturnToStock, l.target())
	switch {
	case typeOf(err) == activities.ErrHardware:
		l.quarantineReleased(problemOf(err).message)
	case l.stepDone(err):
		l.note("server " + id + " is free")
		l.givenBack()
	}
}

func (l *lifecycle) givenBack() {
	id := l.s.Server.ID
	l.s.Release.GivenBack, l.s.Release.Server = true, l.s.Server
	l.s.Server = nil
	l.tellReleased(id)
}

// released ends the life: WHMCS follows and keeps a record.
func (l *lifecycle) released() {
	if l.s.Release.Server != nil {
		l.showTerminated()
		s := l.s.Release.Server
		record := "released " + l.now().UTC().Format(time.DateOnly) + " (" + l.s.Release.Why + "): server " + s.ID + " " + s.Label + ", " + s.IP + plus(len(s.ExtraIPs))
		if err := l.perform(l.onWHMCS("record the release in WHMCS"), onWHMCS.Note,
			activities.NoteInput{ServiceRef: l.ref(), Record: record}); err != nil {
			l.note("the release could not be recorded in WHMCS: " + problemOf(err).message)
		}
	}
	l.s.Ready, l.s.Blocked, l.s.Step = false, false, ""
	l.s.Expiry, l.s.Suspensions, l.s.GraceEndsAt = nil, nil, nil
	l.s.Phase = PhaseReleased
	if l.s.Attention != nil && l.s.Attention.Code == codeCancelRequested {
		l.clearAttention() // there is nothing left to cancel
	}
	l.note("released: " + l.s.Release.Why)
	l.s.settle(applied(""), SignalTerminate)
}

func (l *lifecycle) showTerminated() {
	l.followed() // an older comparison ends first
	l.following = l.startFollow("Terminated", "")
	l.followed()
}

// restore undoes a release for expiry before the first address was deleted.
func (l *lifecycle) restore() {
	work := l.work()
	work.KeepBlocked = len(l.s.Suspensions) > 0
	if err := l.perform(l.onUrgent("give server "+l.s.Server.ID+" back to the customer, who paid"), onPanel.Restore, work); err != nil {
		l.attendError(err, SignalRetry, SignalTerminate)
		return
	}
	l.s.Release = ReleaseState{}
	l.s.Blocked, l.s.Phase = work.KeepBlocked, PhaseActive
	if l.s.Blocked {
		l.s.Phase = PhaseBlocked
	}
	l.note("paid in time: the release was undone")
	l.s.settle(applied("the release was undone"), SignalRenew)
	l.followSoon()
}

// awaitAcknowledgement keeps a released service open until a person has seen why.
func (l *lifecycle) awaitAcknowledgement() {
	l.await(func() bool {
		return l.s.Terminate != nil || l.s.Accept != nil || l.s.Leaving != nil || l.s.Retry != nil
	})
	l.s.Terminate, l.s.Accept, l.s.Leaving, l.s.Retry = nil, nil, nil, nil
	l.s.settle(applied("seen"), SignalTerminate, SignalAccept, SignalDetach, SignalRetry)
	l.clearAttention()
}
