package server

import (
	"fmt"
	"time"

	"metalease/activities/checkout"
	"metalease/activities/webhook"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/gateway"
	"metalease/internal/storefront"
	"metalease/whmcs"
)

// newCheckout is what carts ask of WHMCS. An order whose reply was lost may still be in the making for as
// long as one call may take.
func newCheckout(cfg *config.Config, client *whmcs.Client) *checkout.Checkout {
	c := &checkout.Checkout{Client: client, List: priceList(cfg, client), Settle: cfg.WHMCS.Timeout, Fresh: listFresh, Now: time.Now}
	for _, p := range cfg.Products {
		c.Sold = append(c.Sold, checkout.Sold{Product: p.Product, SKU: p.SKU, Panel: p.Panel, Package: p.Package, Hidden: p.Hidden, OSTemplates: p.OSTemplates})
	}
	for _, shop := range cfg.Shops {
		if shop.PriceDifference == config.PriceRefuse {
			c.RefusePrice = append(c.RefusePrice, shop.Name)
		}
	}
	return c
}

// How long one reading of WHMCS's prices serves all carts of a process, and how long it decides: a crowd
// whose prices must be right asks for them once in that time.
const (
	listKept  = time.Minute
	listFresh = 5 * time.Second
)

func priceList(cfg *config.Config, client *whmcs.Client) *whmcs.PriceList {
	var ids []int
	for _, p := range cfg.Products {
		ids = append(ids, p.Product)
	}
	return whmcs.NewPriceList(client, listKept, time.Now, ids...)
}

// newStore is what shops are shown. The gateway asks WHMCS itself, for an address that signs a visitor in
// must stand in no history; it needs WHMCS's credentials then.
func newStore(cfg *config.Config, c *control.Control) (gateway.Storefront, error) {
	if len(cfg.Shops) == 0 && !cfg.Catalogue.Public {
		return nil, nil
	}
	return Storefront(cfg, c.Stock)
}

// Storefront is what a shop is shown of this configuration's products.
func Storefront(cfg *config.Config, stock storefront.Stock) (*storefront.Store, error) {
	client, err := newWHMCS(cfg, nil)
	if err != nil {
		return nil, err
	}
	return storefront.New(client, cfg.Products, stock), nil
}

// newWebhooks is how shops are told.
func newWebhooks(cfg *config.Config) (*webhook.Sender, error) {
	endpoints := map[string]webhook.Endpoint{}
	for _, shop := range cfg.Shops {
		if hook := shop.Webhook; hook.URL != "" {
			endpoints[shop.Name] = webhook.Endpoint{URL: hook.URL, Secret: hook.Secret.Reveal(), Private: hook.PrivateAddresses}
		}
	}
	sender, err := webhook.New(endpoints)
	if err != nil {
		return nil, fmt.Errorf("shops: %w", err)
	}
	return sender, nil
}
