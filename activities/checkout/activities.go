package checkout

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"metalease/whmcs"
)

// Checkout are the activities of a cart.
type Checkout struct {
	Client *whmcs.Client
	// List is what WHMCS sells, shared by all carts of this process.
	List *whmcs.PriceList
	// Sold are the products that shops may sell.
	Sold []Sold
	// RefusePrice names the shops whose carts are refused when they expect another price.
	RefusePrice []string
	// Settle is how long WHMCS may still work at a call whose reply was lost: its own time limit.
	Settle time.Duration
	// Fresh is how old the list may be that refuses a cart, or sells at a price that must be right: an older
	// one is read again first.
	Fresh time.Duration
	// Now is the clock.
	Now func() time.Time
}

// Sold is a product that shops may sell, as the configuration says.
type Sold struct {
	Product             int
	SKU, Panel, Package string
	// Hidden ones are sold though WHMCS hides them.
	Hidden bool
	// OSTemplates are those that a buyer may choose; empty: what the product's option offers.
	OSTemplates []string
}

// Check asks WHMCS whether the request can be ordered. What is wrong with it is an answer, no error.
func (c *Checkout) Check(ctx context.Context, q Question) (Checked, error) {
	var f faults
	buyer, err := c.buyer(ctx, q.Request.Client, &f)
	if err != nil {
		return Checked{}, err
	}
	ofClient := f
	checked, err := c.check(ctx, q, buyer, f)
	if err == nil && len(checked.Problems) > len(ofClient.list) && c.List.Doubt(c.Fresh) {
		checked, err = c.check(ctx, q, buyer, ofClient)
	}
	return checked, err
}

// check is Check against the price list, for a client that is known.
func (c *Checkout) check(ctx context.Context, q Question, buyer whmcs.ClientDetails, f faults) (checked Checked, err error) {
	f.list = slices.Clone(f.list)
	checked.ClientID = buyer.ID
	if checked.Currency, err = c.currency(ctx, q.Request.Currency, buyer, &f); err != nil {
		return Checked{}, err
	}
	if checked.PaymentMethod, err = c.paymentMethod(ctx, q.Request.PaymentMethod, &f); err != nil {
		return Checked{}, err
	}
	lines, err := c.lines(ctx, q.Request, checked.Currency, &f)
	if err != nil {
		return Checked{}, err
	}
	if err := c.promotion(ctx, q.Request.PromoCode, lines, &f); err != nil {
		return Checked{}, err
	}
	checked.Notes = c.prices(q.Shop, lines, &f)
	checked.Wants = wants(lines)
	checked.Problems = f.list
	return checked, nil
}

// lines reads the products once and resolves each item.
func (c *Checkout) lines(ctx context.Context, r Request, currency string, f *faults) ([]line, error) {
	var lines []line
	for i, item := range r.Items {
		at := fmt.Sprintf("items[%d].", i)
		sold := slices.IndexFunc(c.Sold, func(s Sold) bool {
			return item.Product != 0 && s.Product == item.Product || item.SKU != "" && s.SKU == item.SKU
		})
		if sold < 0 {
			f.add(item.SKU == "", at+"product", "is not sold to shops: see the catalogue")
			f.add(item.SKU != "", at+"sku", "is not sold to shops: see the catalogue")
			continue
		}
		lines = append(lines, line{at: at, item: item, sold: c.Sold[sold]})
	}
	if len(lines) == 0 {
		return nil, nil
	}
	offers, err := c.List.Offers(ctx)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		lines[i].resolve(offers, currency, f)
	}
	return lines, nil
}

// wants adds up what the lines take from each panel.
func wants(lines []line) []Want {
	var all []Want
	for _, l := range lines {
		i := slices.IndexFunc(all, func(w Want) bool { return w.Panel == l.sold.Panel && w.Package == l.sold.Package })
		if i < 0 {
			all = append(all, Want{Panel: l.sold.Panel, Package: l.sold.Package, Field: l.at + "quantity"})
			i = len(all) - 1
		}
		all[i].Count += l.count()
	}
	return all
}

// currency is the one in which the order will be billed: the client's own, whatever anybody asks for.
func (c *Checkout) currency(ctx context.Context, asked string, buyer whmcs.ClientDetails, f *faults) (string, error) {
	asked = strings.ToUpper(asked)
	if buyer.CurrencyCode != "" {
		f.add(asked != "" && asked != buyer.CurrencyCode, "currency", "this client is billed in %s", buyer.CurrencyCode)
		return buyer.CurrencyCode, nil
	}
	currencies, err := c.List.Currencies(ctx)
	if err != nil {
		return "", err
	}
	var codes []string
	for _, currency := range currencies {
		if currency.ID == buyer.Currency && buyer.ID != 0 || buyer.ID == 0 && cmp.Or(asked, currency.Code) == currency.Code {
			return currency.Code, nil
		}
		codes = append(codes, currency.Code)
	}
	f.add(true, "currency", "must be one of %s", strings.Join(codes, ", "))
	return "", nil
}

// currencyID is the number of a currency for a new client.
func (c *Checkout) currencyID(ctx context.Context, code string) (int, error) {
	currencies, err := c.List.Currencies(ctx)
	for _, currency := range currencies {
		if currency.Code == code {
			return currency.ID, err
		}
	}
	return 0, err
}

func (c *Checkout) paymentMethod(ctx context.Context, asked string, f *faults) (string, error) {
	methods, err := c.List.PaymentMethods(ctx)
	if err != nil {
		return "", err
	}
	var names []string
	for _, m := range methods {
		if asked == "" || strings.EqualFold(asked, m.Module) {
			return m.Module, nil
		}
		names = append(names, m.Module)
	}
	f.add(true, "payment_method", "must be one of %s", strings.Join(names, ", "))
	return "", nil
}

// promotion asks for the code. One that gives nothing for any item is refused here; what depends on the
// client shows after the order only.
func (c *Checkout) promotion(ctx context.Context, code string, lines []line, f *faults) error {
	if code == "" {
		return nil
	}
	promotion, err := c.Client.Promotion(ctx, code)
	if errors.Is(err, whmcs.ErrNotFound) {
		f.add(true, "promo_code", "there is no such code")
		return nil
	}
	if err != nil {
		return err
	}
	why := ""
	for _, l := range lines {
		if why = promotion.Refuses(l.sold.Product, l.price.Cycle, c.Now()); why == "" {
			return nil
		}
	}
	f.add(why != "", "promo_code", "%s", why)
	return nil
}
