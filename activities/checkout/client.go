package checkout

import (
	"context"
	"errors"
	"strings"

	"go.temporal.io/sdk/activity"

	"metalease/whmcs"
)

// buyer is the client as WHMCS knows it; none has id 0 and is to be created.
func (c *Checkout) buyer(ctx context.Context, asked Client, f *faults) (whmcs.ClientDetails, error) {
	known, err := c.lookUp(ctx, asked)
	switch {
	case errors.Is(err, whmcs.ErrNotFound) && asked.ID > 0:
		f.add(true, "client.id", "WHMCS has no client %d", asked.ID)
		return whmcs.ClientDetails{}, nil
	case errors.Is(err, whmcs.ErrNotFound):
		asked.complete(f)
		return whmcs.ClientDetails{}, nil
	case err != nil:
		return known, err
	}
	asked.mayBe(known, f)
	return known, nil
}

// lookUp finds the client by id or address. One that another cart is about to remove is nobody: who asks
// again finds it gone, or open again.
func (c *Checkout) lookUp(ctx context.Context, asked Client) (known whmcs.ClientDetails, err error) {
	if asked.ID > 0 {
		known, err = c.Client.ClientByID(ctx, asked.ID)
	} else {
		known, err = c.Client.ClientByEmail(ctx, asked.Email)
	}
	if err == nil && leaving(known) {
		err = beingRemoved(known.ID)
	}
	return known, err
}

// mayBe names why this client of WHMCS cannot order.
func (c Client) mayBe(known whmcs.ClientDetails, f *faults) {
	field := "client.id"
	if c.ID == 0 {
		field = "client.email"
		f.add(!c.is(known), field, "belongs to a client with another name: have them sign in, and give client.id")
	}
	f.add(known.Status == whmcs.ClientClosed, field, "this client is closed in WHMCS")
}

// complete names what WHMCS wants to know of a new client (docs/whmcs-api.md 1.5).
func (c Client) complete(f *faults) {
	for _, needed := range []struct{ field, text string }{
		{"first_name", c.FirstName}, {"last_name", c.LastName}, {"address1", c.Address1}, {"city", c.City}, {"state", c.State},
		{"postcode", c.Postcode}, {"country", c.Country}, {"phone", c.Phone},
	} {
		f.add(strings.TrimSpace(needed.text) == "", "client."+needed.field, "is needed for a new client")
	}
}

// is tells whether this can be the client of that address: a name that was given is the same. It proves
// nothing about who sits at the browser.
func (c Client) is(known whmcs.ClientDetails) bool {
	same := func(given, stored string) bool {
		return given == "" || strings.EqualFold(strings.TrimSpace(given), strings.TrimSpace(stored))
	}
	return same(c.FirstName, known.FirstName) && same(c.LastName, known.LastName)
}

// EnsureClient creates the client of the cart, whom the check has not found, or finds it: WHMCS has one
// client of an address, and a reply of it may have been lost. One that is found is called created only when
// its notes say so: whoever is created is signed in at the checkout.
func (c *Checkout) EnsureClient(ctx context.Context, n NewClient) (Known, error) {
	if n.Client.ID > 0 || activity.GetInfo(ctx).Attempt > 1 {
		known, err := c.find(ctx, n)
		switch {
		case !errors.Is(err, whmcs.ErrNotFound):
			return known, err
		case n.Client.ID > 0:
			return Known{Problems: refused("client.id", err)}, nil
		}
	}
	currency, err := c.currencyID(ctx, n.Currency)
	if err != nil {
		return Known{}, err
	}
	r := n.Client
	id, err := c.Client.AddClient(ctx, whmcs.ClientFields{
		FirstName: r.FirstName, LastName: r.LastName, Company: r.Company, Email: r.Email, Address1: r.Address1, City: r.City,
		State: r.State, Postcode: r.Postcode, Country: strings.ToUpper(r.Country), Phone: r.Phone, Currency: currency, Notes: made(n.CartID),
	}, false)
	switch whmcs.ReasonOf(err) {
	case whmcs.ReasonEmailTaken: // another cart was faster; or a user has it who is no client
		if known, err := c.find(ctx, n); !errors.Is(err, whmcs.ErrNotFound) {
			return known, err
		}
		return Known{Problems: refused("client.email", err)}, nil
	case whmcs.ReasonClientData:
		return Known{Problems: refused("client", err)}, nil
	default:
	}
	return Known{ClientID: id, Created: true, Currency: n.Currency}, err
}

// find looks the client up again: it may have come since the check, with a currency of its own.
func (c *Checkout) find(ctx context.Context, n NewClient) (Known, error) {
	var f faults
	buyer, err := c.lookUp(ctx, n.Client)
	if err != nil {
		return Known{}, err
	}
	n.Client.mayBe(buyer, &f)
	known := Known{ClientID: buyer.ID, Created: buyer.Notes == made(n.CartID)}
	if known.Currency, err = c.currency(ctx, n.Currency, buyer, &f); err != nil {
		return Known{}, err
	}
	if len(f.list) > 0 {
		return Known{Problems: f.list}, nil
	}
	return known, nil
}
