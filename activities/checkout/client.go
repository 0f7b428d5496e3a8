package checkout

import (
	"context"
	"errors"
	"strings"

	"go.temporal.io/sdk/activity"

	"metalease/activities/edge"
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

func (c *Checkout) lookUp(ctx context.Context, asked Client) (whmcs.ClientDetails, error) {
	if asked.ID > 0 {
		return c.Client.ClientByID(ctx, asked.ID)
	}
	return c.Client.ClientByEmail(ctx, asked.Email)
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
// client of an address, and a reply of it may have been lost. One that is found is never called created,
// though a lost reply of ours may have made it: whoever is created is signed in at the checkout.
func (c *Checkout) EnsureClient(ctx context.Context, n NewClient) (Known, error) {
	if n.Client.ID > 0 || activity.GetInfo(ctx).Attempt > 1 {
		known, err := c.find(ctx, n)
		if err == nil || !errors.Is(err, whmcs.ErrNotFound) || n.Client.ID > 0 {
			return known, err
		}
	}
	currency, err := c.currencyID(ctx, n.Currency)
	if err != nil {
		return Known{}, err
	}
	r := n.Client
	id, err := c.Client.AddClient(ctx, whmcs.ClientFields{
		FirstName: r.FirstName, LastName: r.LastName, Company: r.Company, Email: r.Email, Address1: r.Address1, City: r.City,
		State: r.State, Postcode: r.Postcode, Country: strings.ToUpper(r.Country), Phone: r.Phone, Currency: currency,
	}, false)
	switch whmcs.ReasonOf(err) {
	case whmcs.ReasonEmailTaken: // another cart was faster; or a user has it who is no client
		if known, err := c.find(ctx, n); !errors.Is(err, whmcs.ErrNotFound) {
			return known, err
		}
		return Known{}, refused(err, "client.email")
	case whmcs.ReasonClientData:
		return Known{}, refused(err, "client")
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
	known := Known{ClientID: buyer.ID}
	if known.Currency, err = c.currency(ctx, n.Currency, buyer, &f); err != nil {
		return Known{}, err
	}
	if len(f.list) > 0 {
		return Known{}, edge.NonRetryable(edge.ErrWHMCSRefused, "%s: %s", f.list[0].Field, f.list[0].Reason)
	}
	return known, nil
}

// ForgetClient removes a client that was created for this cart and has nothing.
func (c *Checkout) ForgetClient(ctx context.Context, in Forget) error {
	services, err := c.Client.ClientServices(ctx, in.ClientID)
	if err != nil {
		return err
	}
	orders, err := c.Client.ClientOrders(ctx, in.ClientID, "")
	if err != nil || len(services) > 0 || len(orders) > 0 {
		return err
	}
	if err := c.Client.DeleteClient(ctx, in.ClientID); !errors.Is(err, whmcs.ErrNotFound) {
		return err
	}
	return nil
}
