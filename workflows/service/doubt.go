package service

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"
)

// Doubts are signals that look older than what is known, the newest of each kind. WHMCS is the
// system of record: before they are ignored, it is asked until when the service is paid. Its
// one answer settles both, and neither takes the other's place.
type Doubts struct {
	Expire *Doubted `json:"expire,omitempty"`
	Renew  *Doubted `json:"renew,omitempty"`
}

// Doubted is what is left of a signal that is doubted.
type Doubted struct {
	Due   api.Moment   `json:"due,omitzero"`
	Grace api.Duration `json:"grace,omitempty"`
}

// of tells whether a kind of signal is doubted.
func (d Doubts) of(kind string) bool {
	return kind == api.SignalExpire && d.Expire != nil || kind == api.SignalRenew && d.Renew != nil
}

// Undue is what a person has to see about a block or release that WHMCS did not agree to, unless
// it shows that somebody paid.
type Undue struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// undue asks WHMCS until when the service is paid, because it does not agree that something is
// due. What was paid ends the expiry without a word to anybody: a corrected billing run must
// not open a ticket for each service.
func (l *lifecycle) undue(code, message string) {
	l.s.Blocks.Undue = &Undue{code, clean.Cut(message, api.LimitMessage)}
	l.s.Blocks.Doubts.Renew = &Doubted{}
}

// askWhatIsDoubted runs beside the main loop: a WHMCS that is down keeps nothing waiting.
func (l *lifecycle) askWhatIsDoubted(ctx workflow.Context) {
	for {
		_ = workflow.Await(ctx, func() bool { return l.s.Blocks.Doubts != Doubts{} })
		asked := l.s.Blocks.Doubts
		other := func() bool { return l.s.Blocks.Doubts != asked }
		l.asking = true
		limited, stop := workflow.WithCancel(l.whmcs("ask WHMCS until when the service is paid"))
		future := workflow.ExecuteActivity(limited, call.Billing.Standing, l.ref())
		_ = workflow.Await(ctx, func() bool { return future.IsReady() || other() })
		stop()
		var standing billing.Standing
		err := future.Get(ctx, &standing)
		l.asking = false
		switch {
		case other(): // something newer has settled it, or is asked about next
		case err != nil: // a word about money is not dropped because WHMCS cannot be asked
			l.note("WHMCS cannot be asked until when the service is paid: " + call.ProblemOf(err).Message + "; asked again in " + askAgain.String())
			entity.Until(ctx, l.now().Add(askAgain), "ask WHMCS again until when the service is paid", other)
		default:
			l.s.Blocks.Doubts = Doubts{}
			l.noticeClient(standing.ClientID)
			l.resolve(asked, standing)
		}
	}
}

// askAgain is the pause before WHMCS is asked again that refused to answer.
const askAgain = 15 * time.Minute

// resolve does what the signals say if WHMCS agrees.
func (l *lifecycle) resolve(asked Doubts, standing billing.Standing) {
	if asked.Renew != nil {
		l.resolved(api.SignalRenew, l.s.renewAsShown(standing))
	}
	if asked.Expire != nil {
		l.resolved(api.SignalExpire, l.s.expireAsShown(*asked.Expire, standing, l.now()))
	}
	if undue := l.s.Blocks.Undue; undue != nil {
		l.s.Blocks.Undue = nil
		l.attend(undue.Code, undue.Message)
		l.publish() // the main loop may sleep on
	}
}

func (l *lifecycle) resolved(kind string, verdict decision) {
	l.s.Journal.settle(verdict, kind)
	l.note(kind + ", of which WHMCS was asked: " + string(verdict.outcome) + " " + verdict.why)
}

// expireAsShown expires the service by the date that WHMCS shows.
func (s *State) expireAsShown(doubted Doubted, standing billing.Standing, now time.Time) decision {
	if !standing.Overdue {
		return ignored("WHMCS shows the Next Due Date " + standing.Shown() + ", so this is an older due date")
	}
	s.Blocks.PaidUntil, s.Blocks.PaidSaid = standing.NextDue, now
	return s.decideExpire(api.Event{Due: api.Moment{Time: standing.NextDue}, Grace: doubted.Grace}, now)
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
