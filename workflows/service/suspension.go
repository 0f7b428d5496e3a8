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
	source, reason := cmp.Or(event.Source, "signal"), cmp.Or(event.Reason, "suspended")
	if source == api.SourceWHMCS && reason == api.ReasonOverdue {
		// What is overdue by WHMCS's own date is told by expire. This is a suspension whose date is not past: a
		// late row of its module queue, or an answer to a call of ours that is not true any more.
		s.compareSoon(now)
		return applied("no due date is past, so nothing is blocked; WHMCS is compared with that")
	}
	if s.suspensionsClosed() {
		return ignored("the service is being released")
	}
	same := func(b api.Block) bool { return b.Reason == reason }
	if i := slices.IndexFunc(s.Blocks.Suspensions, same); i >= 0 { // it only confirms, however old it is
		s.newestSuspension(event)
		if source != api.SourceWHMCS { // a person's word outlasts a payment; WHMCS's only confirms
			s.Blocks.Suspensions[i].Source = source
		}
		if s.blocked() {
			return applied("already blocked for this reason")
		}
		return pending()
	}
	if verdict, older := s.olderSuspension(event); older {
		return verdict
	}
	s.Blocks.suspend(reason, source, event.At.Time)
	return pending()
}

// decideUnsuspend lifts reasons to block. WHMCS lifts what came through WHMCS: a payment is no
// pardon. People lift everything.
func (s *State) decideUnsuspend(event api.Event, _ time.Time) decision {
	if s.suspensionsClosed() {
		return ignored("the service is being released")
	}
	if verdict, older := s.olderSuspension(event); older {
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

// suspensionsClosed tells whether it is too late for reasons to block. Those that come during a
// release that may still be undone are remembered for that.
func (s *State) suspensionsClosed() bool {
	return s.Life.Phase == api.PhaseReleased || s.Life.Phase == api.PhaseReleasing && !s.Release.Undoable()
}

// olderSuspension is the verdict on a suspend or unsuspend after a newer one of the same source.
func (s *State) olderSuspension(event api.Event) (decision, bool) {
	if !s.newestSuspension(event) {
		return superseded("a newer decision is known, of " + s.Blocks.SuspendedAt.Format(time.RFC3339)), true
	}
	return decision{}, false
}

// newestSuspension notes when a word was said; false is one older than the newest of its source.
func (s *State) newestSuspension(event api.Event) bool {
	b := &s.Blocks
	if event.Source == b.SuspendedBy && event.At.Before(b.SuspendedAt) {
		return false
	}
	b.SuspendedAt, b.SuspendedBy = event.At.Time, event.Source
	return true
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
