package gateway_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/secret"
	"metalease/internal/signing"
	"metalease/internal/storefront"
	"metalease/workflows/api"
	"metalease/workflows/api/shop"
)

const shopSecret = "a-secret-of-a-shop"

func shops() []config.Shop {
	return []config.Shop{
		{Name: "web", Secret: secret.New(shopSecret), PreviousSecret: secret.New("the-secret-before-it"), MaxQuantity: 5},
		{Name: "gone", Secret: secret.New(shopSecret), Revoked: true},
	}
}

// carts is what Temporal and WHMCS say of carts.
type carts struct {
	cart    shop.Cart
	keys    map[string]bool
	cartErr error
	wish    storefront.Wish
	by      string
}

func (c *carts) StartCart(_ context.Context, s config.Shop, key string, _ shop.Request, _ time.Duration) (shop.Cart, bool, error) {
	c.by = s.Name
	started := !c.keys[key]
	c.keys = map[string]bool{key: true}
	return c.cart, started, c.cartErr
}

func (c *carts) Cart(_ context.Context, name, id string, _ time.Duration) (shop.Cart, error) {
	if name != "web" || id != c.cart.ID {
		return shop.Cart{}, control.ErrUnknownCart
	}
	return c.cart, c.cartErr
}

func (c *carts) CancelCart(ctx context.Context, name, id, _ string, wait time.Duration) (shop.Cart, error) {
	return c.Cart(ctx, name, id, wait)
}

func (c *carts) Catalogue(context.Context) (storefront.Catalogue, string, error) {
	return storefront.Catalogue{Products: []storefront.Product{{
		Product: 1, SKU: "e3", Name: "E3", Packages: []string{"E3-16G"}, OSTemplates: []string{},
		Prices:  []storefront.Price{{Currency: "EUR", Cycle: "monthly", Setup: "0.00", Recurring: "50.00"}},
		Options: []storefront.Option{{Name: "IP", Label: "Addresses", Kind: "quantity", Choices: []storefront.Choice{{Name: "IP", Label: "Addresses", Prices: []storefront.Price{}}}}},
	}}}, `"tag"`, c.cartErr
}

func (c *carts) Link(_ context.Context, w storefront.Wish) (string, error) {
	c.wish = w
	switch {
	case w.Product != "e3":
		return "", storefront.ErrUnknownProduct
	case w.Cycle == "weekly":
		return "", &storefront.Refused{Field: "cycle", Reason: "must be one of monthly"}
	}
	return "https://billing.example.com/cart.php?a=add&pid=1", nil
}

func (c *carts) Checkout(_ context.Context, cart shop.Cart) (storefront.Payment, error) {
	if cart.State != shop.StateOpen {
		return storefront.Payment{}, storefront.ErrNotPayable
	}
	return storefront.Payment{URL: "https://billing.example.com/viewinvoice.php?id=6"}, nil
}

// asShop signs as a shop does.
func (s scene) asShop(method, path, body, key, with string, more ...string) reply {
	s.t.Helper()
	return s.send(method, path, body, func(r *http.Request) {
		for i := 0; i+1 < len(more); i += 2 {
			r.Header.Set(more[i], more[i+1])
		}
		r.Header.Set(signing.HeaderKey, key)
		signing.Sign(r, []byte(body), installation, with, s.mem.time())
	})
}

const goodCart = `{"reference":"r1","client":{"id":7},"items":[{"sku":"e3","cycle":"monthly","quantity":2}]}`

func openCart() shop.Cart {
	return shop.Cart{ID: "c1", Shop: "web", State: shop.StateOpen, OrderID: 5, InvoiceID: 6, Total: "100.00", Currency: "EUR", Services: []shop.Service{{ServiceID: 201}}}
}

func TestACartFromItsShop(t *testing.T) {
	s := newScene(t)
	s.mem.cart = openCart()
	created := s.asShop("POST", "/v1/carts", goodCart, "web", shopSecret, "Idempotency-Key", "k1")
	require.Equal(t, http.StatusCreated, created.code, created.body)
	require.Equal(t, "/v1/carts/c1", created.header.Get("Location"))
	require.Equal(t, "web", s.mem.by)
	require.Equal(t, http.StatusOK, s.asShop("POST", "/v1/carts", goodCart, "web", shopSecret, "Idempotency-Key", "k1").code, "a repeat")
	require.Equal(t, http.StatusOK, s.asShop("GET", "/v1/carts/c1", "", "web", "the-secret-before-it").code, "the secret before it is good too")
	require.Contains(t, s.asShop("POST", "/v1/carts/c1/checkout", "", "web", shopSecret).body, "viewinvoice.php?id=6")
	require.Equal(t, http.StatusOK, s.asShop("DELETE", "/v1/carts/c1", "", "web", shopSecret).code)

	s.mem.cart.State = shop.StatePaid
	require.Equal(t, "/problems/not-payable", s.asShop("POST", "/v1/carts/c1/checkout", "", "web", shopSecret).problem(t).Type)
	s.mem.cartErr = control.ErrCartPaid
	require.Equal(t, "/problems/cart-paid", s.asShop("DELETE", "/v1/carts/c1", "", "web", shopSecret).problem(t).Type)
	s.mem.cartErr = control.ErrOtherCart
	require.Equal(t, "/problems/other-cart", s.asShop("POST", "/v1/carts", goodCart, "web", shopSecret, "Idempotency-Key", "k2").problem(t).Type)
}

