package service

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/workflows/internal/call"
)

// followSoon has WHMCS compared with what is true, after it had time to show
// what its own call caused.
func (l *lifecycle) followSoon() {
	at := l.now().Add(time.Duration(l.s.Settings.FollowDelay))
	l.s.Billing.FollowAt = &at
}

// follow starts the comparison. It runs beside the main loop: a WHMCS that is
// down must not keep an unblock waiting.
func (l *lifecycle) follow() {
	l.s.Billing.FollowAt = nil
	want, reason := "Active", ""
	if l.s.blocked() {
		want, reason = "Suspended", l.s.Blocks.reason()
	}
	l.following = l.startFollow(want, reason)
}

func (l *lifecycle) startFollow(want, reason string) workflow.Future {
	return workflow.ExecuteActivity(l.whmcs("have WHMCS show "+want), call.Billing.Follow,
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

// showTerminated has WHMCS show that the service is over.
func (l *lifecycle) showTerminated() {
	l.followed() // an older comparison ends first
	l.following = l.startFollow("Terminated", "")
	l.followed()
}
