package service

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
)

// WHMCS follows what is true (docs/architecture.md, rule 10): one comparison at a time, of what
// is wanted now. It is cancelled when something else is wanted, and repeated until WHMCS agrees.

// Statuses of WHMCS that a service can want.
const (
	showActive     = "Active"
	showSuspended  = "Suspended"
	showTerminated = "Terminated"
	// showCancelled is for an order that ended before its customer had anything.
	showCancelled = "Cancelled"
)

// show is what WHMCS should show of the service; zero when nothing is to be compared now.
type show struct {
	Status string `json:"status,omitempty"`
	// Reason of a suspension.
	Reason string `json:"reason,omitempty"`
}

// Call is a call of ours of a function of WHMCS's module. What the module says while it is under
// way is its echo. A call that ended well has had its echo; one whose end nobody saw may still
// have one, a little later.
type Call struct {
	show
	// Until is when no echo is expected any more; zero while the call is under way.
	Until time.Time `json:"until,omitzero"`
}

// echoTime is how long the module may still answer a call whose end nobody saw: its reply was
// lost, or it was cancelled here while WHMCS went on with it.
const echoTime = 2 * time.Minute

// keepCalls bounds what is remembered of them.
const keepCalls = 3

// wanted is what WHMCS should show now.
func (s *State) wanted() show {
	switch {
	case s.Release.Rebuild: // the order goes on
	case s.Life.Unseen: // what is remembered may not be so
	case s.Release.Unbuilt:
		if s.Life.Phase == api.PhaseReleased {
			return show{Status: showCancelled}
		}
	case s.Life.Phase == api.PhaseReleased && s.Release.Server != nil, s.Life.Phase == api.PhaseReleasing && s.Release.CustomerGone():
		return show{Status: showTerminated}
	case s.Operator.Detach != nil, s.Blocks.Stopped != "", s.unsettled():
	case s.Life.Phase == api.PhaseBlocked:
		return show{Status: showSuspended, Reason: s.Blocks.reason()}
	case s.Life.Phase == api.PhaseActive:
		return show{Status: showActive}
	}
	return show{}
}

// followSoon has WHMCS compared with what is true, after it had time to show
// what its own call caused.
func (l *lifecycle) followSoon() { l.s.compareSoon(l.now()) }

func (l *lifecycle) followIn(pause time.Duration) {
	at := l.now().Add(pause)
	l.s.Billing.FollowAt = &at
}

// keepWHMCSAgreed runs beside the main loop: a WHMCS that is down keeps nothing waiting.
func (l *lifecycle) keepWHMCSAgreed(ctx workflow.Context) {
	for {
		_ = workflow.Await(ctx, func() bool { return l.s.Billing.FollowAt != nil && l.s.wanted() != show{} })
		at := *l.s.Billing.FollowAt
		changed := func() bool { return l.s.Billing.FollowAt == nil || !l.s.Billing.FollowAt.Equal(at) }
		if !entity.Until(ctx, at, "compare with WHMCS", changed) {
			l.following = true
			l.follow(ctx)
			l.following = false
		}
	}
}

// called notes the end of the newest call, if it has not had its echo.
func (b *Billing) called(err error, now time.Time) {
	i := slices.IndexFunc(b.Calls, func(c Call) bool { return c.Until.IsZero() })
	switch {
	case i < 0:
	case err == nil, edge.TypeOf(err) == edge.ErrNotCalled, temporal.IsCanceledError(err): // no attempt of a cancelled one had begun
		b.Calls = slices.Delete(b.Calls, i, i+1)
	default:
		b.Calls[i].Until = now.Add(echoTime)
	}
}

// agreed tells whether WHMCS shows what is true, or needs not.
func (l *lifecycle) agreed() bool {
	return !l.following && (l.s.Billing.FollowAt == nil || l.s.wanted() == show{})
}

// follow makes one comparison, and has WHMCS follow where it differs. The comparison waits for a
// WHMCS that is down; the call is one attempt, so that it is known whether there may be an echo.
func (l *lifecycle) follow(ctx workflow.Context) {
	want := l.s.wanted()
	if want == (show{}) {
		return
	}
	l.s.Billing.FollowAt = nil
	input := billing.FollowInput{ServiceRef: l.ref(), Want: want.Status, Reason: want.Reason}
	var compared billing.Compared
	var followed billing.Followed
	err := l.whileShown(ctx, want, l.whmcs("compare WHMCS with "+want.Status), &compared, call.Billing.Compare, input)
	if err == nil && compared.Differs && l.s.wanted() == want {
		l.s.Billing.Calls = entity.Last(append(l.s.Billing.Calls, Call{show: want}), keepCalls)
		err = l.whileShown(ctx, want, once(l.whmcs("have WHMCS show "+want.Status)), &followed, call.Billing.Follow, input)
		l.s.Billing.called(err, workflow.Now(ctx))
	}
	switch {
	case l.s.wanted() != want, temporal.IsCanceledError(err), edge.TypeOf(err) == edge.ErrNotCalled:
		l.followSoon() // what WHMCS shows now is compared anew
	case err != nil:
		l.disagrees(want, err)
	default:
		l.s.Billing.Refusals = 0
		l.noticeBilled(want, compared)
		l.noticeClient(cmp.Or(followed.ClientID, compared.ClientID))
		if followed.Did != "" {
			l.note(followed.Did)
		}
		if l.attends(api.CodeWHMCSDisagrees) {
			l.clearAttention()
			l.publish()
		}
	}
}

