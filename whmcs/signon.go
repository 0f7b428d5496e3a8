package whmcs

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"metalease/internal/secret"
)

// SignOn is a page of WHMCS that opens signed in, once.
type SignOn struct {
	// URL is a secret: whoever opens it first is the client.
	URL secret.Secret
	// ExpiresAt is by our own clock, and cautious: counted from before the call.
	ExpiresAt time.Time
}

// signOnLife is how long a token is good for (docs/whmcs-api.md 5.2).
const signOnLife = 60 * time.Second

// SignOnToInvoice makes an address that signs a client in and opens an invoice. WHMCS
// checks no password and no second factor then: it is for somebody of whom the caller
// knows that they are this client, an e-mail address in a cart does not show it. The
// token works once, for 60 seconds, so it is made at the click. Errors: KindNotFound for
// the client, KindCredentials when the API role does not allow it, reason sso-blocked when
// the client does not. [Client.InvoiceURL] is what is left then.
func (c *Client) SignOnToInvoice(ctx context.Context, clientID, invoiceID int) (SignOn, error) {
	what := call{action: "CreateSsoToken", params: url.Values{"client_id": {strconv.Itoa(clientID)},
		"destination": {"sso:custom_redirect"}, "sso_redirect_path": {invoicePath(invoiceID)}}}
	begun := time.Now()
	var answer struct {
		URL text `json:"redirect_url"`
	}
	if err := c.do(ctx, what, &answer); err != nil {
		return SignOn{}, err
	}
	address, err := url.Parse(string(answer.URL))
	if err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http" {
		return SignOn{}, c.fail(what, KindNotAnAnswer, "the answer holds no address")
	}
	return SignOn{secret.New(string(answer.URL)), begun.Add(signOnLife)}, nil
}
