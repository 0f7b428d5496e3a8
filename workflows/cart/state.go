package cart

import (
	"fmt"
	"slices"
	"time"

	"metalease/activities/checkout"
	"metalease/activities/webhook"
	"metalease/internal/clean"
	"metalease/workflows/api/shop"
	"metalease/workflows/internal/entity"
)

// stateVersion is the version of State that this build writes.
const stateVersion = 1

// State is the state of a cart. It starts as a shop.Start.
type State struct {
	StateVersion int `json:"state_version"`
	shop.Start
	// Cart is what people see of it; its state only ever changes by turn.
	Cart shop.Cart `json:"cart,omitzero"`
	// Checked is what WHMCS said of the request; set once, by the check.
	Checked checkout.Checked `json:"checked,omitzero"`
	// Created is true when a client may have been created for this cart: from before it is asked for, unless
	// another one was found.
	Created bool `json:"created,omitempty"`
	// Ordering is true from before the order is asked for: from then on there may be one.
	Ordering bool `json:"ordering,omitempty"`
	// Holds are the answers of the allocators; a stock that is not among them holds nothing of this cart.
	Holds []held `json:"holds,omitempty"`
	// Cancel is why the shop or a person wants it cancelled; empty: nobody does. An attempt clears it.
	Cancel string `json:"cancel,omitempty"`
	// Asked is true when there is a reason to read the invoice; the reading clears it.
	Asked bool `json:"asked,omitempty"`
	// PolledAt is when the invoice was read last.
	PolledAt time.Time `json:"polled_at,omitzero"`
	// Closed is true once nothing can follow: the order is cancelled, or was never placed.
	Closed bool `json:"closed,omitempty"`
	// Readings counts how often the invoice of a closed cart was read since.
	Readings int `json:"readings,omitempty"`
	// Followed are the services whose lifecycle has answered; AskedAt is when the others were last asked.
	Followed []int     `json:"followed,omitempty"`
	AskedAt  time.Time `json:"asked_at,omitzero"`
	// Outbox are events that the shop has not taken yet, in order; Events counts all that there were.
	Outbox []outgoing `json:"outbox,omitempty"`
	Events int        `json:"events,omitempty"`
	// Kept are those that it did not take in three days.
	Kept    []outgoing      `json:"kept,omitempty"`
	Notices []entity.Notice `json:"notices,omitempty"`
}

// held is stock that a cart wants, and what the allocator of its panel said.
type held struct {
	checkout.Want
	// Answer is empty until the allocator has said something, then yes or no.
	Answer string `json:"answer,omitempty"`
	Why    string `json:"why,omitempty"`
}

// outgoing is an event on its way to the shop.
type outgoing struct {
	webhook.Event
	// Since is when it came into the outbox; a replay begins anew.
	Since time.Time `json:"since,omitzero"`
	// Why it was not taken.
	Why string `json:"why,omitempty"`
}

// Limits of the state.
const (
	keepEvents  = 40
	keepProblem = 40
	textLimit   = 500
	// phaseLimit is of a phase, a step and an address.
	phaseLimit = 64
)

// turn is the only way into a state: the shop is told of it.
func (s *State) turn(to shop.State, now time.Time, problems ...shop.Fault) {
	if s.Cart.State == to {
		return
	}
	s.Cart.State, s.Cart.UpdatedAt = to, now
	s.tell(problems...)
	if event := stateEvents[to]; event != "" {
		told := s.Cart // as it is now: the services go on
		told.Services, told.Problems = slices.Clone(told.Services), slices.Clone(told.Problems)
		s.emit(event, told, now)
	}
}

// tell shows problems, each once.
func (s *State) tell(problems ...shop.Fault) {
	for _, p := range problems {
		p = shop.Fault{Field: clean.CutJSON(p.Field, 100), Reason: clean.CutJSON(p.Reason, textLimit)}
		if len(s.Cart.Problems) < keepProblem && !slices.Contains(s.Cart.Problems, p) {
			s.Cart.Problems = append(s.Cart.Problems, p)
		}
	}
}

// stateEvents are what a shop is told of a state.
var stateEvents = map[shop.State]string{
	shop.StateChecking: "", // nobody knows of it yet
	shop.StateOpen:     shop.EventOpen, shop.StatePaid: shop.EventPaid, shop.StateExpired: shop.EventExpired,
	shop.StateCancelled: shop.EventCancelled, shop.StateFailed: shop.EventFailed,
}

// emit puts an event into the outbox. When the shop has not taken very many, the oldest is kept for a
// replay.
func (s *State) emit(kind string, data any, now time.Time) {
	if !s.Terms.Webhook {
		return
	}
	s.Events++
	s.Outbox = append(s.Outbox, outgoing{Event: webhook.Event{
		Shop: s.Shop, ID: fmt.Sprintf("evt_%s_%d", s.CartID, s.Events), Type: kind, At: now, Data: data,
	}, Since: now})
	if len(s.Outbox) > keepEvents {
		s.keep(1, "many events of this cart were not taken") // the first may be on its way
	}
}

// keep takes an event out of the outbox and keeps it for a replay.
func (s *State) keep(i int, why string) {
	event := s.Outbox[i]
	event.Why = clean.CutJSON(why, textLimit)
	s.Outbox = slices.Delete(s.Outbox, i, i+1)
	s.Kept = entity.Last(append(s.Kept, event), keepEvents)
}

// replay puts kept events back into the outbox: one by its id, or all.
func (s *State) replay(id string, now time.Time) int {
	again := 0
	s.Kept = slices.DeleteFunc(s.Kept, func(e outgoing) bool {
		if id != "" && e.ID != id || len(s.Outbox) >= keepEvents {
			return false
		}
		e.Since, e.Why = now, ""
		s.Outbox = append(s.Outbox, e)
		again++
		return true
	})
	return again
}

// view is what people see; it shares nothing with the state.
func (s *State) view() shop.Cart {
	view := s.Cart
	view.Services, view.Problems, view.Undelivered = slices.Clone(view.Services), slices.Clone(view.Problems), nil
	for _, e := range s.Kept {
		view.Undelivered = append(view.Undelivered, shop.Undelivered{ID: e.ID, Type: e.Type, At: e.At, Why: e.Why})
	}
	return view
}

// holding tells whether every stock that the cart wants is held.
func (s *State) holding() bool {
	return len(s.Holds) > 0 && !slices.ContainsFunc(s.Holds, func(h held) bool { return h.Answer != answerYes })
}

// Answers of an allocator.
const (
	answerYes = "yes"
	answerNo  = "no"
)
