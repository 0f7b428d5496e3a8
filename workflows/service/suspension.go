package service

import (
	"cmp"
	"slices"
	"time"

	"metalease/workflows/api"
)

// sourcePanel is the source of a block that somebody set in the panel.
const sourcePanel = "panel"

// decideSuspend adds a reason to block. One that comes during a release that may still be
// undone is remembered for that.
func (s *State) decideSuspend(event api.Event, now time.Time) decision {
	if verdict, stale := s.staleSuspension(event); stale {
		return verdict
	}
	source, reason := cmp.Or(event.Source, "signal"), cmp.Or(event.Reason, "suspended")
	if source == api.SourceWHMCS && reason == reasonOverdue {
		// What is overdue by WHMCS's own date is told by expire. This is a suspension whose date is not past: a
		// late row of its module queue, or an answer to a call of ours that is not true any more.
		s.compareSoon(now)
		return applied("no due date is past, so nothing is blocked; WHMCS is compared with that")
	}
	same := func(b api.Block) bool { return b.Reason == reason }
	if i := slices.IndexFunc(s.Blocks.Suspensions, same); i >= 0 {
		if source != api.SourceWHMCS { // a person's word outlasts a payment; WHMCS's only confirms
			s.Blocks.Suspensions[i].Source = source
		}
		if s.blocked() {
			return applied("already blocked for this reason")
		}
		return pending()
	}
	s.Blocks.suspend(reason, source, event.At.Time)
	return pending()
}

// decideUnsuspend lifts reasons to block. WHMCS lifts what came through WHMCS: a payment is no
// pardon. People lift everything.
func (s *State) decideUnsuspend(event api.Event, _ time.Time) decision {
	if verdict, stale := s.staleSuspension(event); stale {
		return verdict
	}
	s.Blocks.Suspensions = slices.DeleteFunc(s.Blocks.Suspensions, func(b api.Block) bool {
		return event.Source != api.SourceWHMCS || b.Source == api.SourceWHMCS
	})
	if len(s.Blocks.Suspensions) == 0 {
		s.Journal.settle(superseded("unsuspended"), api.SignalSuspend)
	}
	return s.unblocking()
}

// staleSuspension is the verdict on a suspend or unsuspend that comes too late: after the
// release, or after a newer decision.
func (s *State) staleSuspension(event api.Event) (decision, bool) {
	switch {
	case s.Life.Phase == api.PhaseReleased, s.Life.Phase == api.PhaseReleasing && !s.Release.Undoable():
		return ignored("the service is being released"), true
	case event.At.Before(s.Blocks.SuspendedAt):
		return superseded("a newer decision is known, of " + s.Blocks.SuspendedAt.Format(time.RFC3339)), true
	}
	s.Blocks.SuspendedAt = event.At.Time
	return decision{}, false
}

// unblocking is the outcome of a signal that lifts a reason to block.
func (s *State) unblocking() decision {
	switch {
	case s.Life.Phase == api.PhaseReleasing || s.blocked() && !s.wantsBlock():
		return pending()
	case s.wantsBlock():
		return applied("still blocked: " + s.Blocks.reasons()[0].Reason)
	}
	return applied("")
}
