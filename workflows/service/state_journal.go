package service

import (
	"slices"
	"time"

	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/internal/entity"
)

// Journal is what people read of the past. It is bounded: a history must not grow with its age.
type Journal struct {
	Events []api.EventRecord `json:"events,omitempty"`
	// Seen are the newest event ids, so that a repeated call changes nothing.
	Seen      []string    `json:"seen,omitempty"`
	Timeline  []api.Entry `json:"timeline,omitempty"`
	UpdatedAt time.Time   `json:"updated_at,omitzero"`
}

// Limits of the journal.
const (
	keepEvents   = 20
	keepTimeline = 50
	keepSeen     = 200
)

// note adds a line to the timeline.
func (j *Journal) note(now time.Time, what string) {
	j.Timeline = entity.Last(append(j.Timeline, api.Entry{At: now, What: clean.Cut(what, api.LimitMessage)}), keepTimeline)
	j.UpdatedAt = now
}

// record adds a signal and what became of it.
func (j *Journal) record(event api.EventRecord) {
	event.Reason = clean.Cut(event.Reason, api.LimitMessage)
	j.Events = entity.Last(append(j.Events, event), keepEvents)
}

// repeated tells whether an event id came before, and remembers it.
func (j *Journal) repeated(id string) bool {
	if id == "" {
		return false
	}
	if slices.Contains(j.Seen, id) {
		return true
	}
	j.Seen = entity.Last(append(j.Seen, id), keepSeen)
	return false
}

// waits tells whether an event of one of these kinds has no outcome yet.
func (j *Journal) waits(kinds ...string) bool {
	return slices.ContainsFunc(j.Events, func(e api.EventRecord) bool {
		return e.Outcome == api.OutcomePending && slices.Contains(kinds, e.Kind)
	})
}

// settle gives every pending event of these kinds its outcome.
func (j *Journal) settle(verdict decision, kinds ...string) {
	for _, i := range j.pending(kinds...) {
		j.settleOne(i, verdict)
	}
}

// settleNewest does so for the newest events of a kind, and settleBut for all but the newest.
func (j *Journal) settleNewest(verdict decision, kind string, count int) {
	all := j.pending(kind)
	for _, i := range all[max(0, len(all)-count):] {
		j.settleOne(i, verdict)
	}
}

func (j *Journal) settleBut(verdict decision, kind string, newest int) {
	all := j.pending(kind)
	for _, i := range all[:max(0, len(all)-newest)] {
		j.settleOne(i, verdict)
	}
}

// pending are the places of the events of these kinds that have no outcome yet.
func (j *Journal) pending(kinds ...string) (places []int) {
	for i, e := range j.Events {
		if e.Outcome == api.OutcomePending && slices.Contains(kinds, e.Kind) {
			places = append(places, i)
		}
	}
	return places
}

func (j *Journal) settleOne(i int, verdict decision) {
	j.Events[i].Outcome, j.Events[i].Reason = verdict.outcome, clean.Cut(verdict.why, api.LimitMessage)
}
