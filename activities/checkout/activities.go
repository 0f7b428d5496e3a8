package checkout

import (
	"context"
	"errors"
)

// Checkout are the activities of a cart.
type Checkout struct{}

var errLater = errors.New("not built")

// Check asks WHMCS whether the request can be ordered. What is wrong with it is an answer, no error.
func (c *Checkout) Check(context.Context, Question) (Checked, error) { return Checked{}, errLater }

// EnsureClient finds the client of the cart by its id or its e-mail address, or creates it.
func (c *Checkout) EnsureClient(context.Context, NewClient) (Known, error) { return Known{}, errLater }

// PlaceOrder places the cart's order, once: it looks for the cart's mark before it asks for one.
func (c *Checkout) PlaceOrder(context.Context, Purchase) (Placed, error) { return Placed{}, errLater }

// ReadInvoice reads what became of the order's invoice.
func (c *Checkout) ReadInvoice(context.Context, OrderRef) (Invoice, error) {
	return Invoice{}, errLater
}

// CancelOrder cancels the cart's order unless it is paid. An order that is not known by its id is looked
// for by the cart's mark; none is nothing to cancel.
func (c *Checkout) CancelOrder(context.Context, OrderRef) (Cancelled, error) {
	return Cancelled{}, errLater
}

// ForgetClient removes a client that was created for this cart and has nothing.
func (c *Checkout) ForgetClient(context.Context, Forget) error { return errLater }
