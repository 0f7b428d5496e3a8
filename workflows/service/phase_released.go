package service

import (
	"time"

	"metalease/activities/billing"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// The ends of a release: stopped, given back, undone, and seen by a person.

// releaseStopped waits for a person: something in the panel is not as we left it. A payment
// in time, or a word that the service is to end, goes on as well.
func (l *lifecycle) releaseStopped() {
	o := &l.s.Operator
	decided := func() bool {
		return o.Retry != nil || o.Accept != nil || o.Detach != nil || l.s.undone() || l.s.heldBack() || l.s.Release.RestoreFailed && o.Terminate != nil
	}
	l.await(func() bool { return decided() || l.mayContinueAsNew() })
	switch {
	case !decided():
		return // the next run waits on
	case o.Detach != nil:
		l.leaveAsItIs()
		return
	case l.attends(api.CodeLimit) && o.Accept != nil && o.Retry == nil:
		l.keepService()
		return
	case o.Retry != nil:
		l.approve()
		l.s.Release.RestoreFailed = false
	}
	if o.Terminate != nil { // a person ends it, whoever has paid
		l.s.Release.RestoreFailed, l.s.Release.ForExpiry = false, false
	}
	o.Retry, o.Accept = nil, nil
	l.s.Journal.settle(applied(""), api.SignalRetry, api.SignalAccept)
	l.clearAttention()
}

func (l *lifecycle) leaveAsItIs() {
	l.note("left as it is: " + l.s.Operator.Detach.Reason)
	l.s.Journal.settle(applied("left as it is"), api.SignalDetach)
	l.s.Operator.Detach = nil
	l.clearAttention()
	if l.s.Server != nil {
		l.givenBack()
	}
}

// keepService ends a release that the panel's limit stopped before it began: a person says
// that it was not meant.
func (l *lifecycle) keepService() {
	why := "a person has kept the service"
	l.s.Operator.Retry, l.s.Operator.Accept, l.s.Operator.Approved = nil, nil, false
	l.s.Journal.settle(applied("the service is kept"), api.SignalAccept)
	l.s.Journal.settle(superseded(why), api.SignalTerminate)
	l.s.Operator.Terminate, l.s.Release = nil, Release{}
	l.clearAttention()
	l.note("the release was not begun: " + why)
	switch {
	case l.s.Life.Step != "": // it was never handed over
		l.stop(api.CodeKept, "the build was to be given up, and a person has kept it: retry goes on with it, terminate gives it up")
		return
	case l.s.Blocks.Expiry != nil:
		l.s.Blocks.GraceAsked = true
		l.attend(api.CodeReleaseRefused, "the grace period is over, and a person has kept the service: it stays blocked until it is renewed; retry releases it")
	}
	l.s.Life.enter(l.serving())
	l.followSoon()
}

// released ends the life: WHMCS follows and keeps a record.
func (l *lifecycle) released() {
	if l.s.Release.Rebuild {
		l.rebuild()
		return
	}
	if record := l.s.record(l.now()); record != "" {
		l.followIn(0)
		if err := l.perform(l.whmcs("record the release in WHMCS"), call.Billing.Note,
			billing.NoteInput{ServiceRef: l.ref(), Record: record}); err != nil {
			l.note("the release could not be recorded in WHMCS: " + call.ProblemOf(err).Message)
		}
	}
	l.s.Life.Ready, l.s.Life.Step = false, ""
	l.s.Blocks.Expiry, l.s.Blocks.Suspensions, l.s.Blocks.GraceEndsAt = nil, nil, nil
	l.s.Operator.Terminate, l.s.Operator.Retry, l.s.Operator.Accept, l.s.Operator.Detach = nil, nil, nil, nil
	l.s.Life.enter(api.PhaseReleased)
	if l.attends(api.CodeCancelRequested) {
		l.clearAttention() // there is nothing left to cancel
	}
	l.note("released: " + l.s.Release.Why)
	l.s.Journal.settle(applied(""), api.SignalTerminate)
}

// record is what WHMCS keeps of the end; empty for one that WHMCS has decided itself.
func (s *State) record(now time.Time) string {
	when := now.UTC().Format(time.DateOnly) + " (" + s.Release.Why + ")"
	switch server := s.Release.Server; {
	case server != nil:
		return "released " + when + ": server " + server.ID + " " + server.Label + ", " + server.IP + plus(len(server.ExtraIPs))
	case s.Release.Unbuilt:
		return "the order was ended " + when + " before it had a server"
	}
	return ""
}

// rebuild goes on with an order after what an earlier life of its service had left half
// released was given back.
func (l *lifecycle) rebuild() {
	l.note(l.s.Release.Why + ", and is given back; the order goes on")
	l.s.Release, l.s.Life.Step, l.s.Life.Unseen = Release{}, api.StepAccount, true
	l.s.Life.enter(api.PhasePending)
}

// noticePaidLate tells of a payment that came after the release could be undone.
func (l *lifecycle) noticePaidLate() {
	if l.s.Billing.PaidLate && (l.s.Attention == nil || l.s.Attention.IsNotice()) {
		l.s.Billing.PaidLate = false
		l.attend(api.CodePaidAfterRelease, "the service was paid after its release had begun; the server cannot be given back: set up a new service or refund")
	}
}

// seeNotice takes a person's word about attention that stops nothing.
func (l *lifecycle) seeNotice() {
	if l.s.Attention == nil || !l.s.Attention.IsNotice() || l.s.Operator.Retry == nil && l.s.Operator.Accept == nil {
		return
	}
	l.answerWHMCS()
	l.s.Operator.Retry, l.s.Operator.Accept = nil, nil
	l.s.Journal.settle(applied("seen"), api.SignalRetry, api.SignalAccept)
	l.clearAttention()
}

// awaitAcknowledgement keeps a released service open until a person has seen why. Another
// terminate, such as WHMCS's own call, is nobody's look.
func (l *lifecycle) awaitAcknowledgement() {
	l.noticePaidLate()
	o := &l.s.Operator
	l.await(func() bool {
		return l.over() || l.mayContinueAsNew() || o.Terminate != nil || o.Accept != nil || o.Detach != nil || o.Retry != nil || l.s.Billing.PaidLate
	})
	seen := o.Accept != nil || o.Detach != nil || o.Retry != nil
	l.answerWHMCS()
	o.Terminate, o.Accept, o.Detach, o.Retry = nil, nil, nil, nil
	l.s.Journal.settle(applied("released already"), api.SignalTerminate)
	if seen {
		l.s.Journal.settle(applied("seen"), api.SignalAccept, api.SignalDetach, api.SignalRetry)
		l.clearAttention()
	}
}
