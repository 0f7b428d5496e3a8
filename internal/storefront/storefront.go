// Package storefront is what shops are shown and given of WHMCS: the catalogue with the stock of the
// panels, links into WHMCS's own cart, and the address at which a cart is paid. It reads WHMCS itself,
// in the gateway: an address that signs a visitor in must stand in no history.
package storefront

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"metalease/internal/config"
	"metalease/whmcs"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/shop"
)

// What callers tell apart.
var (
	ErrUnknownProduct = errors.New("there is no such product in the catalogue")
	// ErrNotPayable is a cart that waits for no payment.
	ErrNotPayable = errors.New("this cart waits for no payment")
)

// Refused says what WHMCS would ignore in a link, for the one who made it.
type Refused struct{ Field, Reason string }

// Error names the field.
func (r *Refused) Error() string { return r.Field + " " + r.Reason }

// Stock asks for the stock of a panel.
type Stock func(ctx context.Context, panel string, refresh bool) (fleet.Stock, error)

// Store answers many callers from one reading.
type Store struct {
	client   *whmcs.Client
	list     *whmcs.PriceList
	products []config.Product
	stock    Stock
	now      func() time.Time

	mu sync.Mutex
	// shown is the catalogue with its stock until then.
	shown      Catalogue
	shownUntil time.Time
}

// How long a reading serves everybody.
const (
	offersKept = time.Minute
	stockKept  = 3 * time.Second
)

// New is a store of these products; it contacts nobody.
func New(client *whmcs.Client, products []config.Product, stock Stock) *Store {
	ids := make([]int, len(products))
	for i, p := range products {
		ids[i] = p.Product
	}
	s := &Store{client: client, products: products, stock: stock, now: time.Now}
	s.list = whmcs.NewPriceList(client, offersKept, func() time.Time { return s.now() }, ids...)
	return s
}

// Payment is where a cart is paid.
type Payment struct {
	// URL opens WHMCS's invoice. With SignedIn it works once, for a minute, and is a secret.
	URL string `json:"url"`
	// ExpiresAt is absent for an address that stays.
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
	SignedIn  bool       `json:"signed_in"`
}

// Checkout makes the address at the moment of the click. Who is not known to be the client, or may not be
// signed in, gets the plain address of the invoice. Error: ErrNotPayable.
func (s *Store) Checkout(ctx context.Context, cart shop.Cart) (Payment, error) {
	if cart.State != shop.StateOpen || cart.InvoiceID == 0 {
		return Payment{}, fmt.Errorf("%w: it is %s", ErrNotPayable, cart.State)
	}
	plain := Payment{URL: s.client.InvoiceURL(cart.InvoiceID)}
	if !cart.SignIn {
		return plain, nil
	}
	signOn, err := s.client.SignOnToInvoice(ctx, cart.ClientID, cart.InvoiceID)
	switch {
	case err == nil:
		return Payment{URL: signOn.URL.Reveal(), ExpiresAt: &signOn.ExpiresAt, SignedIn: true}, nil
	case whmcs.ReasonOf(err) == whmcs.ReasonSSOBlocked, errors.Is(err, whmcs.ErrCredentials), errors.Is(err, whmcs.ErrUnknownAction):
		return plain, nil
	}
	return Payment{}, err
}

// sold is the offer of a product; -1 for none that anybody could buy.
func sold(p config.Product, offers []whmcs.Offer) int {
	return slices.IndexFunc(offers, func(o whmcs.Offer) bool {
		return o.ID == p.Product && !o.Retired && (!o.Hidden || p.Hidden)
	})
}

// offer is one product by its id or its SKU.
func (s *Store) offer(ctx context.Context, name string) (config.Product, whmcs.Offer, error) {
	i := slices.IndexFunc(s.products, func(p config.Product) bool { return name != "" && (p.SKU == name || fmt.Sprint(p.Product) == name) })
	if i < 0 {
		return config.Product{}, whmcs.Offer{}, ErrUnknownProduct
	}
	offers, err := s.list.OffersToShow(ctx)
	if err != nil {
		return config.Product{}, whmcs.Offer{}, err
	}
	j := sold(s.products[i], offers)
	if j < 0 {
		return config.Product{}, whmcs.Offer{}, ErrUnknownProduct
	}
	return s.products[i], offers[j], nil
}
