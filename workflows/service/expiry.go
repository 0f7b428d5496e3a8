package service

import (
	"cmp"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// grace is the length of a grace period: that of the signal, of the order, or the default.
func (s *State) grace(asked api.Duration) api.Duration {
	return cmp.Or(max(asked, 0), max(s.Order.Grace, 0), api.Duration(api.DefaultGrace))
}

// decideExpire notes that the paid time is over.
func (s *State) decideExpire(event api.Event, now time.Time) decision {
	switch {
	case s.Life.over() && !s.undone():
		return ignored("the service is being released")
	case event.Due.After(now.Add(absurd)):
		return ignored("the due date " + event.Due.Format(time.DateOnly) + " lies more than ten years ahead: is the year right?")
	case !event.Due.IsZero() && event.Due.Before(s.Blocks.PaidUntil):
		s.Blocks.Doubts.Expire = &Doubted{event.Due, event.Grace} // what we remember of payments never outvotes WHMCS
		return pending()
	case s.Blocks.Expiry != nil && s.blocked():
		return applied("already expired; the end of grace stays")
	case s.Blocks.Expiry != nil:
		return pending()
	}
	expiry := &Expiry{Due: event.Due.Time, Since: now, Grace: s.grace(event.Grace)}
	if s.Life.over() { // the customer gets the server back first: the next grace period is a whole one
		s.Blocks.ExpireLater = expiry
		return pending()
	}
	s.Blocks.Expiry = expiry
	if s.blocked() {
		s.Blocks.startGrace(now)
	}
	return pending()
}

// absurd is how far ahead no date of a service lies.
const absurd = 10 * 365 * 24 * time.Hour

// decideRenew notes a payment.
func (s *State) decideRenew(event api.Event, now time.Time) decision {
	if until := event.ExpiresAt.Time; !until.IsZero() {
		if until.After(now.Add(absurd)) {
			return ignored("expires_at " + until.Format(time.DateOnly) + " lies more than ten years ahead: is the year right?")
		}
		if until.Before(s.Blocks.PaidUntil) && event.At.Before(s.Blocks.PaidSaid) {
			s.Blocks.Doubts.Renew = &Doubted{}
			return pending()
		}
		s.Blocks.PaidUntil, s.Blocks.PaidSaid = until, event.At.Time
		if expiry := s.Blocks.Expiry; expiry != nil && !expiry.Due.IsZero() && !until.After(expiry.Due) {
			return ignored("it pays until " + until.Format(time.DateOnly) + ", which is what expired")
		}
	}
	if s.Life.over() && !s.renewable() {
		s.Billing.PaidLate = s.Release.ForExpiry
		return ignored("the release cannot be undone any more")
	}
	return s.paid()
}

// paid ends the expiry.
func (s *State) paid() decision {
	s.Blocks.renewed()
	s.Journal.settle(superseded("renewed"), api.SignalExpire)
	return s.unblocking()
}

// renewable tells whether a payment still undoes the release.
func (s *State) renewable() bool {
	return s.Life.Phase == api.PhaseReleasing && s.Release.ForExpiry && s.Release.Undoable() && s.Server != nil && s.Operator.Terminate == nil
}

// undone tells whether a payment in time undoes the release.
func (s *State) undone() bool {
	return s.renewable() && s.Blocks.Expiry == nil && !s.Release.RestoreFailed
}

// heldBack tells whether a hold gives up a release for expiry that can still be undone: a pause,
// a limit or an outage holds it up.
func (s *State) heldBack() bool {
	return s.Life.Phase == api.PhaseReleasing && s.Release.ForExpiry && s.Release.Undoable() &&
		s.Blocks.Hold != "" && s.Server != nil && s.Operator.Terminate == nil && !s.Release.RestoreFailed
}

func (s *State) decideHold(event api.Event, _ time.Time) decision {
	s.Blocks.Hold = cmp.Or(event.Reason, "held")
	return applied("")
}

func (s *State) decideUnhold(api.Event, time.Time) decision {
	s.Blocks.Hold, s.Blocks.GraceAsked = "", s.Blocks.ReleaseHeld
	return applied("")
}

// graceOver tells whether the service is to be released because nobody paid.
func (l *lifecycle) graceOver() bool {
	return l.s.Blocks.graceRuns() && !l.now().Before(*l.s.Blocks.GraceEndsAt)
}

// confirm asks WHMCS once more before the server is released. A payment takes the
// question back, even while WHMCS does not answer.
func (l *lifecycle) confirm() {
	ctx, stop := workflow.WithCancel(l.whmcs("ask WHMCS before the release"))
	l.confirming, l.stopConfirming = workflow.ExecuteActivity(ctx, call.Billing.ConfirmExpiry, l.ref()), stop
}

func (l *lifecycle) confirmed() {
	l.stopConfirming()
	var view billing.ExpiryView
	err := l.confirming.Get(l.ctx, &view)
	l.confirming, l.stopConfirming = nil, nil
	l.drain()
	l.noticeClient(view.ClientID)
	switch {
	case !l.graceOver():
		return // decided otherwise while WHMCS was asked
	case err != nil:
		l.refuseRelease(call.ProblemOf(err).Message)
	case !view.Release:
		l.refuseRelease(view.Why)
	default:
		l.note("grace period over; " + view.Why)
		l.beginRelease(Release{Why: "expired and not renewed", ForExpiry: true})
	}
}

func (l *lifecycle) refuseRelease(why string) {
	l.s.Blocks.GraceAsked = true
	l.attend(api.CodeReleaseRefused, "the grace period is over, but nothing was released: "+why)
}

// noticeHold says what a hold keeps from happening.
func (l *lifecycle) noticeHold() {
	switch {
	case l.s.Blocks.Hold != "" && l.s.Blocks.Expiry != nil:
		l.attend(api.CodeHeld, "the service has expired, but is held ("+l.s.Blocks.Hold+"): nothing is blocked or released by itself")
	case l.s.Blocks.ReleaseHeld && l.s.Blocks.GraceAsked && l.s.Blocks.Expiry != nil:
		l.attend(api.CodeReleaseRefused, "a hold has stopped the release, and is lifted now: the service stays blocked until it is renewed; retry releases it")
	case l.attends(api.CodeHeld), l.attends(api.CodeReleaseRefused) && l.s.Blocks.Expiry == nil:
		l.clearAttention()
	}
}