// noticeBilled has WHMCS end a service that it bills for, though its order was ended before the
// customer had anything: its server is in stock by now.
func (l *lifecycle) noticeBilled(want show, compared billing.Compared) {
	billed := compared.Status == showActive || compared.Status == showSuspended
	if want.Status == showCancelled && billed && l.s.Release.Server != nil {
		l.s.Release.Unbuilt = false
		l.followIn(0)
	}
}

// once are activity options for a single attempt.
func once(ctx workflow.Context) workflow.Context {
	return workflow.WithRetryPolicy(ctx, temporal.RetryPolicy{MaximumAttempts: 1})
}

// whileShown runs an activity beside the main loop, and gives it up when something else is
// wanted in WHMCS.
func (l *lifecycle) whileShown(ctx workflow.Context, want show, options workflow.Context, answer, activity any, input any) error {
	limited, stop := workflow.WithCancel(options)
	defer stop()
	future := workflow.ExecuteActivity(limited, activity, input)
	_ = workflow.Await(ctx, func() bool { return future.IsReady() || l.s.wanted() != want })
	if !future.IsReady() {
		stop()
	}
	return future.Get(ctx, answer)
}

// Pauses between comparisons that WHMCS refuses.
const (
	firstRefusal   = 5 * time.Minute
	longestRefusal = 6 * time.Hour
	// toldRefusals are how many refusals staff need not hear of.
	toldRefusals = 3
)

// disagrees repeats what WHMCS refused. A service that stays wrong in WHMCS is a person's
// business: it bills for what nobody has, or gives away what nobody pays for.
func (l *lifecycle) disagrees(want show, err error) {
	l.s.Billing.Refusals++
	before, told := min(l.s.Billing.Refusals-1, 10), toldRefusals
	pause := min(longestRefusal, firstRefusal<<before)
	if edge.TypeOf(err) == edge.ErrWHMCSUnavailable { // a lost reply, most often: no refusal, and soon over
		pause, told = min(pause, time.Duration(l.s.Settings.FollowDelay)<<before), 2*toldRefusals
	}
	l.followIn(pause)
	words := call.ProblemOf(err).Message
	l.note(fmt.Sprintf("WHMCS does not show %s: %s; tried again in %s", want.Status, words, pause))
	if l.s.Billing.Refusals >= told && l.s.Attention == nil {
		l.attend(api.CodeWHMCSDisagrees, "WHMCS does not show the service as "+want.Status+", though it is: "+words)
		l.publish() // the main loop may sleep on
	}
}

// answerWHMCS takes a person's word about what WHMCS refuses: retry compares at once, accept
// leaves WHMCS as it is.
func (l *lifecycle) answerWHMCS() {
	if !l.attends(api.CodeWHMCSDisagrees) {
		return
	}
	l.s.Billing.Refusals = 0
	if l.s.Operator.Retry != nil {
		l.followIn(0)
	} else {
		l.s.Billing.FollowAt = nil
	}
}

// echo tells whether a signal is the module's answer to our own call. It confirms, and is
// never a reason of its own.
func (s *State) echo(kind string, event api.Event, now time.Time) bool {
	if event.Source != api.SourceWHMCS {
		return false
	}
	i := slices.IndexFunc(s.Billing.Calls, func(c Call) bool {
		if !c.Until.IsZero() && now.After(c.Until) {
			return false
		}
		switch c.Status {
		case showSuspended:
			return kind == api.SignalSuspend && event.Reason == c.Reason || kind == api.SignalExpire && c.Reason == api.ReasonOverdue
		case showActive: // a renewal of an expired service is a payment, whoever says it
			return kind == api.SignalUnsuspend || kind == api.SignalRenew && s.Blocks.Expiry == nil && !s.Life.over()
		case showTerminated:
			return kind == api.SignalTerminate
		}
		return false
	})
	if i >= 0 && !s.Billing.Calls[i].Until.IsZero() { // it has had its echo; the next one is a word of its own
		s.Billing.Calls = slices.Delete(s.Billing.Calls, i, i+1)
	}
	return i >= 0
}

// confirmed takes an echo. It may have made WHMCS show what is not true any more, so that is
// compared once more.
func (s *State) confirmed(now time.Time) decision {
	if !slices.ContainsFunc(s.Billing.Calls, func(c Call) bool { return c.Until.IsZero() && c.show == s.wanted() }) {
		s.compareSoon(now)
	}
	return applied("WHMCS confirms what it was told")
}

func (s *State) compareSoon(now time.Time) {
	at := now.Add(time.Duration(s.Settings.FollowDelay))
	s.Billing.FollowAt = &at
}
