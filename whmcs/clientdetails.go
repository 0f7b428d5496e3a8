package whmcs

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
)

// ClientFields are what a client of WHMCS consists of. AddClient needs all of them but
// Company, Address2, TaxID, Currency and Notes; WHMCS may be set to ask for less.
type ClientFields struct {
	FirstName, LastName, Company, Email, Address1, Address2, City, State, Postcode string
	// Country has two letters: DE.
	Country, Phone, TaxID string
	// Currency is the id of one of [Client.Currencies]; 0 is WHMCS's own choice for a new client.
	Currency int
	// Notes are of staff: the client neither sees nor changes them. As read, without spaces around.
	Notes string
}

// Statuses of a client (docs/whmcs-api.md 1.5). A Closed one can order nothing.
const (
	ClientActive   = "Active"
	ClientInactive = "Inactive"
	ClientClosed   = "Closed"
)

// ClientDetails is a client as WHMCS knows it.
type ClientDetails struct {
	ID int
	ClientFields
	// CurrencyCode, such as USD, is that of every invoice of this client. Empty when
	// WHMCS did not say: Currency has the id.
	CurrencyCode string
	Status       string
	// SingleSignOn: the client lets others sign in for them. WHMCS may refuse all the same.
	SingleSignOn bool
	// Credit: WHMCS keeps money of theirs.
	Credit bool
}

type clientRow struct {
	ID           number `json:"id"`
	ClientID     number `json:"client_id"`
	UserID       number `json:"userid"`
	FirstName    text   `json:"firstname"`
	LastName     text   `json:"lastname"`
	Company      text   `json:"companyname"`
	Email        text   `json:"email"`
	Address1     text   `json:"address1"`
	Address2     text   `json:"address2"`
	City         text   `json:"city"`
	State        text   `json:"state"`
	Postcode     text   `json:"postcode"`
	Country      text   `json:"country"`
	Phone        text   `json:"phonenumber"`
	TaxID        text   `json:"tax_id"`
	Currency     number `json:"currency"`
	CurrencyCode text   `json:"currency_code"`
	Status       text   `json:"status"`
	SingleSignOn flag   `json:"allowSingleSignOn"`
	Notes        text   `json:"notes"`
	Credit       text   `json:"credit"`
}

func (r clientRow) details() ClientDetails {
	id := r.ID
	for _, other := range []number{r.ClientID, r.UserID} {
		if id == 0 {
			id = other
		}
	}
	return ClientDetails{
		ID: int(id), CurrencyCode: string(r.CurrencyCode), Status: string(r.Status), SingleSignOn: bool(r.SingleSignOn),
		Credit: strings.Trim(string(r.Credit), "0., ") != "",
		ClientFields: ClientFields{
			FirstName: string(r.FirstName), LastName: string(r.LastName), Company: string(r.Company), Email: string(r.Email),
			Address1: string(r.Address1), Address2: string(r.Address2), City: string(r.City), State: string(r.State),
			Postcode: string(r.Postcode), Country: string(r.Country), Phone: string(r.Phone), TaxID: string(r.TaxID), Currency: int(r.Currency),
			Notes: strings.TrimSpace(string(r.Notes)),
		},
	}
}

func (c *Client) clientBy(ctx context.Context, key, value string, is func(ClientDetails) bool) (ClientDetails, error) {
	var answer struct {
		Client clientRow `json:"client"`
	}
	if err := c.do(ctx, call{action: "GetClientsDetails", params: url.Values{key: {value}}}, &answer); err != nil {
		return ClientDetails{}, err
	}
	// Whoever comes for another question would pay, and sign in, as somebody else.
	details := answer.Client.details()
	if details.ID <= 0 || !is(details) {
		return ClientDetails{}, c.fail(call{action: "GetClientsDetails"}, KindNotFound, "WHMCS answered with another client")
	}
	return details, nil
}

// ClientByEmail reads the client of an address, whatever its letters' case; KindNotFound
// when there is none. It is also how a lost reply of AddClient is settled: one that was
// not there before, and is now, was made by it.
func (c *Client) ClientByEmail(ctx context.Context, email string) (ClientDetails, error) {
	if strings.TrimSpace(email) == "" {
		return ClientDetails{}, c.fail(call{action: "GetClientsDetails"}, KindNotFound, "there is no client without an address")
	}
	return c.clientBy(ctx, "email", email, func(d ClientDetails) bool { return strings.EqualFold(d.Email, email) })
}

// ClientByID reads a client; KindNotFound when there is none.
func (c *Client) ClientByID(ctx context.Context, id int) (ClientDetails, error) {
	return c.clientBy(ctx, "clientid", fmt.Sprint(id), func(d ClientDetails) bool { return d.ID == id })
}

// AddClient makes a client, and the user who owns it, with a password that nobody knows:
// the client asks WHMCS for a new one, or comes by [Client.SignOn]. Silent keeps WHMCS
// from sending its welcome mail. It is not idempotent: look up the address first, and
// after KindResultUnknown and KindNotAnAnswer. Reasons: email-taken, client-data.
func (c *Client) AddClient(ctx context.Context, f ClientFields, silent bool) (id int, err error) {
	params := fields("firstname", f.FirstName, "lastname", f.LastName, "companyname", f.Company, "email", f.Email,
		"address1", f.Address1, "address2", f.Address2, "city", f.City, "state", f.State, "postcode", f.Postcode,
		"country", f.Country, "phonenumber", f.Phone, "tax_id", f.TaxID, "currency", positive(f.Currency),
		"noemail", on(silent), "notes", f.Notes, "password2", newPassword())
	var answer struct {
		ID number `json:"clientid"`
	}
	what := call{action: "AddClient", params: params, changes: true}
	if err := c.do(ctx, what, &answer); err != nil {
		return 0, err
	}
	if answer.ID <= 0 {
		return 0, c.fail(what, KindNotAnAnswer, "the answer names no client")
	}
	return int(answer.ID), nil
}

// newPassword has letters of both cases, digits and a sign, whatever WHMCS is set to ask for.
func newPassword() string { return rand.Text() + "-" + strings.ToLower(rand.Text()[:8]) + "7" }

// on writes a switch: WHMCS takes the text false for true.
func on(is bool) string {
	if is {
		return "1"
	}
	return ""
}