func TestWhatIsWrongWithACart(t *testing.T) {
	s := newScene(t)
	post := func(body, key string) problem {
		r := s.asShop("POST", "/v1/carts", body, "web", shopSecret, "Idempotency-Key", key)
		require.Equal(t, http.StatusUnprocessableEntity, r.code, r.body)
		return r.problem(t)
	}
	require.Equal(t, []string{"Idempotency-Key"}, post(goodCart, "").fields())
	require.Equal(t, []string{"Idempotency-Key"}, post(goodCart, strings.Repeat("x", 129)).fields())
	wrong := post(`{"client":{"mail":"x"},"items":[{"sku":"e3","quantity":"two"},{"quantity":9,"colour":1}],"currency":5}`, "k")
	require.ElementsMatch(t, []string{"client.email", "client.mail", "items[0].quantity", "items[1].product", "items[1].colour", "items", "currency"}, wrong.fields())
	require.Empty(t, s.mem.by, "nothing was started")

	s.mem.cart = shop.Cart{ID: "c1", State: shop.StateFailed, Problems: []shop.Fault{{Field: "items[0].cycle", Reason: "is not offered"}}}
	refused := post(goodCart, "k")
	require.Equal(t, "/problems/invalid-cart", refused.Type)
	require.Equal(t, []api.FieldError{{Field: "items[0].cycle", Reason: "is not offered"}}, refused.Errors)
	require.Equal(t, http.StatusBadRequest, s.asShop("POST", "/v1/carts", "[]", "web", shopSecret, "Idempotency-Key", "k").code)
}

// TestAShopMayOnlyWhatAShopMay, and nobody else may that.
func TestAShopMayOnlyWhatAShopMay(t *testing.T) {
	s := newScene(t)
	s.mem.cart = openCart()
	s.call("POST", "/v1/services", goodOrder)
	for _, path := range []string{"/v1/services/101", "/v1/services", "/v1/panels/fra1/stock"} {
		require.Equal(t, "/problems/not-for-shops", s.asShop("GET", path, "", "web", shopSecret).problem(t).Type, path)
	}
	require.Equal(t, http.StatusForbidden, s.asShop("POST", "/v1/services/101/terminate", "", "web", shopSecret).code)
	require.Empty(t, s.mem.events)
	require.Equal(t, "/problems/shops-only", s.call("GET", "/v1/carts/c1", "").problem(t).Type)
	for key, with := range map[string]string{"web": "another-secret-of-16", "gone": shopSecret, "nobody": shopSecret, "other": secretOfTheGateway} {
		require.Equal(t, "/problems/wrong-signature", s.asShop("GET", "/v1/carts/c1", "", key, with).problem(t).Type, key)
	}
	require.Equal(t, http.StatusNotFound, s.asShop("GET", "/v1/carts/c2", "", "web", shopSecret).code)
}

func TestTheCatalogue(t *testing.T) {
	s := newScene(t)
	first := s.asShop("GET", "/v1/catalogue", "", "web", shopSecret)
	require.Equal(t, http.StatusOK, first.code)
	require.Equal(t, `"tag"`, first.header.Get("ETag"))
	require.Contains(t, first.body, `"stock":null`, "unknown is not zero")
	require.Equal(t, http.StatusNotModified, s.asShop("GET", "/v1/catalogue", "", "web", shopSecret, "If-None-Match", `W/"old", "tag"`).code)
	require.Equal(t, http.StatusOK, s.call("GET", "/v1/catalogue", "").code, "WHMCS may ask too")

	link := s.asShop("GET", "/v1/catalogue/e3/link?cycle=monthly&currency=EUR&os_template=Debian&promo_code=TEN", "", "web", shopSecret)
	require.Contains(t, link.body, "cart.php")
	require.Equal(t, storefront.Wish{Product: "e3", Cycle: "monthly", Currency: "EUR", OSTemplate: "Debian", PromoCode: "TEN"}, s.mem.wish)
	require.Equal(t, []string{"cycle"}, s.asShop("GET", "/v1/catalogue/e3/link?cycle=weekly", "", "web", shopSecret).problem(t).fields())
	require.Equal(t, http.StatusNotFound, s.asShop("GET", "/v1/catalogue/e9/link", "", "web", shopSecret).code)
}

func TestThePublicCatalogue(t *testing.T) {
	s := newScene(t)
	from := func(origin string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Origin", origin) }
	}
	known := s.send("GET", "/public/catalogue", "", from("https://shop.example.com"))
	require.Equal(t, http.StatusOK, known.code)
	require.Equal(t, "https://shop.example.com", known.header.Get("Access-Control-Allow-Origin"))
	other := s.send("GET", "/public/catalogue", "", from("https://evil.example.com"))
	require.Empty(t, other.header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "Origin", other.header.Get("Vary"))
	script := s.send("GET", "/public/shop.js", "", func(*http.Request) {})
	require.Equal(t, "text/javascript; charset=utf-8", script.header.Get("Content-Type"))
	limited := 0
	for range 30 {
		if s.send("GET", "/public/catalogue", "", from("")).code == http.StatusTooManyRequests {
			limited++
		}
	}
	require.Positive(t, limited, "five a second from one address")
	require.Equal(t, http.StatusMethodNotAllowed, s.send("POST", "/public/catalogue", "", from("")).code)
}
