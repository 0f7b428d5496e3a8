package whmcs

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// CartLink puts one product into a browser's cart in WHMCS (docs/whmcs-api.md 5.1). A link
// chooses; WHMCS computes the price. A host name cannot be given: whether WHMCS takes it
// from a link is not confirmed (docs/whmcs-api.md W17).
type CartLink struct {
	ProductID int
	Cycle     Cycle
	// Options are configurable options by id, as [Offer.Choose] makes them.
	Options map[int]int
	// Currency is the id of one, for a visitor who is not signed in; 0 is WHMCS's own.
	Currency  int
	PromoCode string
}

// CartURL is the address of a link. It refuses what WHMCS would ignore: a cycle that is
// not offered, and options that are not the product's.
func (c *Client) CartURL(link CartLink, offer Offer, currency string) (string, error) {
	refuse := func(format string, args ...any) (string, error) {
		return "", c.fail(call{action: "cart link"}, KindRefused, fmt.Sprintf(format, args...))
	}
	if offer.ID != link.ProductID {
		return refuse("the offer is one of product %d, not of %d", offer.ID, link.ProductID)
	}
	if _, offered := offer.Price(currency, link.Cycle); !offered {
		return refuse("product %d is not offered %s in %s", link.ProductID, link.Cycle, currency)
	}
	query := url.Values{"a": {"add"}, "pid": {strconv.Itoa(link.ProductID)}}
	if offer.PayType == "recurring" {
		query.Set("billingcycle", string(link.Cycle))
	}
	for id, choice := range link.Options {
		if !slices.ContainsFunc(offer.Options, func(o Option) bool { return o.ID == id }) {
			return refuse("product %d has no option %d", link.ProductID, id)
		}
		query.Set(fmt.Sprintf("configoption[%d]", id), strconv.Itoa(choice))
	}
	if link.Currency > 0 {
		query.Set("currency", strconv.Itoa(link.Currency))
	}
	if code := strings.TrimSpace(link.PromoCode); code != "" {
		query.Set("promocode", code)
	}
	return c.publicURL() + "/cart.php?" + query.Encode(), nil
}
