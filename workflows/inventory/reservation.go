package inventory

import (
	"errors"
	"slices"
	"time"

	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/entity"
	"metalease/workflows/internal/message"
)

// reservationLimit is how long an order may take to ask. One that is stuck before it asks says
// so; this is for one that is lost.
const reservationLimit = 2 * time.Minute

// reserve notes an order that is on its way.
func (a *allocator) reserve(r fleet.Reservation) error {
	if r.ServiceID <= 0 || !clean.FitsJSON(r.Package, packageLimit) {
		return errors.New("the reservation names no service and package")
	}
	if slices.ContainsFunc(a.in.Queue, func(w waiter) bool { return w.ServiceID == r.ServiceID }) ||
		slices.ContainsFunc(a.in.Answers, func(x answer) bool { return x.Signal == message.SignalGranted && x.ServiceID == r.ServiceID }) {
		return nil // its own request was faster
	}
	a.arrived(r.ServiceID)
	r.Until = a.now().Add(reservationLimit)
	a.keepReservation(reservation{r, a.now()})
	return nil
}

func (a *allocator) keepReservation(r reservation) {
	a.in.Reservations = entity.Last(append(a.in.Reservations, r), keepReservations)
}

// arrived forgets an order that asks, or never will.
func (a *allocator) arrived(service int) {
	before := len(a.in.Reservations)
	a.in.Reservations = slices.DeleteFunc(a.in.Reservations, func(r reservation) bool { return r.ServiceID == service })
	a.in.Woken = a.in.Woken || len(a.in.Reservations) < before && len(a.in.Queue) > 0
}

// forgetLost drops orders that never asked.
func (a *allocator) forgetLost() {
	before := len(a.in.Reservations)
	a.in.Reservations = slices.DeleteFunc(a.in.Reservations, func(r reservation) bool { return !a.now().Before(r.Until) })
	a.in.Woken = a.in.Woken || len(a.in.Reservations) < before && len(a.in.Queue) > 0
}

// firstLost is when the next of them is dropped.
func (a *allocator) firstLost() time.Time {
	return slices.MinFunc(a.in.Reservations, func(x, y reservation) int { return x.Until.Compare(y.Until) }).Until
}

// overtaken tells whether an order that was paid before this one is still on its way.
func (a *allocator) overtaken(w waiter) bool {
	return slices.ContainsFunc(a.in.Reservations, func(r reservation) bool { return r.before(w) })
}

// heldUp tells whether anybody waits behind an order on its way.
func (a *allocator) heldUp() bool { return slices.ContainsFunc(a.in.Queue, a.overtaken) }

func (r reservation) before(w waiter) bool {
	return r.Package == w.Package && fleet.Earlier(r.PaidAt, r.ServiceID, w.PaidAt, w.ServiceID) < 0
}

// probe looks after the orders that hold others up. One whose lifecycle has ended without a word
// holds no server.
func (a *allocator) probe() {
	for i := range a.in.Reservations {
		r := &a.in.Reservations[i]
		if a.now().Sub(r.Probed) < a.quick(probeEvery) || !slices.ContainsFunc(a.in.Queue, r.before) {
			continue
		}
		r.Probed = a.now()
		service := r.ServiceID
		a.run.Post(entity.Letter{To: api.ServiceWorkflowID(service), Signal: message.SignalAskAgain, Lost: func() { a.arrived(service) }})
	}
}

// quick is a pause that is no longer than the one between two looks.
func (a *allocator) quick(pause time.Duration) time.Duration {
	return min(pause, time.Duration(a.in.Settings.WithDefaults().Repeat))
}
