package whmcs

import (
	"context"
	"encoding/json"
	"slices"
)

// SoldOrder is an order as our module reads it from WHMCS, by the rule by which it starts one:
// product settings, configurable options, the server that staff named, the time of payment.
type SoldOrder struct {
	ServiceID int    `json:"service_id"`
	Status    Status `json:"status"`
	// Due tells that what starts the service has happened: as a rule, that it is paid.
	Due bool `json:"due"`
	// PaidAt is its place in the queue, RFC 3339; empty when it was neither paid nor asked for.
	PaidAt string `json:"paid_at"`
	// Panel is the one that is to build it; empty when its product and server entry name none.
	Panel string `json:"panel"`
	// Notice is what the module last heard against a start; Problem why it cannot make an
	// order of it now. Both are for staff, and empty for nothing.
	Notice  string `json:"notice"`
	Problem string `json:"problem"`
	// Order is the body of POST /v1/services; empty with a Problem.
	Order json.RawMessage `json:"order"`
}

// OrdersPage is where our module answers for orders. WHMCS's API does not show the settings of
// products (docs/whmcs-api.md 1.6, GetProducts).
const OrdersPage = "/modules/servers/metalease/orders.php"

// soldOrdersAtOnce is the most that the page takes in one question.
const soldOrdersAtOnce = 200

// SoldOrders asks our module for the orders of these services; what it does not have is left
// out. With prepare an empty username and password of the service are filled, as before every
// start. Errors: those of IspsystemRecords.
func (c *Client) SoldOrders(ctx context.Context, services []int, prepare bool) ([]SoldOrder, error) {
	var all []SoldOrder
	for some := range slices.Chunk(services, soldOrdersAtOnce) {
		var answer struct {
			Orders table[SoldOrder] `json:"orders"`
		}
		if err := c.askPage(ctx, OrdersPage, map[string]any{"services": some, "prepare": prepare}, &answer); err != nil {
			return nil, err
		}
		rows, err := rowsOf(c, OrdersPage, answer.Orders)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}
