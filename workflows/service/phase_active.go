package service

import (
	"cmp"
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/panel"
	"metalease/workflows/api"
)

// serve does one thing for a service whose customer has the server, active or blocked: bring
// the panel to what the reasons ask for, then WHMCS to what is true, then wait for the next.
func (l *lifecycle) serve() {
	l.returnStrays()
	l.ensureWatch()
	l.noticeLate()
	if l.s.Operator.Retry != nil || l.s.Operator.Accept != nil {
		l.answerPerson()
	}
	l.forgetBlock()
	switch {
	case l.s.Life.Unseen && !l.due(): // the main loop looks
	case l.s.Operator.Terminate != nil:
		l.beginRelease(Release{Why: l.s.Operator.Terminate.Reason})
	case l.s.Blocks.Stopped != "":
		l.idle()
	case l.s.unsettled():
		l.switchBlock()
	case l.confirming != nil && (!l.graceOver() || l.confirming.IsReady()):
		l.confirmed()
	case l.confirming == nil && l.graceOver():
		l.confirm()
	default:
		l.s.settleReached(api.SignalExpire, api.SignalSuspend, api.SignalRenew, api.SignalUnsuspend)
		l.endMismatch()
		l.noticeHold()
		l.noticeStopped()
		l.idle()
	}
}

// settleReached gives their outcome to the signals whose effect is reached; one that WHMCS is
// asked about has none yet.
func (s *State) settleReached(kinds ...string) {
	for _, kind := range kinds {
		if !s.Blocks.Doubts.of(kind) {
			s.Journal.settle(applied(""), kind)
		}
	}
}

// idle waits until there is something to do. It costs nothing meanwhile.
func (l *lifecycle) idle() {
	before := l.s.watched()
	if deadline, why := l.nextDate(); deadline != nil {
		l.awaitUntil(*deadline, why, func() bool { return l.wakes(before) })
	} else {
		l.await(func() bool { return l.wakes(before) })
	}
	if ready(l.watch) {
		l.installEndedLater()
	}
}

// wakes names what ends an idle wait: a person's word, an end of something that runs, a server
// that nobody waits for, a long history, or a change of what serve decides by.
func (l *lifecycle) wakes(before watched) bool {
	return l.interrupted() || l.s.Life.Unseen || ready(l.watch) || ready(l.confirming) ||
		len(l.inbox.stray) > 0 || l.mayContinueAsNew() || l.s.watched() != before
}

// watched is what serve decides by; a service with nothing new in it has nothing to do.
type watched struct {
	wantsBlock, unsettled bool
	hold                  string
	expiredSince          time.Time
	graceEndsAt           time.Time
	graceAsked            bool
	attention             int
	suspendedAt           time.Time
	// installing and deadline are of a reinstall that is watched.
	installing bool
	deadline   time.Time
	// pending counts the signals that have no outcome yet.
	pending int
}

func (s *State) watched() watched {
	w := watched{
		wantsBlock: s.wantsBlock(), unsettled: s.unsettled(), hold: s.Blocks.Hold,
		graceAsked: s.Blocks.GraceAsked, suspendedAt: s.Blocks.SuspendedAt,
	}
	if s.installing() {
		w.installing, w.deadline = true, s.Server.Install.Deadline
	}
	if s.Blocks.Expiry != nil {
		w.expiredSince = s.Blocks.Expiry.Since
	}
	if s.Blocks.GraceEndsAt != nil {
		w.graceEndsAt = *s.Blocks.GraceEndsAt
	}
	if s.Attention != nil {
		w.attention = s.Attention.Number
	}
	for _, e := range s.Journal.Events {
		if e.Outcome == api.OutcomePending {
			w.pending++
		}
	}
	return w
}

func ready(future workflow.Future) bool { return future != nil && future.IsReady() }

// nextDate is when something is due, and what.
func (l *lifecycle) nextDate() (*time.Time, string) {
	date, why := l.s.lateAt(), "deadline of the reinstall"
	if end := l.s.Blocks.GraceEndsAt; l.s.Blocks.Stopped == "" && l.s.Blocks.graceRuns() && l.confirming == nil && (date == nil || end.Before(*date)) {
		date, why = end, "end of grace"
	}
	return date, why
}

// installEndedLater takes the end of an install that ran on after hand-over.
func (l *lifecycle) installEndedLater() {
	anew := l.s.watches()
	seen, err := l.takeWatch()
	switch {
	case anew:
		l.reinstallEnded(seen, err)
	case err != nil:
		l.attendError(err)
	case seen.Progress == panel.InstallFinished:
		l.note("install finished")
	default:
		l.attend(api.CodeInstallFailed, fmt.Sprintf("the install of server %s failed after hand-over; it is never repeated by itself: %s",
			l.s.Server.ID, cmp.Or(seen.Words, "the panel says nothing more")), api.SignalAccept, api.SignalTerminate)
	}
}

// forgetWishes drops what a person said about something else than the release that begins.
func (l *lifecycle) forgetWishes() {
	l.s.Operator.Retry, l.s.Operator.Accept, l.s.Operator.Approved, l.s.Blocks.Stopped = nil, nil, false, ""
	l.s.Journal.settle(superseded("the service is being released"), api.SignalRetry, api.SignalAccept)
}

func (l *lifecycle) beginRelease(release Release) {
	l.dropActions("the service is being released")
	l.clearAttention()
	l.s.Release, l.s.Billing.FollowAt = release, nil
	l.s.Life.enter(api.PhaseReleasing)
	l.forgetWishes()
	l.note("release begins: " + release.Why)
}
