package storefront

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"metalease/activities/checkout"
	"metalease/whmcs"
)

// Wish is what a link puts into a visitor's cart in WHMCS.
type Wish struct {
	// Product is the id in WHMCS, or the SKU.
	Product string
	Cycle   string
	// Currency is a code; empty is WHMCS's own.
	Currency   string
	OSTemplate string
	PromoCode  string
	// Options are further configurable options by name.
	Options map[string]string
}

// Link is the address that puts the product into a visitor's cart. WHMCS ignores without a word what it
// does not understand, so that is refused here. Errors: ErrUnknownProduct, [Refused].
func (s *Store) Link(ctx context.Context, w Wish) (string, error) {
	product, offer, err := s.offer(ctx, w.Product)
	if err != nil {
		return "", err
	}
	currencies, err := s.list.Currencies(ctx)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(currencies, func(c whmcs.Currency) bool { return w.Currency == "" || strings.EqualFold(c.Code, w.Currency) })
	if i < 0 {
		return "", &Refused{"currency", "is none that WHMCS bills in"}
	}
	link := whmcs.CartLink{ProductID: product.Product, Cycle: whmcs.Cycle(w.Cycle), PromoCode: w.PromoCode}
	if w.Currency != "" {
		link.Currency = currencies[i].ID
	}
	price, field, why := offer.PriceFor(currencies[i].Code, w.Cycle)
	if field != "" {
		return "", &Refused{field, why}
	}
	link.Cycle = price.Cycle
	wanted := maps.Clone(w.Options)
	if wanted == nil {
		wanted = map[string]string{}
	}
	if w.OSTemplate != "" {
		if len(product.OSTemplates) > 0 && !slices.Contains(product.OSTemplates, w.OSTemplate) {
			return "", &Refused{"os_template", "must be one of " + strings.Join(product.OSTemplates, ", ")}
		}
		option, there := offer.Option(checkout.OSOptions...)
		if !there {
			return "", &Refused{"os_template", "cannot be chosen for this product"}
		}
		wanted[option.Key()] = w.OSTemplate
	}
	var faults []whmcs.OptionFault
	if link.Options, faults = offer.Choose(wanted); len(faults) > 0 {
		return "", &Refused{"options." + faults[0].Option, faults[0].Reason}
	}
	if w.PromoCode != "" {
		if err := s.promotion(ctx, w.PromoCode, link); err != nil {
			return "", err
		}
	}
	return s.client.CartURL(link, offer, currencies[i].Code)
}

func (s *Store) promotion(ctx context.Context, code string, link whmcs.CartLink) error {
	promotion, err := s.client.Promotion(ctx, code)
	if errors.Is(err, whmcs.ErrNotFound) {
		return &Refused{"promo_code", "does not exist"}
	}
	if err != nil {
		return err
	}
	if why := promotion.Refuses(link.ProductID, link.Cycle, s.now()); why != "" {
		return &Refused{"promo_code", "gives nothing: " + why}
	}
	return nil
}
