package inventory

import (
	"time"

	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// stateVersion is the version of State that this build writes.
const stateVersion = 1

// State is the state of an allocator: who waits, and what makes the same request get the same
// answer. Which server is whose is written in the panel, so that losing the allocator loses
// nothing. It starts as an api.EntityStart. Every list and every text has a limit, so that it fits
// into one payload of the engine.
type State struct {
	StateVersion int          `json:"state_version"`
	Panel        string       `json:"panel"`
	Settings     api.Settings `json:"settings,omitzero"`
	// Queue are those who wait, in the order of payment. A request puts one in; an answer takes it out.
	Queue []waiter `json:"queue,omitempty"`
	// Answers are the last ones, by service, run and ask. Each answer is added; a grant is taken out
	// when its server is released or when it reached nobody.
	Answers []answer `json:"answers,omitempty"`
	// Reservations are orders that will ask soon. The signal reserve adds one; it leaves when the order
	// asks or withdraws, when its lifecycle has ended, and after two minutes.
	Reservations []reservation `json:"reservations,omitempty"`
	// Holds are stock kept for carts. The signal hold-stock adds one; it leaves when its services have their
	// servers, by free-stock, when its time is over, and when it is refused.
	Holds []hold `json:"holds,omitempty"`
	// Returns are servers to be given back under the mark of a service that does not want them. A
	// grant that reached nobody adds one; it leaves when the panel was told, or says that there is
	// nothing to give back.
	Returns []giveBack `json:"returns,omitempty"`
	// Aside are servers that could not be claimed lately. A failed claim adds one; it leaves in ten
	// minutes, by a refresh, and when the server is released.
	Aside []aside `json:"aside,omitempty"`
	// Stock is what the last look at the panel showed; set by each look.
	Stock fleet.Stock `json:"stock,omitzero"`
	// Woken is true when there is a reason to look at the panel; the next cycle clears it.
	Woken bool `json:"woken,omitempty"`
	// Notices are what people should see.
	Notices []entity.Notice `json:"notices,omitempty"`
}

// waiter is a request and what its service was told about it.
type waiter struct {
	message.ServerRequest
	// Told is the position that the service knows; 0 is none.
	Told int `json:"told,omitempty"`
	// Heard is when the service asked last.
	Heard time.Time `json:"heard,omitzero"`
	// Unsure is a server whose claim for the service may have been saved. It is claimed again before
	// any other.
	Unsure string `json:"unsure,omitempty"`
	// MissingSince is since when no server of the panel is of the package.
	MissingSince time.Time `json:"missing_since,omitzero"`
}

func (w waiter) is(x waiter) bool {
	return w.ServiceID == x.ServiceID && w.RunID == x.RunID && w.Ask == x.Ask
}

// answer is what a request was answered.
type answer struct {
	ServiceID int    `json:"service_id"`
	RunID     string `json:"run_id"`
	// Package of the server that was granted.
	Package string `json:"package,omitempty"`
	// Signal is granted, refused or withdrawn.
	Signal string        `json:"signal"`
	Reply  message.Reply `json:"reply"`
}

// reservation is an order on its way.
type reservation struct {
	fleet.Reservation
	// Probed is when its lifecycle was last known to run.
	Probed time.Time `json:"probed,omitzero"`
}

// giveBack is a server that carries the mark of a service which does not want it.
type giveBack struct {
	ServiceID int    `json:"service_id"`
	ServerID  string `json:"server_id"`
}

// aside is a server that is offered to nobody for a while.
type aside struct {
	ServerID string    `json:"server_id"`
	Until    time.Time `json:"until"`
}

// Limits of the state. All full, it is below the 2 MiB of a payload; a test fills it.
const (
	// keepWaiters is how many services may wait; those who paid last are refused beyond it.
	keepWaiters = 2000
	// keepAnswers bounds the memory of answers; older grants are found by their mark.
	keepAnswers      = 560
	keepReservations = 800
	keepReturns      = 400
	keepAside        = 400
	keepPackages     = 200
	keepExcluded     = 8

	packageLimit = 80
	idLimit      = 24
	runLimit     = 40
	whyLimit     = 200
	nameLimit    = 60
)

// bounded cuts what a panel said about a server.
func bounded(m panel.Server) panel.Server {
	return panel.Server{
		ID: clean.CutJSON(m.ID, idLimit), Label: clean.CutJSON(m.Label, nameLimit),
		Hostname: clean.CutJSON(m.Hostname, nameLimit), IP: clean.CutJSON(m.IP, nameLimit),
	}
}
