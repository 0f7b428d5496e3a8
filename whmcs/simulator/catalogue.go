// Package simulator is a WHMCS with state, as far as metalease and its tests
// meet one: api.php, the checkout, and the server module, which calls back into
// the gateway as the PHP module does. See docs/whmcs-api.md.
package simulator

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Config describes a WHMCS.
type Config struct {
	// Identifier, Secret and AccessKey are the API credential.
	Identifier, Secret, AccessKey string
	// Gateway is the URL of the gateway; empty: the module does nothing and succeeds.
	// GatewayCA is a file of roots for it; empty: the system's.
	Gateway, GatewaySecret, GatewayCA string
	// SystemURL is the address that this WHMCS has by its own settings: where browsers reach it, and what it
	// sends with each call to the gateway. Empty: where the caller did, and nothing is sent.
	SystemURL string
	// Installation is this WHMCS's name; Panel the panel of its products.
	Installation, Panel string
	// Products, when none are given, is a small catalogue.
	Products []Product
	// Currencies, PaymentMethods and Promotions, when none are given, are two of each.
	Currencies     []Currency
	PaymentMethods []PaymentMethod
	Promotions     []Promotion
	// Denied are actions that the API role does not allow.
	Denied []string
	// Settings of tblconfiguration that differ from those that WHMCS comes with.
	Settings map[string]string
	// OrdersAreChecked: AddOrder leaves out what is retired, out of stock or not offered
	// in that cycle. Else it sells it all, the last one for nothing [UNCONFIRMED,
	// docs/whmcs-api.md W22].
	OrdersAreChecked bool
	// CancelKeepsInvoice: the invoice of a cancelled order can still be paid [UNCONFIRMED,
	// docs/whmcs-api.md W21].
	CancelKeepsInvoice bool
	// RefusedStatus to NoUsers are further switches for what docs/whmcs-api.md 10 leaves open: see Switches.
	RefusedStatus                                                                  int
	TimeZone, SetUp, Encoding                                                      string
	MissingIsError, ActiveRefusesCreate, HooksTwice                                bool
	SuccessCompletesRow, CancelTerminates, BareNameServers, NoPermissions, NoUsers bool
	QuantityWithoutStockControl                                                    int
	// About is what our module says of itself and of this WHMCS.
	About About
	// Servers, when none are given, has one entry for each panel of the products.
	Servers []ServerEntry
	// StateFile is read at the start and written after changes.
	StateFile string
	// FirstID is above what this WHMCS gives its first client, order and service; 100 when zero.
	FirstID int
	// Seed of the random choices of faults.
	Seed int64
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// moduleName is the name of our server module in WHMCS.
const moduleName = "metalease"

// Product is what is sold, with the settings of the server module in the order of
// their positions.
type Product struct {
	ID     int    `json:"id" yaml:"id"`
	Name   string `json:"name" yaml:"name"`
	Module string `json:"module" yaml:"module"`

	Package  string `json:"package" yaml:"package"`
	OS       string `json:"os" yaml:"os"`
	Recipe   string `json:"recipe" yaml:"recipe"`
	DontWait bool   `json:"dont_wait" yaml:"dont_wait"`
	// Domain is a template: @ID@ is the service's id, @DOMAIN@ what the client typed.
	Domain string `json:"domain" yaml:"domain"`
	Group  string `json:"group" yaml:"group"`
	Panel  string `json:"panel" yaml:"panel"`
	// InstallTimeout and Grace are durations such as 720s and 72h.
	InstallTimeout  string `json:"install_timeout" yaml:"install_timeout"`
	InstallAttempts int    `json:"install_attempts" yaml:"install_attempts"`
	Grace           string `json:"grace" yaml:"grace"`
	StartOn         string `json:"start_on" yaml:"start_on"`

	Description string `json:"description" yaml:"description"`
	// Type is server, or other: then AddOrder ignores host name and name servers.
	Type string `json:"type" yaml:"type"`
	// PayType is recurring, onetime or free.
	PayType string `json:"pay_type" yaml:"pay_type"`
	// Prices and Options, when none are given, are usual ones.
	Prices  Prices       `json:"prices" yaml:"prices"`
	Options []Option     `json:"options" yaml:"options"`
	Fields  []OrderField `json:"fields" yaml:"fields"`
	// Quantity says what a quantity makes: 0 is not allowed, 1 so many services, 2 one
	// service of that quantity (docs/whmcs-api.md 5.2).
	Quantity int `json:"quantity" yaml:"quantity"`
	// Shelf is how the product is sold at the start: /_sim/products/{id} changes it.
	Shelf Shelf `json:"shelf" yaml:"shelf"`
}

// Shelf is how a product is sold. GetProducts shows none of it but the stock.
type Shelf struct {
	Hidden       bool `json:"hidden" yaml:"hidden"`
	Retired      bool `json:"retired" yaml:"retired"`
	StockControl bool `json:"stock_control" yaml:"stock_control"`
	Stock        int  `json:"stock" yaml:"stock"`
	// Prices that staff have changed since; nil for the product's own.
	Prices Prices `json:"prices,omitempty" yaml:"-"`
}

// When a service is started: StartOnPayment is the default.
const (
	StartOnPayment    = "payment"
	StartOnAcceptance = "acceptance"
	StartOnCreate     = "create"
)

// ServerEntry is a row of tblservers: the gateway, with a panel's name as its
// username.
type ServerEntry struct {
	ID       int    `json:"id" yaml:"id"`
	Name     string `json:"name" yaml:"name"`
	Hostname string `json:"hostname" yaml:"hostname"`
	Username string `json:"username" yaml:"username"`
}

// complete fills what is not given and says what is wrong.
func (c *Config) complete() error {
	for _, setting := range []struct {
		value     *string
		otherwise string
	}{{&c.Identifier, "identifier"}, {&c.Secret, "secret"}, {&c.Installation, "demo"}, {&c.Panel, "demo"}} {
		*setting.value = or(*setting.value, setting.otherwise)
	}
	if c.FirstID == 0 {
		c.FirstID = 100
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if err := c.completeSwitches(); err != nil {
		return err
	}
	if len(c.Products) == 0 {
		for i, pkg := range []string{"E3-16G", "E5-64G"} {
			c.Products = append(c.Products, Product{ID: i + 1, Name: "Dedicated " + pkg, Module: moduleName, Package: pkg,
				OS: "ISPsystem__Debian-12-x86_64", Recipe: "null", Group: "public", Panel: c.Panel, Quantity: 1,
				Description: "A dedicated server of the configuration " + pkg + ".", Prices: asked(5000 + 4000*int64(i))})
		}
	}
	c.completeShop()
	c.Products = slices.Clone(c.Products)
	ids := map[int]bool{}
	for i := range c.Products {
		p := &c.Products[i]
		if p.ID <= 0 || ids[p.ID] {
			return fmt.Errorf("product %q: the id %d is not positive, or twice there", p.Name, p.ID)
		}
		ids[p.ID] = true
		p.StartOn = or(p.StartOn, StartOnPayment)
		if !slices.Contains([]string{StartOnPayment, StartOnAcceptance, StartOnCreate}, p.StartOn) {
			return fmt.Errorf("product %d: start_on is %q, not %s, %s or %s", p.ID, p.StartOn, StartOnPayment, StartOnAcceptance, StartOnCreate)
		}
		p.Panel = or(p.Panel, c.Panel)
		p.Type, p.PayType = or(p.Type, "server"), or(p.PayType, "recurring")
		if p.Prices == nil {
			p.Prices = asked(5000)
		}
		if p.Options == nil && p.Module == moduleName {
			p.Options = usual(*p)
		}
	}
	if len(c.Servers) == 0 {
		for _, p := range c.Products {
			if c.entry(p.Panel).ID == 0 {
				c.Servers = append(c.Servers, ServerEntry{len(c.Servers) + 1, "dci-" + p.Panel, p.Panel + ".example.com", p.Panel})
			}
		}
	}
	return nil
}

// completeShop fills what a checkout needs.
func (c *Config) completeShop() {
	if len(c.Currencies) == 0 {
		c.Currencies = []Currency{{1, "USD", "$", " USD"}, {2, "EUR", "", " EUR"}}
	}
	if len(c.PaymentMethods) == 0 {
		c.PaymentMethods = []PaymentMethod{{"banktransfer", "Bank Transfer"}, {"stripe", "Credit Card"}}
	}
	if len(c.Promotions) == 0 {
		c.Promotions = []Promotion{{Code: "WELCOME10", Percent: 10}, {Code: "SPRING2020", Percent: 50, Ends: "2020-05-31"}}
	}
}

// entry is the server entry of a panel; none has id 0.
func (c *Config) entry(panel string) ServerEntry {
	for _, entry := range c.Servers {
		if entry.Username == panel {
			return entry
		}
	}
	return ServerEntry{}
}

func (c *Config) product(id int) (Product, bool) {
	i := slices.IndexFunc(c.Products, func(p Product) bool { return p.ID == id })
	if i < 0 {
		return Product{}, false
	}
	return c.Products[i], true
}

// hostname fills a product's domain template.
func (p Product) hostname(serviceID int, typed string) string {
	template := or(p.Domain, or(typed, "s@ID@.example.com"))
	return strings.NewReplacer("@ID@", fmt.Sprint(serviceID), "@DOMAIN@", typed).Replace(template)
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
