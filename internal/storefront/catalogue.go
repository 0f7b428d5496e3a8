package storefront

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"metalease/activities/checkout"
	"metalease/internal/config"
	"metalease/whmcs"
	"metalease/workflows/api/fleet"
)

// Catalogue is what shops may sell, with its stock.
type Catalogue struct {
	Products []Product `json:"products"`
	// tag names this content.
	tag string
}

// Product is one product of WHMCS.
type Product struct {
	Product     int      `json:"product"`
	SKU         string   `json:"sku,omitempty"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Packages    []string `json:"packages"`
	Prices      []Price  `json:"prices"`
	OSTemplates []string `json:"os_templates"`
	Options     []Option `json:"options"`
	// Stock is null when nobody can vouch for a number, which is not zero.
	Stock *Available `json:"stock"`
}

// Price of a cycle in a currency.
type Price struct {
	Currency string `json:"currency"`
	Cycle    string `json:"cycle"`
	// Setup is paid once.
	Setup     string `json:"setup"`
	Recurring string `json:"recurring"`
}

// Option is a configurable option.
type Option struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	// Kind is choice, yes-no or quantity.
	Kind string `json:"kind"`
	Min  int    `json:"min,omitempty"`
	// Max is 0 for no limit.
	Max     int      `json:"max,omitempty"`
	Choices []Choice `json:"choices"`
}

// Choice is one of an option; that of a quantity has the price of one.
type Choice struct {
	Name   string  `json:"name"`
	Label  string  `json:"label"`
	Prices []Price `json:"prices"`
}

// Available is what anybody may order now, and what is held for carts.
type Available struct {
	Free int       `json:"free"`
	Held int       `json:"held"`
	AsOf time.Time `json:"as_of"`
}

// Catalogue answers from one state that everybody shares, and its tag. Errors are WHMCS's; a panel that
// cannot be asked makes a stock unknown.
func (s *Store) Catalogue(ctx context.Context) (Catalogue, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now().Before(s.shownUntil) {
		return s.shown, s.shown.tag, nil
	}
	offers, err := s.list.OffersToShow(ctx)
	if err != nil {
		return Catalogue{}, "", err
	}
	stocks := map[string]fleet.Stock{}
	catalogue := Catalogue{Products: []Product{}}
	for _, p := range s.products {
		i := sold(p, offers)
		if i < 0 {
			continue // WHMCS does not sell it any more
		}
		if _, asked := stocks[p.Panel]; !asked {
			stocks[p.Panel], _ = s.stock(ctx, p.Panel, false) // a failure is an unknown stock
		}
		catalogue.Products = append(catalogue.Products, shown(p, offers[i], stocks[p.Panel]))
	}
	catalogue.tag = tag(catalogue)
	s.shown, s.shownUntil = catalogue, s.now().Add(stockKept)
	return catalogue, catalogue.tag, nil
}

// tag is the same for the same content. When a panel was read is no content.
func tag(c Catalogue) string {
	products := slices.Clone(c.Products)
	for i, p := range products {
		if p.Stock != nil {
			products[i].Stock = &Available{Free: p.Stock.Free, Held: p.Stock.Held}
		}
	}
	text, err := json.Marshal(products)
	if err != nil {
		panic(err) // our own types always have a JSON
	}
	sum := sha256.Sum256(text)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

func shown(p config.Product, offer whmcs.Offer, stock fleet.Stock) Product {
	product := Product{
		Product: p.Product, SKU: p.SKU, Name: offer.Name, Description: offer.Description, Packages: []string{p.Package},
		Prices: prices(offer.Prices), OSTemplates: []string{}, Options: []Option{}, Stock: available(p.Package, stock),
	}
	for _, o := range offer.Options {
		option := Option{Name: o.Key(), Label: o.Label(), Kind: kinds[o.Kind], Min: o.Min, Max: o.Max, Choices: []Choice{}}
		for _, c := range o.Choices {
			option.Choices = append(option.Choices, Choice{Name: c.Key(), Label: c.Label(), Prices: prices(c.Prices)})
			if slices.Contains(checkout.OSOptions, option.Name) && (len(p.OSTemplates) == 0 || slices.Contains(p.OSTemplates, c.Key())) {
				product.OSTemplates = append(product.OSTemplates, c.Key())
			}
		}
		product.Options = append(product.Options, option)
	}
	return product
}

var kinds = map[whmcs.OptionKind]string{
	whmcs.OptionDropdown: "choice", whmcs.OptionRadio: "choice", whmcs.OptionYesNo: "yes-no", whmcs.OptionQuantity: "quantity",
}

func prices(all []whmcs.Price) []Price {
	shown := []Price{}
	for _, p := range all {
		shown = append(shown, Price{Currency: p.Currency, Cycle: string(p.Cycle), Setup: p.Setup.String(), Recurring: p.Recurring.String()})
	}
	return shown
}

// available is the stock of a package; nil is unknown. A package that the panel was seen without has none.
func available(pkg string, stock fleet.Stock) *Available {
	if stock.AsOf == nil {
		return nil
	}
	for _, p := range stock.Packages {
		if p.Package == pkg {
			if p.Free == nil {
				return nil
			}
			return &Available{Free: max(0, *p.Free-p.Waiting), Held: p.Held, AsOf: *stock.AsOf} // who waits has paid already
		}
	}
	return &Available{AsOf: *stock.AsOf}
}
