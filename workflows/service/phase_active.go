package service

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/message"
)

// serve is one round of the life after hand-over: bring the panel to what the
// reasons ask for, then WHMCS to what is true, then wait for the next thing.
func (l *lifecycle) serve() {
	l.returnStrays()
	l.ensureWatch()
	if l.s.Retry != nil || l.s.Accept != nil {
		l.answerPerson()
	}
	l.forgetBlock()
	switch {
	case l.s.Terminate != nil:
		l.beginRelease(ReleaseState{Why: l.s.Terminate.Reason})
	case l.s.Stopped:
		l.idle()
	case l.s.unsettled():
		l.switchBlock()
	case l.following != nil && l.following.IsReady():
		l.followed()
	case l.following == nil && l.s.FollowAt != nil && !l.now().Before(*l.s.FollowAt):
		l.follow()
	case l.confirming != nil && (!l.graceOver() || l.confirming.IsReady()):
		l.confirmed()
	case l.confirming == nil && l.graceOver():
		l.confirm()
	default:
		l.s.settle(applied(""), api.SignalExpire, api.SignalSuspend, api.SignalRenew, api.SignalUnsuspend)
		l.endMismatch()
		l.noticeHold()
		l.idle()
	}
}

// idle waits until something changes: a signal, a date, or the end of an install
// that is still watched. It costs nothing meanwhile.
func (l *lifecycle) idle() {
	before := l.s.changes
	woken := func() bool {
		return l.s.changes != before || l.interrupted() || len(l.inbox.stray) > 0 || l.mayContinueAsNew() ||
			ready(l.watch) || ready(l.following) || ready(l.confirming)
	}
	if deadline, why := l.nextDate(); deadline != nil {
		l.awaitUntil(*deadline, why, woken)
	} else {
		l.await(woken)
	}
	if ready(l.watch) {
		l.installEndedLater()
	}
}

func ready(future workflow.Future) bool { return future != nil && future.IsReady() }

// nextDate is when something is due, and what.
func (l *lifecycle) nextDate() (*time.Time, string) {
	switch {
	case l.s.Stopped:
		return nil, ""
	case l.s.FollowAt != nil && l.following == nil:
		return l.s.FollowAt, "compare with WHMCS"
	case l.s.GraceEndsAt != nil && l.s.Expiry != nil && !l.s.GraceAsked && l.s.Held == "" && l.confirming == nil:
		return l.s.GraceEndsAt, "end of grace"
	}
	return nil, ""
}

// installEndedLater takes the end of an install that ran on after hand-over.
func (l *lifecycle) installEndedLater() {
	seen, err := l.watched()
	switch {
	case err != nil:
		l.attendError(err)
	case seen.Progress == panel.InstallFinished:
		l.s.Install.FinishedAt = seen.FinishedAt
		l.note("install finished")
	default:
		l.attend(api.CodeInstallFailed, fmt.Sprintf("the install of server %s failed after hand-over; it is never repeated by itself: %s",
			l.s.Server.ID, message.OrElse(seen.Words, "the panel says nothing more")), api.SignalAccept, api.SignalTerminate)
	}
}

func (l *lifecycle) switchBlock() {
	act, phase := l.unblock, api.PhaseActive
	blocking := l.s.wantsBlock()
	if blocking {
		act, phase = l.block, api.PhaseBlocked
	}
	switch err := act(); {
	case err == nil:
		l.s.Phase = phase
		l.followSoon()
	case temporal.IsCanceledError(err):
		l.note("the block was given up: it is not wanted any more")
	default:
		l.s.Stopped, l.s.StoppedBlocking = true, blocking
		l.attendError(err)
	}
}

// forgetBlock goes on when the block that stopped the service is not wanted any more: a
// payment does not wait for a person.
func (l *lifecycle) forgetBlock() {
	if l.s.Stopped && l.s.StoppedBlocking && !l.s.wantsBlock() {
		l.s.Stopped, l.s.StoppedBlocking = false, false
		l.clearAttention()
	}
}

// followSoon has WHMCS compared with what is true, after it had time to show
// what its own call caused.
func (l *lifecycle) followSoon() {
	at := l.now().Add(time.Duration(l.settings.FollowDelay))
	l.s.FollowAt = &at
}

