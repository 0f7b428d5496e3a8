package service

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// longWait is how long a service waits for a server before staff hear of it.
const longWait = time.Hour

// Announced is the cause that staff were told last; nil when they know of none.
type Announced struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	// Ticket in which it is told; 0 is none.
	Ticket int `json:"ticket,omitempty"`
}

// problem is what WHMCS should show beside the service now.
func (s *State) problem() string {
	switch {
	case s.Attention != nil:
		return s.Attention.Message
	case s.Life.Phase == api.PhaseWaiting:
		return "no free server of package " + s.Order.Package + "; the order goes on by itself when one is free"
	}
	return ""
}

// cause is what staff should know of now.
func (s *State) cause() *Announced {
	switch {
	case s.Attention != nil:
		return &Announced{Code: s.Attention.Code, Message: s.Attention.Message}
	case s.Life.Phase == api.PhaseWaiting && s.Request.LongWait:
		return &Announced{Code: api.CodeLongWait, Message: fmt.Sprintf("it has waited for more than %s for a free server of package %s on panel %s",
			longWait, s.Order.Package, s.Order.Panel)}
	}
	return nil
}

func (l *lifecycle) told() bool {
	return l.s.problem() == l.s.Billing.ProblemTold && l.announced() && l.s.Billing.Aside == nil
}

// announced tells whether staff know the cause. Another text of the same cause is no news.
func (l *lifecycle) announced() bool {
	cause, known := l.s.cause(), l.s.Billing.Announced
	if cause == nil || known == nil {
		return cause == nil && known == nil
	}
	return cause.Code == known.Code
}

// keepWHMCSTold shows each problem in WHMCS once and takes it back when it is over, and
// has staff told, beside the main loop, which it never delays.
func (l *lifecycle) keepWHMCSTold(ctx workflow.Context) {
	for {
		_ = workflow.Await(ctx, func() bool { return !l.told() })
		l.telling = true
		if problem := l.s.problem(); problem != l.s.Billing.ProblemTold {
			l.showProblem(ctx, problem)
		}
		if !l.announced() {
			l.announce(ctx)
		}
		if aside := l.s.Billing.Aside; aside != nil {
			l.s.Billing.Aside = nil
			_ = l.say(ctx, "tell staff", billing.Announcement{ServiceRef: l.ref(), Code: aside.Code, Message: aside.Message})
		}
		l.telling = false
	}
}

func (l *lifecycle) showProblem(ctx workflow.Context, problem string) {
	summary := "show the problem in WHMCS"
	if problem == "" {
		summary = "take the problem back in WHMCS"
	}
	// A refused note must not stop the service: the status shows the problem in any case.
	_ = workflow.ExecuteActivity(l.whmcs(summary), call.Billing.Note,
		billing.NoteInput{ServiceRef: l.ref(), Problem: problem}).Get(ctx, nil)
	l.s.Billing.ProblemTold = problem
}

// announce tells staff of a new cause, after the end of the one before.
func (l *lifecycle) announce(ctx workflow.Context) {
	cause, summary := l.s.cause(), "tell staff"
	said := billing.Announcement{ServiceRef: l.ref()}
	if known := l.s.Billing.Announced; known != nil {
		cause, summary = nil, "tell staff that it is over"
		said.Code, said.Message, said.Over, said.Ticket = known.Code, known.Message, true, known.Ticket
	} else {
		said.Code, said.Message = cause.Code, cause.Message
	}
	left := l.say(ctx, summary, said)
	if cause != nil {
		cause.Ticket = left.Ticket
	}
	l.s.Billing.Announced = cause
}

// say tells staff something. Refused words must not stop the service either.
func (l *lifecycle) say(ctx workflow.Context, summary string, said billing.Announcement) (left billing.Announced) {
	_ = workflow.ExecuteActivity(l.whmcs(summary), call.Billing.Announce, said).Get(ctx, &left)
	return left
}
