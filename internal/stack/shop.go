package stack

import (
	"context"
	"fmt"
	"net/http"
	"slices"
)

// Fixed names of the example shop.
const (
	ShopName          = "demo"
	ShopSecret        = "simulated-shop-secret"
	ShopWebhookSecret = "whsec_c2ltdWxhdGVkLXdlYmhvb2stc2VjcmV0"
)

// ShopURL is an address of the example shop.
func (s *Stack) ShopURL(path string) string { return "http://" + local(s.Ports.Shop) + path }

// shopConfig has the shop sell the products that the WHMCS simulator has by itself. All its visitors come from this machine.
func (s *Stack) shopConfig() string {
	if !s.Options.Shop {
		return ""
	}
	return fmt.Sprintf(`shops:
  - {name: %s, secret: %s, max_held_per_visitor: 20, webhook: {url: %q, secret: %s, private_addresses: true}}
products:
  - {product: 1, sku: e3-16g, panel: %s, package: E3-16G}
  - {product: 2, sku: e5-64g, panel: %s, package: E5-64G}
catalogue: {public: true, origins: [%q]}
`, ShopName, ShopSecret, s.ShopURL("/webhooks"), ShopWebhookSecret, Panel, Panel, s.ShopURL(""))
}

func (s *Stack) startShop(ctx context.Context) error {
	env := append(slices.Clip(s.Env), "SHOP_SECRET="+ShopSecret, "SHOP_WEBHOOK_SECRET="+ShopWebhookSecret)
	s.Shop = NewProcess(s.Dir, "shop", s.bin("shop"), env, "--listen", local(s.Ports.Shop), "--gateway", s.GatewayURL(""),
		"--installation", Installation, "--key", ShopName)
	return s.up(ctx, s.Shop, func(ctx context.Context) error {
		return s.call(ctx, http.DefaultClient, http.MethodGet, s.ShopURL("/style.css"), nil, nil)
	})
}
