package service

import (
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// attend makes the service wait for a person. The cause is told once. Actions replace those
// of the code's row where the place knows better.
func (l *lifecycle) attend(code, message string, actions ...string) {
	message = clean.Cut(message, api.LimitMessage)
	if l.s.Attention != nil && l.s.Attention.Code == code && l.s.Attention.Message == message {
		return
	}
	if len(actions) == 0 {
		actions = api.Attend(code).Actions
	}
	l.s.Operator.Attentions++
	l.s.Attention = &api.Attention{Number: l.s.Operator.Attentions, Code: code, Message: message, Since: l.now(), Actions: actions}
	l.note("needs attention: " + message)
}

func (l *lifecycle) attendError(err error, actions ...string) {
	p := call.ProblemOf(err)
	l.attend(p.Code, p.Message, actions...)
}

// attends tells whether the service waits for a person because of this.
func (l *lifecycle) attends(code string) bool {
	return l.s.Attention != nil && l.s.Attention.Code == code
}

func (l *lifecycle) clearAttention() {
	if l.s.Attention == nil {
		return
	}
	l.note("attention cleared: " + l.s.Attention.Code)
	l.s.Attention = nil
	if l.s.Life.Phase == api.PhaseAttention {
		l.s.Life.enter(api.PhasePending)
	}
}

// stop ends the build's way until a person decides.
func (l *lifecycle) stop(code, message string, actions ...string) {
	l.attend(code, message, actions...)
	l.s.Life.enter(api.PhaseAttention)
}

// stuck stops the build because a step failed for good.
func (l *lifecycle) stuck(err error) {
	p := call.ProblemOf(err)
	l.stop(p.Code, p.Message)
}

// interrupted tells whether a person wants something else than what is running.
func (l *lifecycle) interrupted() bool {
	o := l.s.Operator
	return o.Terminate != nil || o.Detach != nil || o.Retry != nil || o.Accept != nil
}
