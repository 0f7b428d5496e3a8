package service

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/workflows/api"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// decision is what a signal changes at once: the outcome, and why.
type decision struct {
	outcome api.Outcome
	why     string
}

func pending() decision              { return decision{outcome: api.OutcomePending} }
func applied(why string) decision    { return decision{api.OutcomeApplied, why} }
func ignored(why string) decision    { return decision{api.OutcomeIgnored, why} }
func failed(why string) decision     { return decision{api.OutcomeFailed, why} }
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
	api.SignalPower:     acts(api.SignalPower),
	api.SignalReinstall: acts(api.SignalReinstall),
	api.SignalNetwork:   acts(api.SignalNetwork),
	api.SignalAddresses: acts(api.SignalAddresses),
}

// signals are all that a lifecycle understands: the public ones, and the answers of our own
// workflows. An unknown name is an event too, which changes nothing.
func (l *lifecycle) signals() []entity.Signal {
	var all []entity.Signal
	for _, row := range api.SignalTable {
		all = append(all, entity.Signal{Name: row.Name, Description: row.Effect, Take: func(in entity.Input) error {
			if !l.s.receive(row.Name, in.JSON, in.Fault, l.now()) {
				return errUnread
			}
			return nil
		}})
	}
	for _, name := range []string{message.SignalGranted, message.SignalRefused, message.SignalQueued, message.SignalWithdrawn} {
		all = append(all, entity.Signal{Name: name, Description: "of the allocator", Take: entity.As(func(r message.Reply) error {
			l.inbox.takeReply(l.s, name, r)
			return nil
		})})
	}
	return append(all,
		entity.Signal{Name: message.SignalAskAgain, Description: "of a new allocator, which knows of nobody", Take: func(entity.Input) error {
			l.inbox.askAgain = true
			return nil
		}},
		entity.Signal{Name: message.SignalFollow, Description: "of the cart whose order this is", Take: entity.As(func(cart string) error { return l.s.followed(cart) })},
		entity.Signal{Name: message.SignalLook, Description: "of the reconciler: look at WHMCS and the panel again", Take: func(entity.Input) error {
			if l.serves() {
				l.s.Life.lookSoon() // in every other phase each step looks by itself
			}
			return nil
		}},
		entity.Signal{Name: message.SignalAccount, Description: "of the client's account entity", Take: entity.As(func(r message.AccountReply) error {
			if l.s.Life.Step == api.StepAccount || l.s.Life.Unseen { // the look asks too; later ones are repeats
				l.inbox.account = &r
			}
			return nil
		})},
	)
}

// errUnread has the engine's metrics count an input that could not be read; the event says why.
var errUnread = errors.New("the input cannot be read")

// ignored makes a signal of an unknown name an event that changed nothing. A known one has its
// event already, and a broken answer of ours is asked for again.
func (l *lifecycle) ignored(signal, why string) {
	if slices.ContainsFunc(l.signals(), func(s entity.Signal) bool { return s.Name == signal }) {
		return
	}
	l.s.Journal.record(api.EventRecord{Kind: signal, Outcome: api.OutcomeIgnored, Reason: "unknown signal; these exist: " + strings.Join(api.Signals, ", ")})
	l.note("signal " + signal + " ignored: " + why)
}

// receive records a public signal and applies it to the state. False is an input that could
// not be decoded.
func (s *State) receive(kind string, raw json.RawMessage, fault string, now time.Time) bool {
	decide := decisions[kind]
	event, err := api.ParseEvent(raw)
	if fault == "" && err != nil {
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
		if until := event.ExpiresAt.Time; kind == api.SignalRenew && until.After(s.Blocks.PaidUntil) && until.Before(now.Add(absurd)) {
			s.Blocks.PaidUntil, s.Blocks.PaidSaid = until, event.At.Time // what it says of the date is true all the same
		}
		verdict = s.confirmed(now)
	} else {
		verdict = decide(s, event, now)
		if s.Life.Unseen && verdict.outcome == api.OutcomeApplied && showsInPanel(kind) {
			verdict = pending() // it was decided by memory alone
		}
	}
	s.Journal.record(api.EventRecord{EventID: event.EventID, Kind: kind, Outcome: verdict.outcome, Reason: verdict.why})
	s.Journal.note(now, sentence(kind, event, verdict))
	return true
}

// showsInPanel tells whether the effect of a signal is something that the panel shows.
func showsInPanel(kind string) bool {
	switch kind {
	case api.SignalExpire, api.SignalRenew, api.SignalSuspend, api.SignalUnsuspend, api.SignalTerminate:
		return true
	}
	return false
}

func sentence(kind string, event api.Event, verdict decision) string {
	text := "signal " + kind
	if row, _ := api.SignalOf(kind); row.Running {
		text = event.Actor.String() + " asks for: " + newAction(kind, event, event.At.Time).What
	}
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
