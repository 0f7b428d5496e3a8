package checkout

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func valid() Request {
	return Request{
		Client:   Client{Email: "jane@example.com", FirstName: "Jane", Country: "DE", IP: "192.0.2.1"},
		Items:    []Item{{Product: 1, Cycle: "monthly", Hostname: "web1.example.com", Options: map[string]string{"RAM": "64 GB"}, ExpectPrice: "89.00"}},
		Currency: "EUR", ExpiresIn: Duration(time.Hour), ReturnURL: "https://shop.example.com/thanks?id=1",
	}
}

func TestFaultsOfARequest(t *testing.T) {
	require.Empty(t, valid().Faults())
	long := strings.Repeat("x", 300)
	for name, c := range map[string]struct {
		change func(*Request)
		want   []string
	}{
		"nobody":                      {func(r *Request) { r.Client = Client{} }, []string{"client.email"}},
		"somebody and fields":         {func(r *Request) { r.Client.ID = 4 }, []string{"client"}},
		"a client by id":              {func(r *Request) { r.Client = Client{ID: 4, IP: "2001:db8::1"} }, nil},
		"no address":                  {func(r *Request) { r.Client.Email = "Jane <jane@example.com>" }, []string{"client.email"}},
		"an address without a domain": {func(r *Request) { r.Client.Email = "jane@localhost" }, []string{"client.email"}},
		"country, ip":                 {func(r *Request) { r.Client.Country, r.Client.IP = "Germany", "here" }, []string{"client.country", "client.ip"}},
		"two lines":                   {func(r *Request) { r.Client.City = "A\nB" }, []string{"client.city"}},
		"nothing":                     {func(r *Request) { r.Items = nil }, []string{"items"}},
		"too much": {func(r *Request) {
			r.Items[0].Quantity, r.Items[0].Hostname = 20, ""
			r.Items = append(r.Items, r.Items[0])
		}, []string{"items"}},
		"no product":   {func(r *Request) { r.Items[0].Product = 0 }, []string{"items[0].product"}},
		"two products": {func(r *Request) { r.Items[0].SKU = "a" }, []string{"items[0].sku"}},
		"item": {func(r *Request) {
			r.Items[0] = Item{SKU: long, Cycle: "weekly", Quantity: -1, IPv4: 999, IPv6: -1, Hostname: "my server", ExpectPrice: "89,00"}
		}, []string{
			"items[0].cycle", "items[0].quantity", "items[0].ipv4", "items[0].ipv6", "items[0].hostname", "items[0].sku", "items[0].expect_price"}},
		"an address for a name": {func(r *Request) { r.Items[0].Hostname = "1.2.3.4" }, []string{"items[0].hostname"}},
		"one name for two":      {func(r *Request) { r.Items[0].Quantity = 2 }, []string{"items[0].hostname"}},
		"the rest": {func(r *Request) {
			r.Reference, r.Currency, r.PromoCode, r.ExpiresIn, r.ReturnURL, r.CancelURL = long, "Euro", long, Duration(25*time.Hour), "javascript:x", "shop"
		}, []string{
			"reference", "currency", "promo_code", "expires_in", "return_url", "cancel_url"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := valid()
			c.change(&r)
			var fields []string
			for _, p := range r.Faults() {
				fields = append(fields, p.Field)
				require.NotEmpty(t, p.Reason)
			}
			require.Equal(t, c.want, fields)
		})
	}
}
