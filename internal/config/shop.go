package config

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"metalease/internal/secret"
)

// Shop is an external shop that hands carts over, with a key of its own.
type Shop struct {
	Name           string        `yaml:"name"`
	Secret         secret.Secret `yaml:"secret" for:"gateway"`          // signs its calls, named in X-Metalease-Key
	PreviousSecret secret.Secret `yaml:"previous_secret" for:"gateway"` // valid beside it while the key is changed; optional
	Revoked        bool          `yaml:"revoked"`                       // refuse its calls; carts that are open end as usual

	Hold              time.Duration `yaml:"hold"`                 // of stock, from the cart to its payment
	MaxHeld           int           `yaml:"max_held"`             // servers held for it on one panel
	MaxHeldPerVisitor int           `yaml:"max_held_per_visitor"` // of these for one address of a visitor
	MaxQuantity       int           `yaml:"max_quantity"`         // servers in one cart
	CancelExpired     bool          `yaml:"cancel_expired"`       // cancel the order in WHMCS when the hold expires
	PriceDifference   string        `yaml:"price_difference"`     // refuse or show, when the shop expects another price than WHMCS's

	Webhook Webhook `yaml:"webhook"`
}

// Webhook is where a shop wants to be told of events.
type Webhook struct {
	URL              string        `yaml:"url"`                 // empty: nowhere
	Secret           secret.Secret `yaml:"secret" for:"worker"` // of Standard Webhooks: whsec_ and base64
	PrivateAddresses bool          `yaml:"private_addresses"`   // allow loopback and private networks, and plain HTTP to them
}

// What happens when a shop expects another price than WHMCS's.
const (
	PriceRefuse = "refuse"
	PriceShow   = "show"
)

// Product is one product of WHMCS that shops may sell.
type Product struct {
	Product     int      `yaml:"product"` // id in WHMCS
	SKU         string   `yaml:"sku"`     // the shop's own name of it; optional
	Panel       string   `yaml:"panel"`
	Package     string   `yaml:"package"`      // Configuration or Server Type, as in the product's module settings
	Hidden      bool     `yaml:"hidden"`       // sell it though WHMCS hides it from its own cart
	OSTemplates []string `yaml:"os_templates"` // what a buyer may choose; empty: what the product's option offers
}

// Catalogue is the public part of the catalogue, for shops without a backend.
type Catalogue struct {
	Public  bool     `yaml:"public"`  // answer without a signature
	Origins []string `yaml:"origins"` // sites whose pages may read it, such as https://shop.example.com
	Rate    float64  `yaml:"rate"`    // calls a second from one address
}

func (s *Shop) setDefaults() {
	*s = Shop{
		Hold: 15 * time.Minute, MaxHeld: 20, MaxHeldPerVisitor: 3, MaxQuantity: 5, CancelExpired: true, PriceDifference: PriceRefuse,
	}
}

// Shop returns the shop of that name.
func (c *Config) Shop(name string) (Shop, bool) {
	for _, shop := range c.Shops {
		if shop.Name == name {
			return shop, true
		}
	}
	return Shop{}, false
}

func (c checker) shops(shops []Shop, role Role) {
	seen := map[string]bool{}
	for i, shop := range shops {
		at := fmt.Sprintf("shops[%d].", i)
		c.name(at+"name", shop.Name)
		if seen[shop.Name] {
			c.fault(at+"name", "%q is the name of two shops", shop.Name)
		}
		seen[shop.Name] = true
		c.longEnough(at+"hold", shop.Hold)
		c.between(at+"max_held", float64(shop.MaxHeld), 1, 10_000)
		c.between(at+"max_held_per_visitor", float64(shop.MaxHeldPerVisitor), 1, 10_000)
		c.between(at+"max_quantity", float64(shop.MaxQuantity), 1, 20)
		c.oneOf(at, "price_difference", shop.PriceDifference)
		if role == ForGateway || role == ForCheck {
			c.key(at+"secret", shop.Secret.Reveal())
			if shop.PreviousSecret.Reveal() != "" {
				c.key(at+"previous_secret", shop.PreviousSecret.Reveal())
			}
		}
		c.webhook(at+"webhook.", shop.Webhook, role)
	}
}

// key checks the key of an HMAC that guards the gateway.
func (c checker) key(at, value string) {
	switch length := len(value); {
	case length == 0:
		c.present(at, "")
	case length < shortestSecret:
		c.fault(at, "has %d characters; it needs at least %d (try: openssl rand -hex 32)", length, shortestSecret)
	}
}

func (c checker) webhook(at string, w Webhook, role Role) {
	if w.URL == "" {
		return
	}
	address, err := url.Parse(w.URL)
	private := err == nil && w.PrivateAddresses && privateName(address.Hostname())
	switch {
	case strings.Contains(w.URL, "@"): // not repeated: what stands before it may be a password
		c.fault(at+"url", "must not hold a user or password")
	case err != nil || address.Hostname() == "" || address.Fragment != "":
		c.fault(at+"url", "%q is not a URL like https://shop.example.com/webhooks", w.URL)
	case address.Scheme != "https" && !(private && address.Scheme == "http"):
		c.fault(at+"url", "%q is not https (plain http only with private_addresses, to this machine or network)", w.URL)
	}
	if role == ForWorker {
		c.present(at+"secret", w.Secret.Reveal())
	}
}

// privateName says that a host is this machine or in a private network, as far as its name tells.
func privateName(host string) bool {
	ip := net.ParseIP(host)
	return nearby(host) || ip != nil && ip.IsPrivate()
}

func (c checker) products(products []Product, panels []Panel) {
	ids, skus := map[int]bool{}, map[string]bool{}
	for i, product := range products {
		at := fmt.Sprintf("products[%d].", i)
		c.between(at+"product", float64(product.Product), 1, 1_000_000_000)
		if ids[product.Product] {
			c.fault(at+"product", "%d is listed twice", product.Product)
		}
		if product.SKU != "" && skus[product.SKU] {
			c.fault(at+"sku", "%q is the SKU of two products", product.SKU)
		}
		ids[product.Product], skus[product.SKU] = true, true
		c.present(at+"package", product.Package)
		if !slices.ContainsFunc(panels, func(p Panel) bool { return p.Name == product.Panel }) {
			c.fault(at+"panel", "%q is no panel of this configuration", product.Panel)
		}
	}
}

// longestOrder is how long WHMCS may take for a call when it is to place orders of carts: one whose reply
// was lost is looked for as long again, by further calls, and all of it has five minutes.
const longestOrder = time.Minute

func (c checker) orderTime(sold []Product, timeout time.Duration) {
	if len(sold) > 0 && timeout > longestOrder {
		c.fault("whmcs.timeout", "%v is too long where products are sold to shops; the most is %v", timeout, longestOrder)
	}
}

func (c checker) catalogue(catalogue Catalogue) {
	c.between("catalogue.rate", catalogue.Rate, 0.1, 1000)
	for i, origin := range catalogue.Origins {
		key := fmt.Sprintf("catalogue.origins[%d]", i)
		c.webAddress(key, origin)
		if address, err := url.Parse(origin); err == nil && (address.Path != "" || address.User != nil) {
			c.fault(key, "%q is more than an origin like https://shop.example.com", origin)
		}
	}
}
