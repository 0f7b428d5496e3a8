package whmcs

import (
	"context"
	"net/url"
	"strconv"
)

// CancelOrder cancels a Pending order and its services. A paid order is Pending too, until
// somebody accepts it: read the invoice before, and once more behind it, for a payment
// may have come in between; [Client.ReopenOrder] undoes it then. Silent keeps WHMCS from
// mailing. What becomes of the unpaid invoice is not sure (docs/whmcs-api.md W21): read it.
// A repeat is refused with the reason order-status, as is an order that is not there.
func (c *Client) CancelOrder(ctx context.Context, id int, silent bool) error {
	return c.do(ctx, call{action: "CancelOrder", params: fields("orderid", positive(id), "noemail", on(silent)), changes: true}, nil)
}

// ReopenOrder sets an order and its services back to Pending, whatever they were.
func (c *Client) ReopenOrder(ctx context.Context, id int) error {
	return c.do(ctx, call{action: "PendingOrder", params: url.Values{"orderid": {strconv.Itoa(id)}}, changes: true}, nil)
}

// DeleteOrder removes a Cancelled or Fraud order with its services and its invoice. It
// cannot be undone. KindNotFound when it is not there, reason order-status when it is
// neither.
func (c *Client) DeleteOrder(ctx context.Context, id int) error {
	return c.do(ctx, call{action: "DeleteOrder", params: url.Values{"orderid": {strconv.Itoa(id)}}, changes: true}, nil)
}
