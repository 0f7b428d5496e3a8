package whmcs

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Offer is a product as WHMCS would sell it. GetProducts does not say whether a product is
// under stock control (docs/whmcs-api.md 1.6).
type Offer struct {
	Product
	// Hidden products are not in WHMCS's own cart, and nobody can order a Retired one any more. Our module
	// says so; both are false where nobody can tell.
	Hidden, Retired        bool
	Slug, URL, Description string
	// Type is server for a dedicated server: AddOrder takes a host name for this one only.
	Type string
	// PayType is recurring, onetime or free.
	PayType string
	// Quantity says what a quantity makes: 0 is not allowed, 1 so many services, 2 one
	// service of that quantity.
	Quantity int
	// Available is how many are left under stock control. 0 is none, or no stock control:
	// WHMCS does not say which (docs/whmcs-api.md W20).
	Available int
	// Prices are those that are offered, by currency, the shortest cycle first.
	Prices  []Price
	Options []Option
	// Fields are the custom fields of the order form, and no others.
	Fields []OrderField
}

// OrderField is a custom field of the order form.
type OrderField struct {
	ID       int
	Name     string
	Required bool
}

// Price of a cycle in a currency; false where it is not offered.
func (o Offer) Price(currency string, cycle Cycle) (Price, bool) {
	if o.PayType == string(CycleFree) {
		return Price{Currency: currency, Cycle: CycleFree}, cycle == CycleFree
	}
	i := slices.IndexFunc(o.Prices, func(p Price) bool { return p.Currency == currency && p.Cycle == cycle })
	if i < 0 {
		return Price{}, false
	}
	return o.Prices[i], true
}

// Cycles are those that are offered in a currency, the shortest first.
func (o Offer) Cycles(currency string) []string {
	var offered []string
	for _, p := range o.Prices {
		if p.Currency == currency {
			offered = append(offered, string(p.Cycle))
		}
	}
	return offered
}

// PriceFor is the price of the cycle that a buyer asks for; without one, of the only one. Where there is
// none it names what is wrong, product or cycle, and why.
func (o Offer) PriceFor(currency, asked string) (price Price, field, why string) {
	offered := o.Cycles(currency)
	switch {
	case asked == "" && o.PayType == string(CycleFree):
		asked = string(CycleFree)
	case asked == "" && len(offered) == 1:
		asked = offered[0]
	}
	price, ok := o.Price(currency, Cycle(asked))
	switch {
	case ok:
		return price, "", ""
	case len(offered) == 0:
		return Price{}, "product", "has no price in " + currency
	}
	return Price{}, "cycle", "must be one of " + strings.Join(offered, ", ")
}

// Option is the first option whose key is one of these; false when there is none.
func (o Offer) Option(keys ...string) (Option, bool) {
	i := slices.IndexFunc(o.Options, func(option Option) bool { return slices.Contains(keys, option.Key()) })
	if i < 0 {
		return Option{}, false
	}
	return o.Options[i], true
}

// offerRow is a product as WHMCS writes it.
type offerRow struct {
	ID          number  `json:"pid"`
	Module      text    `json:"module"`
	Name        text    `json:"name"`
	Slug        text    `json:"slug"`
	URL         text    `json:"product-url"`
	Description text    `json:"description"`
	Type        text    `json:"type"`
	PayType     text    `json:"paytype"`
	Quantity    number  `json:"allowqty"`
	Available   number  `json:"quantity_available"`
	Pricing     pricing `json:"pricing"`
	Fields      list[struct {
		ID       number `json:"id"`
		Name     text   `json:"name"`
		Required flag   `json:"required"`
	}] `json:"customfields"`
	Options list[optionRow] `json:"configoptions"`
}

func (r offerRow) offer() Offer {
	offer := Offer{
		Product: Product{ID: int(r.ID), Module: string(r.Module), Name: string(r.Name)},
		Slug:    string(r.Slug), URL: string(r.URL), Description: string(r.Description), Type: string(r.Type),
		PayType: string(r.PayType), Quantity: int(r.Quantity), Available: max(0, int(r.Available)),
	}
	switch offer.PayType {
	case string(CycleFree): // Price answers by itself
	case string(CycleOneTime):
		offer.Prices = r.Pricing.all([]Cycle{CycleOneTime})
	default:
		offer.Prices = r.Pricing.all(recurring)
	}
	for _, f := range r.Fields {
		offer.Fields = append(offer.Fields, OrderField{int(f.ID), string(f.Name), bool(f.Required)})
	}
	for _, o := range r.Options {
		offer.Options = append(offer.Options, o.option())
	}
	return offer
}

// Offers reads products with their prices; no id reads all. One that WHMCS does not have
// is missing from the result.
func (c *Client) Offers(ctx context.Context, ids ...int) ([]Offer, error) {
	var answer struct {
		Products list[offerRow] `json:"products"`
	}
	if err := c.do(ctx, call{action: "GetProducts", params: productIDs(ids)}, &answer); err != nil {
		return nil, err
	}
	var offers []Offer
	for _, row := range answer.Products {
		offers = append(offers, row.offer())
	}
	return offers, c.putOnShelves(ctx, offers)
}

// productIDs asks for products; none given are all.
func productIDs(ids []int) url.Values {
	params := url.Values{}
	if len(ids) > 0 {
		var wanted []string
		for _, id := range ids {
			wanted = append(wanted, strconv.Itoa(id))
		}
		params.Set("pid", strings.Join(wanted, ","))
	}
	return params
}
