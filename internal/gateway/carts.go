package gateway

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"metalease/internal/control"
	"metalease/internal/openapi"
	"metalease/internal/storefront"
	"metalease/workflows/api"
	"metalease/workflows/api/shop"
)

// headerIdempotency names a cart: the same key is the same cart.
const headerIdempotency = "Idempotency-Key"

// cartWait is how long the first call waits for the check, the stock and the order.
const cartWait = 15 * time.Second

var cartRoutes = []route{
	{
		method: http.MethodPost, pattern: "/v1/carts", id: "createCart", tag: "carts", shops: true,
		summary: "Hand a cart over to be paid in WHMCS",
		text: "Every item is checked against WHMCS and the stock, the stock is held, one order is placed, and the cart is open. " +
			"The same Idempotency-Key with the same body is the same cart, however often it comes; with another body it is refused. " +
			"Nothing is left in WHMCS or in the stock of a cart that failed: the next try needs a new key.",
		headers: []parameter{{
			name: headerIdempotency, required: true, schema: openapi.Schema{"type": "string", "minLength": 1, "maxLength": api.LimitID},
			text: "The shop's own name of this attempt to buy, such as a random id.",
		}},
		query: []parameter{waitParameter(cartWait, longestWait)},
		body:  &body{text: "The cart. An unknown field is refused.", required: true, value: shop.Request{}},
		answers: []answerType{
			{http.StatusCreated, "The cart is taken and goes its way; Location has its path. It may still be checking.", shop.Cart{}},
			{http.StatusOK, "There was this cart already.", shop.Cart{}},
		},
		problems: []kind{notJSON, invalidCart, otherCart},
		handle:   (*gateway).createCart,
	},
	{
		method: http.MethodGet, pattern: "/v1/carts/{cart}", id: "getCart", tag: "carts", shops: true,
		summary:  "Show a cart",
		text:     "With a wait the answer comes as soon as the cart has changed.",
		query:    []parameter{waitParameter(0, longestWait)},
		answers:  []answerType{{http.StatusOK, "The cart.", shop.Cart{}}},
		problems: []kind{unknownCart},
		handle:   (*gateway).cart,
	},
	{
		method: http.MethodPost, pattern: "/v1/carts/{cart}/checkout", id: "checkoutCart", tag: "carts", shops: true,
		summary: "Make the address at which the cart is paid",
		text: "To be called at the moment of the click, and the visitor sent there at once: an address that signs them in works once, for a minute. " +
			"Only a client whom the shop named by client.id, or who was created for this cart, is signed in; everybody else signs in to WHMCS.",
		answers:  []answerType{{http.StatusOK, "The address.", storefront.Payment{}}},
		problems: []kind{unknownCart, notPayable, whmcsFailed},
		handle:   (*gateway).checkout,
	},
	{
		method: http.MethodDelete, pattern: "/v1/carts/{cart}", id: "cancelCart", tag: "carts", shops: true,
		summary:  "Cancel a cart",
		text:     "Its unpaid order is cancelled in WHMCS and its stock is free again. A payment that was faster counts.",
		query:    []parameter{waitParameter(defaultWait, longestWait)},
		answers:  []answerType{{http.StatusOK, "The cart; cancelled, or soon to be.", shop.Cart{}}},
		problems: []kind{unknownCart, cartPaid, cartEnded},
		handle:   (*gateway).cancelCart,
	},
}

func (g *gateway) createCart(c call) (reply, error) {
	key := c.Header.Get(headerIdempotency)
	if key == "" || len(key) > api.LimitID || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return reply{}, parameters(api.FieldError{Field: headerIdempotency, Reason: "must be a header of 1 to 128 visible characters"})
	}
	request, err := control.ReadCart(c.body, c.shop)
	if invalid, is := errors.AsType[*control.Invalid](err); is {
		return reply{}, invalidCart.because("", invalid.Faults...)
	}
	if err != nil {
		return reply{}, err
	}
	cart, started, err := g.Control.StartCart(c.Context(), c.shop, key, request, value[time.Duration](c.query, "wait"))
	if err != nil {
		return reply{}, err
	}
	if cart.State == shop.StateFailed {
		var faults []api.FieldError
		for _, p := range cart.Problems {
			faults = append(faults, api.FieldError(p))
		}
		return reply{}, invalidCart.because("", faults...)
	}
	answer := reply{status: http.StatusOK, body: cart}
	if started {
		answer.status, answer.location = http.StatusCreated, "/v1/carts/"+cart.ID
	}
	return answer, nil
}

func (g *gateway) cart(c call) (reply, error) {
	cart, err := g.Control.Cart(c.Context(), c.shop.Name, c.PathValue("cart"), value[time.Duration](c.query, "wait"))
	return reply{status: http.StatusOK, body: cart}, err
}

func (g *gateway) checkout(c call) (reply, error) {
	cart, err := g.Control.Cart(c.Context(), c.shop.Name, c.PathValue("cart"), 0)
	if err != nil {
		return reply{}, err
	}
	payment, err := g.Store.Checkout(c.Context(), cart)
	return reply{status: http.StatusOK, body: payment}, err
}

func (g *gateway) cancelCart(c call) (reply, error) {
	cart, err := g.Control.CancelCart(c.Context(), c.shop.Name, c.PathValue("cart"), "cancelled by the shop", value[time.Duration](c.query, "wait"))
	return reply{status: http.StatusOK, body: cart}, err
}
