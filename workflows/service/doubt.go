package service

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// Doubt is a signal that looks older than what is known. WHMCS is the system of record: before
// the signal is ignored, it is asked until when the service is paid.
type Doubt struct {
	Kind  string    `json:"kind"`
	Event api.Event `json:"event"`
}

// doubt keeps the newest signal of which WHMCS is asked; it answers the older ones too.
func (s *State) doubt(kind string, event api.Event) {
	s.Blocks.Doubt = &Doubt{Kind: kind, Event: event}
}

// askWhatIsDoubted runs beside the main loop: a WHMCS that is down keeps nothing waiting.
func (l *lifecycle) askWhatIsDoubted(ctx workflow.Context) {
	for {
		_ = workflow.Await(ctx, func() bool { return l.s.Blocks.Doubt != nil })
		doubt := l.s.Blocks.Doubt
		l.asking = true
		limited, stop := workflow.WithCancel(l.whmcs("ask WHMCS until when the service is paid"))
		future := workflow.ExecuteActivity(limited, call.Billing.Standing, l.ref())
		_ = workflow.Await(ctx, func() bool { return future.IsReady() || l.s.Blocks.Doubt != doubt })
		stop()
		var standing billing.Standing
		err := future.Get(ctx, &standing)
		l.asking = false
		switch {
		case l.s.Blocks.Doubt != doubt: // something newer has settled it, or is asked about next
		case err != nil: // a word about money is not dropped because WHMCS cannot be asked
			l.note(doubt.Kind + " is older than what is known, and WHMCS cannot be asked: " + call.ProblemOf(err).Message + "; asked again in " + askAgain.String())
			l.sleepUntil(ctx, l.now().Add(askAgain), "ask WHMCS again until when the service is paid", func() bool { return l.s.Blocks.Doubt != doubt })
		default:
			l.s.Blocks.Doubt = nil
			l.noticeClient(standing.ClientID)
			l.resolve(*doubt, standing)
		}
	}
}

// askAgain is the pause before WHMCS is asked again that refused to answer.
const askAgain = 15 * time.Minute

// resolve does what the signal says if WHMCS agrees.
func (l *lifecycle) resolve(doubt Doubt, standing billing.Standing) {
	var verdict decision
	if doubt.Kind == api.SignalExpire {
		verdict = l.s.expireAsShown(doubt.Event, standing, l.now())
	} else {
		verdict = l.s.renewAsShown(standing)
	}
	l.s.Journal.settle(verdict, doubt.Kind)
	l.note(doubt.Kind + ", of which WHMCS was asked: " + string(verdict.outcome) + " " + verdict.why)
}

// expireAsShown expires the service by the date that WHMCS shows.
func (s *State) expireAsShown(event api.Event, standing billing.Standing, now time.Time) decision {
	if !standing.Overdue {
		return ignored("WHMCS shows the Next Due Date " + standing.Shown() + ", so this is an older due date")
	}
	s.Blocks.PaidUntil, s.Blocks.PaidSaid = standing.NextDue, now
	event.Due = api.Moment{Time: standing.NextDue}
	return s.decideExpire(event, now)
}

// renewAsShown takes the date that WHMCS shows for what was paid.
func (s *State) renewAsShown(standing billing.Standing) decision {
	served := standing.Status == showActive || standing.Status == showSuspended
	if standing.Overdue || s.Life.over() || !served {
		return superseded("a newer renewal is known, and WHMCS shows the service as " + standing.Status + ", Next Due Date " + standing.Shown())
	}
	s.Blocks.PaidUntil = standing.NextDue
	return s.paid()
}
