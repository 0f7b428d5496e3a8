package fleet

import "time"

// Stock is what a panel could sell. A nil count is unknown, which is not zero.
type Stock struct {
	Panel    string         `json:"panel"`
	Packages []PackageStock `json:"packages"`
	AsOf     *time.Time     `json:"as_of"`
	// OldestPaidAt is when the order was paid that stands first in the queue; nil when nobody waits.
	OldestPaidAt *time.Time `json:"oldest_paid_at,omitempty"`
}

// PackageStock counts the servers of one package.
type PackageStock struct {
	Package string `json:"package"`
	// Free are those that anybody may order: what is held is not among them.
	Free        *int `json:"free"`
	Claimed     *int `json:"claimed"`
	Quarantined *int `json:"quarantined"`
	Waiting     int  `json:"waiting"`
	// Held are kept for carts of shops.
	Held int `json:"held"`
}

// QueryStock, asked of an inventory, answers a Stock.
const QueryStock = "stock"

// QueryPosition, asked of an inventory with a service id, answers the service's
// place in the queue; 1 is next, 0 is not waiting.
const QueryPosition = "position"

// SignalRefresh asks an inventory to look at the panel now.
const SignalRefresh = "refresh"
