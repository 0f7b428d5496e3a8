package service

import (
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// attend makes the service wait for a person. The cause is told once.
func (l *lifecycle) attend(code, message string, actions ...string) {
	if l.s.Attention != nil && l.s.Attention.Code == code && l.s.Attention.Message == message {
		return
	}
	l.s.Attention = &api.Attention{Code: code, Message: message, Since: l.now(), Actions: actions}
	l.note("needs attention: " + message)
}

func (l *lifecycle) attendError(err error, actions ...string) {
	p := call.ProblemOf(err)
	if len(actions) == 0 {
		actions = p.Actions
	}
	l.attend(p.Code, p.Message, actions...)
}

func (l *lifecycle) clearAttention() {
	if l.s.Attention == nil {
		return
	}
	l.note("attention cleared: " + l.s.Attention.Code)
	l.s.Attention = nil
	if l.s.Phase == api.PhaseAttention {
		l.s.Phase = api.PhasePending
	}
}

// stuck stops the build until a person decides.
func (l *lifecycle) stuck(err error) {
	l.attendError(err)
	l.s.Phase = api.PhaseAttention
}

// interrupted tells whether a person wants something else than what is running.
func (l *lifecycle) interrupted() bool {
	return l.s.Terminate != nil || l.s.Leaving != nil || l.s.Retry != nil || l.s.Accept != nil
}
