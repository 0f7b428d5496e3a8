package fleet

import (
	"cmp"
	"metalease/workflows/api"
	"time"
)

// SignalReserve tells an allocator of an order that has started and will soon ask for a server.
const SignalReserve = "reserve"

// Reservation is an order on its way to the allocator. It keeps its place from the moment at
// which it started: an order that was paid later, but is checked sooner, does not overtake it.
type Reservation struct {
	ServiceID int        `json:"service_id"`
	Package   string     `json:"package"`
	PaidAt    api.Moment `json:"paid_at"`
	// Until is how long a server is kept for it.
	Until time.Time `json:"until,omitzero"`
}

// NewReservation announces an order that any server of its package can serve.
func NewReservation(o api.Order) Reservation {
	return Reservation{ServiceID: o.ServiceID, Package: o.Package, PaidAt: api.Moment{Time: o.PaidAt}}
}

// Earlier tells who is served first: who paid first, and the lower service id of two that
// paid in the same moment.
func Earlier(paid api.Moment, service int, otherPaid api.Moment, otherService int) int {
	return cmp.Or(paid.Compare(otherPaid.Time), cmp.Compare(service, otherService))
}
