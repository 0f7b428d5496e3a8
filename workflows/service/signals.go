package service

import (
	"encoding/json"
	"fmt"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
	"slices"
	"time"
)

// Limits of what a service remembers; its history must not grow with its age.
const (
	keepEvents   = 20
	keepTimeline = 50
	keepSeen     = 200
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

// receive records a public signal and applies it to the state. It only decides;
// the main loop acts. False is an input that could not be decoded.
func (s *State) receive(kind string, raw json.RawMessage, fault string, now time.Time) bool {
	event, err := api.ParseEvent(raw)
	if fault == "" && err != nil {
		fault = err.Error()
	}
	if fault != "" {
		s.record(api.EventRecord{Kind: kind, Outcome: api.OutcomeIgnored, Reason: fault})
		s.note(now, fmt.Sprintf("signal %s ignored: %s", kind, fault))
		return false
	}
	if event.EventID != "" {
		if slices.Contains(s.Seen, event.EventID) {
			return true // a retry of a call that arrived
		}
		s.Seen = message.Last(append(s.Seen, event.EventID), keepSeen)
	}
	if event.At.IsZero() {
		event.At.Time = now
	}
	verdict := s.decide(kind, event, now)
	s.record(api.EventRecord{EventID: event.EventID, Kind: kind, Outcome: verdict.outcome, Reason: verdict.why})
	s.note(now, sentence(kind, event, verdict))
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

func (s *State) decide(kind string, event api.Event, now time.Time) decision {
	ending := s.Phase == api.PhaseReleasing || s.Phase == api.PhaseReleased
	switch kind {
	case api.SignalExpire:
		return s.decideExpire(event, now, ending)
	case api.SignalRenew:
		return s.decideRenew(event, ending)
	case api.SignalSuspend, api.SignalUnsuspend:
		if ending && (s.Release.Deleting || s.Phase == api.PhaseReleased) {
			return ignored("the service is being released")
		}
		return s.decideSuspend(kind, event) // of a release that may still be undone it is remembered
	case api.SignalHold:
		s.Held = message.OrElse(event.Reason, "held")
		return applied("")
	case api.SignalUnhold:
		s.Held, s.GraceAsked = "", false
		return applied("")
	case api.SignalTerminate:
		undoing := s.undone()
		s.Terminate = &Ending{Reason: message.OrElse(event.Reason, "terminate"), Source: event.Source}
		if s.Phase == api.PhaseReleasing && s.Release.CutOff && !undoing {
			return applied("the release is under way")
		}
		return pending()
	case api.SignalDetach:
		if s.Phase == api.PhaseReleasing && (s.Attention == nil || s.Attention.Notice()) {
			return ignored("the service is being released")
		}
		s.Leaving = &Ending{Reason: message.OrElse(event.Reason, "detach"), Source: event.Source}
		return pending()
	case api.SignalRetry:
		return s.decideRetry(event)
	case api.SignalAccept:
		if s.Attention == nil {
			return ignored("nothing waits for a person")
		}
		s.Accept = &Retry{ServerID: string(event.ServerID)}
		return pending()
	}
	return ignored("unknown signal")
}

func (s *State) decideExpire(event api.Event, now time.Time, ending bool) decision {
	switch {
	case ending && !s.undone():
		return ignored("the service is being released")
	case !event.Due.IsZero() && event.Due.Before(s.PaidUntil):
		return ignored("paid until " + s.PaidUntil.Format(time.DateOnly) + ", so this is an older due date")
	case s.Expiry != nil && s.Blocked:
		return applied("already expired; the end of grace stays")
	case s.Expiry != nil:
		return pending()
	}
	grace := event.Grace
	if grace <= 0 {
		grace = s.Order.Grace
	}
	if grace <= 0 {
		grace = api.Duration(api.DefaultGrace)
	}
	expiry := &Expiry{Due: event.Due.Time, Since: now, Grace: grace}
	if ending { // the customer gets the server back first: the next grace period is a whole one
		s.ExpireLater = expiry
		return pending()
	}
	s.Expiry = expiry
	if s.Blocked {
		s.startGrace(now)
	}
	return pending()
}

// startGrace begins the grace period. It begins when the server is blocked, and
// a repeated expire never moves its end.
func (s *State) startGrace(now time.Time) {
	if s.Expiry == nil || s.GraceEndsAt != nil {
		return
	}
	end := now.Add(time.Duration(s.Expiry.Grace))
	s.GraceEndsAt = &end
}

func (s *State) decideRenew(event api.Event, ending bool) decision {
	if until := event.ExpiresAt.Time; !until.IsZero() {
		if until.Before(s.PaidUntil) {
			return superseded("a newer renewal is known, until " + s.PaidUntil.Format(time.DateOnly))
		}
		s.PaidUntil = until
		if s.Expiry != nil && !s.Expiry.Due.IsZero() && !until.After(s.Expiry.Due) {
			return ignored("it pays until " + until.Format(time.DateOnly) + ", which is what expired")
		}
	}
	if ending && !s.renewable() {
		s.PaidLate = s.Release.ForExpiry
		return ignored("the release cannot be undone any more")
	}
	s.Expiry, s.ExpireLater, s.GraceEndsAt, s.GraceAsked = nil, nil, nil, false
	s.settle(superseded("renewed"), api.SignalExpire)
	return s.unblocking()
}

// unblocking is the outcome of a signal that lifts a reason to block.
func (s *State) unblocking() decision {
	switch {
	case s.Phase == api.PhaseReleasing || s.Blocked && !s.wantsBlock():
		return pending()
	case s.wantsBlock():
		return applied("still blocked: " + s.blocks()[0].Reason)
	}
	return applied("")
}

// renewable tells whether a payment still undoes the release.
func (s *State) renewable() bool {
	return s.Phase == api.PhaseReleasing && s.Release.ForExpiry && !s.Release.Deleting && s.Server != nil && s.Terminate == nil
}

// undone tells whether a payment in time undoes the release.
func (s *State) undone() bool { return s.renewable() && s.Expiry == nil && !s.Release.RestoreFailed }

func (s *State) decideSuspend(kind string, event api.Event) decision {
	if event.At.Before(s.SuspendedAt) {
		return superseded("a newer decision is known, of " + s.SuspendedAt.Format(time.RFC3339))
	}
	s.SuspendedAt = event.At.Time
	source := message.OrElse(event.Source, "signal")
	if kind == api.SignalSuspend {
		reason := message.OrElse(event.Reason, "suspended")
		same := func(b api.Block) bool { return b.Reason == reason }
		if i := slices.IndexFunc(s.Suspensions, same); i >= 0 {
			if source != SourceWHMCS { // a person's word outlasts a payment; WHMCS's only confirms
				s.Suspensions[i].Source = source
			}
			if s.Blocked {
				return applied("already blocked for this reason")
			}
			return pending()
		}
		s.Suspensions = append(s.Suspensions, api.Block{Reason: reason, Source: source, Since: event.At.Time})
		return pending()
	}
	// WHMCS lifts what came through WHMCS: a payment is no pardon. People lift everything.
	s.Suspensions = slices.DeleteFunc(s.Suspensions, func(b api.Block) bool {
		return event.Source != SourceWHMCS || b.Source == SourceWHMCS
	})
	if len(s.Suspensions) == 0 {
		s.settle(superseded("unsuspended"), api.SignalSuspend)
	}
	return s.unblocking()
}

// SourceWHMCS is the source of signals that WHMCS sent on its own or for its staff.
const SourceWHMCS = "whmcs"

// decideRetry takes corrected order fields; identity, panel and payment stay.
func (s *State) decideRetry(event api.Event) decision {
	if s.Attention == nil {
		return ignored("nothing waits for a person")
	}
	if len(event.Order) > 0 && string(event.Order) != "null" {
		corrected := s.Order
		if err := json.Unmarshal(event.Order, &corrected); err != nil {
			return ignored("the order's fields cannot be read: " + err.Error())
		}
		corrected.ServiceID, corrected.ClientID, corrected.OrderID = s.Order.ServiceID, s.Order.ClientID, s.Order.OrderID
		corrected.PaidAt, corrected.Panel, corrected.Restart = s.Order.PaidAt, s.Order.Panel, s.Order.Restart
		if faults := corrected.Faults(); len(faults) > 0 {
			return ignored(fmt.Sprintf("the corrected order is wrong: %s %s", faults[0].Field, faults[0].Reason))
		}
		s.Order = corrected
	}
	s.Retry = &Retry{Replace: event.Replace, ServerID: string(event.ServerID)}
	return pending()
}

// settle gives every pending event of these kinds its outcome.
func (s *State) settle(verdict decision, kinds ...string) {
	for i := range s.Events {
		if s.Events[i].Outcome == api.OutcomePending && slices.Contains(kinds, s.Events[i].Kind) {
			s.Events[i].Outcome, s.Events[i].Reason = verdict.outcome, verdict.why
		}
	}
}

func (s *State) record(event api.EventRecord) {
	s.Events = message.Last(append(s.Events, event), keepEvents)
}

func (s *State) note(now time.Time, what string) {
	s.Timeline = message.Last(append(s.Timeline, api.Entry{At: now, What: what}), keepTimeline)
	s.UpdatedAt = now
	s.changes++
}
