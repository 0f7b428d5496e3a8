// Package checkout takes a shop's cart through WHMCS: it checks every item, finds or creates the
// client, places the one order, and reads or cancels what became of it. Each activity may run
// twice: what a lost reply has left in WHMCS is found again, an order by the cart's mark and a client by the
// notes that name the cart, before anything is asked for a second time.
package checkout

// Request is what a shop hands over: the body of POST /v1/carts.
type Request struct {
	// Reference is the shop's own name of the cart; shown, never interpreted.
	Reference string `json:"reference,omitempty"`
	Client    Client `json:"client"`
	Items     []Item `json:"items"`
	// Currency is a code such as EUR; empty is the client's, or WHMCS's default for a new one.
	Currency string `json:"currency,omitempty"`
	// PaymentMethod is a gateway's name in WHMCS; empty is the first one that WHMCS offers.
	PaymentMethod string `json:"payment_method,omitempty"`
	PromoCode     string `json:"promo_code,omitempty"`
	// ExpiresIn is how long the stock is held; zero is the shop's setting.
	ExpiresIn Duration `json:"expires_in,omitempty"`
	// ReturnURL and CancelURL are where the shop wants its visitor back; kept for the shop, and
	// never called by metalease.
	ReturnURL string `json:"return_url,omitempty"`
	CancelURL string `json:"cancel_url,omitempty"`
}

// Client is who orders: an id of WHMCS alone, or an e-mail address with the fields of a new client.
type Client struct {
	// ID is a client that the shop has signed in itself; only such a one is signed in to WHMCS at the
	// checkout. An address that a visitor typed proves nothing.
	ID        int    `json:"id,omitempty"`
	Email     string `json:"email,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Company   string `json:"company,omitempty"`
	Address1  string `json:"address1,omitempty"`
	City      string `json:"city,omitempty"`
	State     string `json:"state,omitempty"`
	Postcode  string `json:"postcode,omitempty"`
	// Country has two letters (ISO 3166-1).
	Country string `json:"country,omitempty"`
	Phone   string `json:"phone,omitempty"`
	// IP is the visitor's address as the shop saw it. It is the order's address in WHMCS, and bounds
	// how much one visitor can hold.
	IP string `json:"ip,omitempty"`
}

// Item is one line of a cart.
type Item struct {
	// Product is the id in WHMCS; or SKU is the name that the configuration gives it.
	Product int    `json:"product,omitempty"`
	SKU     string `json:"sku,omitempty"`
	// Cycle is monthly, quarterly, semiannually, annually, biennially or triennially.
	Cycle string `json:"cycle,omitempty"`
	// Quantity is a count of servers; absent is 1.
	Quantity   int    `json:"quantity,omitempty"`
	Hostname   string `json:"hostname,omitempty"`
	OSTemplate string `json:"os_template,omitempty"`
	Recipe     string `json:"recipe,omitempty"`
	// IPv4 and IPv6 count the addresses beyond the main one.
	IPv4 int `json:"ipv4,omitempty"`
	IPv6 int `json:"ipv6,omitempty"`
	// Options are further configurable options by name, with the name of the choice or a quantity.
	Options map[string]string `json:"options,omitempty"`
	// ExpectPrice is the price of one, setup and first cycle together, as the shop showed it, such as
	// "89.00". WHMCS's own price counts: a difference is refused or shown, as the configuration says.
	ExpectPrice string `json:"expect_price,omitempty"`
}

// Fault is one thing that is wrong of a cart. Field names the place, such as items[0].cycle; empty is the whole.
type Fault struct {
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
}

// Want is stock that a cart needs.
type Want struct {
	Panel   string `json:"panel"`
	Package string `json:"package"`
	Count   int    `json:"count"`
	// Field is the place in the request, for a problem with it.
	Field string `json:"field,omitempty"`
}
