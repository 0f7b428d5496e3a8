package service

import (
	"encoding/json"
	"fmt"
	"time"

	"metalease/workflows/api"
)

// decision is what a signal changes at once: the outcome, and why.
type decision struct {
	outcome api.Outcome
	why     string
}

func pending() decision              { return decision{outcome: api.OutcomePending} }
func applied(why string) decision    { return decision{api.OutcomeApplied, why} }
func ignored(why string) decision    { return decision{api.OutcomeIgnored, why} }
func superseded(why string) decision { return decision{api.OutcomeSuperseded, why} }

// decisions has one decision per row of api.SignalTable. A decision only changes the state;
// the main loop acts.
var decisions = map[string]func(s *State, e api.Event, now time.Time) decision{
	api.SignalExpire:    (*State).decideExpire,
	api.SignalRenew:     (*State).decideRenew,
	api.SignalSuspend:   (*State).decideSuspend,
	api.SignalUnsuspend: (*State).decideUnsuspend,
	api.SignalHold:      (*State).decideHold,
	api.SignalUnhold:    (*State).decideUnhold,
	api.SignalTerminate: (*State).decideTerminate,
	api.SignalRetry:     (*State).decideRetry,
	api.SignalAccept:    (*State).decideAccept,
	api.SignalDetach:    (*State).decideDetach,
}

// receive records a public signal and applies it to the state. False is an input that could
// not be decoded, or a signal that does not exist.
func (s *State) receive(kind string, raw json.RawMessage, fault string, now time.Time) bool {
	decide := decisions[kind]
	event, err := api.ParseEvent(raw)
	switch {
	case decide == nil:
		fault = "there is no such signal"
	case fault == "" && err != nil:
		fault = err.Error()
	}
	if fault != "" {
		s.Journal.record(api.EventRecord{Kind: kind, Outcome: api.OutcomeIgnored, Reason: fault})
		s.Journal.note(now, fmt.Sprintf("signal %s ignored: %s", kind, fault))
		return false
	}
	if s.Journal.repeated(event.EventID) {
		return true // a retry of a call that arrived
	}
	if event.At.IsZero() || event.At.After(now) { // a clock that is fast must not outvote every later word
		event.At.Time = now
	}
	var verdict decision
	if s.echo(kind, event, now) {
		verdict = s.confirmed(now)
	} else {
		verdict = decide(s, event, now)
	}
	s.Journal.record(api.EventRecord{EventID: event.EventID, Kind: kind, Outcome: verdict.outcome, Reason: verdict.why})
	s.Journal.note(now, sentence(kind, event, verdict))
	return true
}

func sentence(kind string, event api.Event, verdict decision) string {
	text := "signal " + kind
	if event.Reason != "" {
		text += " (" + event.Reason + ")"
	}
	if event.Source != "" {
		text += " from " + event.Source
	}
	if verdict.outcome != api.OutcomePending {
		text += ": " + string(verdict.outcome)
	}
	if verdict.why != "" {
		text += ", " + verdict.why
	}
	return text
}
