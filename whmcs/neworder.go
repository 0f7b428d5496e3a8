package whmcs

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// NewOrder is what AddOrder takes (docs/whmcs-api.md 5.2). The currency is the client's.
type NewOrder struct {
	ClientID int
	// PaymentMethod is the Module of one of [Client.PaymentMethods].
	PaymentMethod string
	Items         []NewItem
	// PromoCode that WHMCS does not take is left out by it without a word.
	PromoCode string
	// ClientIP is the customer's address, for WHMCS's own fraud check.
	ClientIP string
	// Mark finds the order again after a lost reply: lower-case letters, digits and hyphens
	// as in a host name, 8 to 63 of them, never used before. AddOrder has no field for a
	// note, so it goes where a name server's prefix goes, which a dedicated server has no
	// use for and GetClientsProducts shows; it can be cleared there once the order is known.
	// For a product whose Type is not server, WHMCS has no such field: it is lost.
	Mark string
	// NoInvoice makes an order that nobody is to pay. NoEmail and NoInvoiceEmail keep
	// WHMCS from mailing its order confirmation and the invoice.
	NoInvoice, NoEmail, NoInvoiceEmail bool
}

// NewItem is one service of an order. A quantity is as many items: WHMCS makes one service
// of a quantity of some products.
type NewItem struct {
	ProductID int
	Cycle     Cycle
	// Hostname is the server's name, such as db1.example.com.
	Hostname string
	// Options are configurable options by id: the id of a choice, or a number. [Offer.Choose]
	// makes them. What is left out becomes WHMCS's default.
	Options map[int]int
	// Fields are custom fields by id.
	Fields map[int]string
	// PriceOverride is the product's price instead of WHMCS's own; nil for that.
	PriceOverride *Amount
}

// PlacedOrder is an order as AddOrder left it: Pending and unpaid, with nothing set up.
type PlacedOrder struct {
	OrderID int
	// InvoiceID is 0 when there is no invoice.
	InvoiceID int
	// Services are in the order of the items. Fewer than items: WHMCS has left some out
	// that it does not sell, and the order is not what was meant.
	Services []int
}

var markForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{6,61}[a-z0-9]$`)

// AddOrder places an order. Sent twice, there are two: after KindResultUnknown and
// KindNotAnAnswer, [Client.OrdersByMark] tells whether it is there. Errors: KindNotFound
// for the client; reasons client-closed, payment-method, nothing-ordered.
func (c *Client) AddOrder(ctx context.Context, o NewOrder) (PlacedOrder, error) {
	what := call{action: "AddOrder", changes: true}
	if !markForm.MatchString(o.Mark) {
		return PlacedOrder{}, c.fail(what, KindRefused, "the mark is not one: it could not be found again")
	}
	if len(o.Items) == 0 {
		return PlacedOrder{}, c.fail(what, KindRefused, "there is nothing in the order")
	}
	what.params = o.fields()
	for i, item := range o.Items {
		item.set(what.params, i, o.Mark)
	}
	var answer struct {
		OrderID   number `json:"orderid"`
		InvoiceID number `json:"invoiceid"`
		Services  text   `json:"serviceids"`
		Products  text   `json:"productids"` // before WHMCS 7.8
	}
	if err := c.do(ctx, what, &answer); err != nil {
		return PlacedOrder{}, err
	}
	placed := PlacedOrder{OrderID: int(answer.OrderID), InvoiceID: int(answer.InvoiceID), Services: numbers(answer.Services)}
	if len(placed.Services) == 0 {
		placed.Services = numbers(answer.Products)
	}
	if placed.OrderID <= 0 {
		return PlacedOrder{}, c.fail(what, KindNotAnAnswer, "the answer names no order")
	}
	return placed, nil
}

func (o NewOrder) fields() url.Values {
	return fields("clientid", positive(o.ClientID), "paymentmethod", o.PaymentMethod, "promocode", o.PromoCode, "clientip", o.ClientIP,
		"noinvoice", on(o.NoInvoice), "noemail", on(o.NoEmail), "noinvoiceemail", on(o.NoInvoiceEmail))
}

// set writes an item into the arrays, all of which have a value at each place.
func (n NewItem) set(params url.Values, i int, mark string) {
	at := func(name, value string) { params.Set(fmt.Sprintf("%s[%d]", name, i), value) }
	at("pid", strconv.Itoa(n.ProductID))
	at("billingcycle", string(n.Cycle))
	at("hostname", n.Hostname)
	at("ns1prefix", mark)
	at("configoptions", phpArray(n.Options))
	at("customfields", phpArray(n.Fields))
	if n.PriceOverride != nil {
		at("priceoverride", n.PriceOverride.String())
	}
}

// OrdersByMark finds the orders of a client that carry a mark, the oldest first: none, or
// the one that AddOrder made, or, where it was sent twice, both. WHMCS may still be at
// work on one whose reply was lost: search until its time limit is over before it counts
// as not there.
func (c *Client) OrdersByMark(ctx context.Context, clientID int, mark string) ([]Order, error) {
	services, err := c.ClientServices(ctx, clientID)
	if err != nil {
		return nil, err
	}
	var ids []int
	for _, s := range services {
		// Whether the host name follows the prefix, the manual does not say (docs/whmcs-api.md W19).
		prefix, _, _ := strings.Cut(s.Nameserver1, ".")
		if mark != "" && prefix == mark && s.ClientID == clientID && !slices.Contains(ids, s.OrderID) {
			ids = append(ids, s.OrderID)
		}
	}
	slices.Sort(ids)
	var orders []Order
	for _, id := range ids {
		order, err := c.Order(ctx, id)
		if err != nil {
			return nil, err
		}
		orders = append(orders, order)
	}
	return orders, nil
}