// follow starts the comparison. It runs beside the main loop: a WHMCS that is
// down must not keep an unblock waiting.
func (l *lifecycle) follow() {
	l.s.FollowAt = nil
	want, reason := "Active", ""
	if l.s.Blocked {
		want, reason = "Suspended", l.s.blockReason()
	}
	l.following = l.startFollow(want, reason)
}

func (l *lifecycle) startFollow(want, reason string) workflow.Future {
	return workflow.ExecuteActivity(l.onWHMCS("have WHMCS show "+want), call.Billing.Follow,
		billing.FollowInput{ServiceRef: l.ref(), Want: want, Reason: reason})
}

func (l *lifecycle) followed() {
	if l.following == nil {
		return
	}
	var done string
	err := l.following.Get(l.ctx, &done)
	l.following = nil
	switch {
	case err != nil:
		l.note("WHMCS could not be made to show what is true: " + call.ProblemOf(err).Message)
	case done != "":
		l.note(done)
	}
}

// blockReason is the reason that WHMCS shows. WHMCS lifts a suspension after a
// payment only when it reads exactly so (docs/whmcs-api.md 4).
func (s *State) blockReason() string {
	if len(s.Suspensions) > 0 {
		return s.Suspensions[0].Reason
	}
	return "Overdue on Payment"
}

func (l *lifecycle) graceOver() bool {
	return l.s.Expiry != nil && l.s.GraceEndsAt != nil && !l.s.GraceAsked && l.s.Held == "" &&
		!l.now().Before(*l.s.GraceEndsAt)
}

// confirm asks WHMCS once more before the server is released. A payment takes the
// question back, even while WHMCS does not answer.
func (l *lifecycle) confirm() {
	ctx, stop := workflow.WithCancel(l.onWHMCS("ask WHMCS before the release"))
	l.confirming, l.stopConfirming = workflow.ExecuteActivity(ctx, call.Billing.ConfirmExpiry, l.ref()), stop
}

func (l *lifecycle) confirmed() {
	l.stopConfirming()
	var view billing.ExpiryView
	err := l.confirming.Get(l.ctx, &view)
	l.confirming, l.stopConfirming = nil, nil
	l.drain()
	switch {
	case !l.graceOver():
		return // decided otherwise while WHMCS was asked
	case err != nil:
		l.s.GraceAsked = true
		l.attend(api.CodeReleaseRefused, "the grace period is over, but nothing was released: "+call.ProblemOf(err).Message,
			api.SignalRetry, api.SignalRenew, api.SignalTerminate)
	case !view.Release:
		l.s.GraceAsked = true
		l.attend(api.CodeReleaseRefused, "the grace period is over, but nothing was released: "+view.Why,
			api.SignalRetry, api.SignalRenew, api.SignalTerminate)
	default:
		l.note("grace period over; " + view.Why)
		l.beginRelease(ReleaseState{Why: "expired and not renewed", ForExpiry: true})
	}
}

// noticeHold says what a hold keeps from happening.
func (l *lifecycle) noticeHold() {
	switch {
	case l.s.Held != "" && l.s.Expiry != nil:
		l.attend(api.CodeHeld, "the service has expired, but is held ("+l.s.Held+"): nothing is blocked or released by itself",
			api.SignalUnhold, api.SignalRenew, api.SignalTerminate)
	case l.s.Attention == nil:
	case l.s.Attention.Code == api.CodeHeld, l.s.Attention.Code == api.CodeReleaseRefused && l.s.Expiry == nil:
		l.clearAttention()
	}
}

// forgetWishes drops what a person said about something else than the release that begins.
func (l *lifecycle) forgetWishes() {
	l.s.Retry, l.s.Accept, l.s.Approved, l.s.Stopped, l.s.StoppedBlocking = nil, nil, false, false, false
	l.s.settle(superseded("the service is being released"), api.SignalRetry, api.SignalAccept)
}

func (l *lifecycle) beginRelease(release ReleaseState) {
	l.clearAttention()
	l.s.Release, l.s.Phase, l.s.FollowAt = release, api.PhaseReleasing, nil
	l.forgetWishes()
	l.note("release begins: " + release.Why)
}
