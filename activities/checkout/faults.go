package checkout

import (
	"cmp"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"metalease/internal/clean"
	"metalease/internal/hostname"
)

// Cycles are WHMCS's billing cycles in the words of a cart, in WHMCS's order (docs/whmcs-api.md 5.1).
var Cycles = []string{"onetime", "monthly", "quarterly", "semiannually", "annually", "biennially", "triennially"}

// Limits of a request. Those of a shop stand in the configuration, below these.
const (
	mostItems     = 20
	mostServers   = 20
	mostOptions   = 30
	mostAddresses = 256
	textLimit     = 255
	urlLimit      = 2000
	longestHold   = 24 * time.Hour
)

var (
	twoLetters  = regexp.MustCompile(`^[A-Za-z]{2}$`)
	threeLetter = regexp.MustCompile(`^[A-Za-z]{3}$`)
	price       = regexp.MustCompile(`^\d{1,12}(\.\d{1,2})?$`)
)

// faults collects problems with the place of each. A list of choices may be long: it is cut, for the
// cart remembers it.
type faults struct{ list []Fault }

// Limits of the problems of one cart, in bytes of JSON.
const (
	mostFaults  = 100
	fieldLimit  = 200
	reasonLimit = 500
)

func (f *faults) add(bad bool, field, reason string, args ...any) {
	field = clean.CutJSON(field, fieldLimit)
	if bad && len(f.list) < mostFaults && !slices.ContainsFunc(f.list, func(p Fault) bool { return p.Field == field }) {
		f.list = append(f.list, Fault{field, clean.CutJSON(fmt.Sprintf(reason, args...), reasonLimit)})
	}
}

func (f *faults) long(field, text string, limit int) {
	f.add(utf8.RuneCountInString(text) > limit, field, "must have at most %d characters", limit)
	f.add(strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), field, "must be one line")
}

// Faults names every field that no cart can have, whatever WHMCS sells.
func (r Request) Faults() []Fault {
	var f faults
	f.long("reference", r.Reference, textLimit)
	r.Client.faults(&f)
	f.add(len(r.Items) == 0, "items", "must name at least one product")
	f.add(len(r.Items) > mostItems, "items", "must be at most %d", mostItems)
	servers := 0
	for i, item := range r.Items[:min(len(r.Items), mostItems)] {
		item.faults(&f, fmt.Sprintf("items[%d].", i))
		servers += max(1, item.Quantity)
	}
	f.add(servers > mostServers, "items", "are %d servers together; one cart has at most %d", servers, mostServers)
	f.add(r.Currency != "" && !threeLetter.MatchString(r.Currency), "currency", "must be a code such as EUR")
	f.long("payment_method", r.PaymentMethod, textLimit)
	f.long("promo_code", r.PromoCode, textLimit)
	f.add(r.ExpiresIn < 0 || time.Duration(r.ExpiresIn) > longestHold, "expires_in", "must be a duration up to %s, such as 15m", longestHold)
	f.page("return_url", r.ReturnURL)
	f.page("cancel_url", r.CancelURL)
	return f.list
}

// page wants an address that a browser may be sent to.
func (f *faults) page(field, text string) {
	if text == "" {
		return
	}
	f.long(field, text, urlLimit)
	address, err := url.Parse(text)
	f.add(err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http", field, "must be an address such as https://shop.example.com/thanks")
}

func (c Client) faults(f *faults) {
	f.add(c.ID < 0, "client.id", "must be a WHMCS client id, above zero")
	rest := c
	rest.ID, rest.IP = 0, ""
	switch {
	case c.ID > 0:
		f.add(rest != Client{}, "client", "has an id: the other fields are those of a new client")
	case c.Email == "":
		f.add(true, "client.email", "must be an address, or client.id a client of WHMCS")
	default:
		address, err := mail.ParseAddress(c.Email)
		f.add(err != nil || address.Address != c.Email || !strings.Contains(c.Email[strings.LastIndex(c.Email, "@")+1:], "."), "client.email", "must be an address such as jane@example.com")
	}
	for _, text := range []struct{ field, text string }{
		{"email", c.Email}, {"first_name", c.FirstName}, {"last_name", c.LastName}, {"company", c.Company}, {"address1", c.Address1},
		{"city", c.City}, {"state", c.State}, {"postcode", c.Postcode}, {"phone", c.Phone},
	} {
		f.long("client."+text.field, text.text, textLimit)
	}
	f.add(c.Country != "" && !twoLetters.MatchString(c.Country), "client.country", "must be two letters, such as DE")
	if c.IP != "" {
		_, err := netip.ParseAddr(c.IP)
		f.add(err != nil, "client.ip", "must be the visitor's address, such as 192.0.2.1")
	}
}

func (i Item) faults(f *faults, at string) {
	f.add(i.Product < 0, at+"product", "must be a product id of WHMCS, above zero")
	f.add(i.Product == 0 && i.SKU == "", at+"product", "must be a product id of WHMCS, or sku its name in the configuration")
	f.add(i.Product != 0 && i.SKU != "", at+"sku", "is given beside product; one of the two is enough")
	f.add(i.Cycle != "" && !slices.Contains(Cycles, i.Cycle), at+"cycle", "must be one of %s", strings.Join(Cycles, ", "))
	f.add(i.Quantity < 0 || i.Quantity > mostServers, at+"quantity", "must be a count from 1 to %d", mostServers)
	f.add(i.IPv4 < 0 || i.IPv4 > mostAddresses, at+"ipv4", "must be a count from 0 to %d", mostAddresses)
	f.add(i.IPv6 < 0 || i.IPv6 > mostAddresses, at+"ipv6", "must be a count from 0 to %d", mostAddresses)
	f.add(i.Hostname != "" && !hostname.Valid(i.Hostname), at+"hostname", "must be a host name such as web1.example.com")
	f.add(i.Hostname != "" && i.Quantity > 1, at+"hostname", "can name one server only: give each an item of its own")
	for _, text := range []struct{ field, text string }{{"sku", i.SKU}, {"hostname", i.Hostname}, {"os_template", i.OSTemplate}, {"recipe", i.Recipe}} {
		f.long(at+text.field, text.text, textLimit)
	}
	f.add(len(i.Options) > mostOptions, at+"options", "must be at most %d", mostOptions)
	for name, choice := range i.Options {
		f.long(at+"options", cmp.Or(name, " ")+choice, 2*textLimit)
	}
	f.add(i.ExpectPrice != "" && !price.MatchString(i.ExpectPrice), at+"expect_price", "must be a price such as 89.00")
}
