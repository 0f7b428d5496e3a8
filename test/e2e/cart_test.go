package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"metalease/internal/signing"
	"metalease/internal/stack"
	"metalease/workflows/api"
	"metalease/workflows/api/shop"
)

const (
	shopKey     = "a-secret-of-the-shop"
	shopWebhook = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)

// store is a shop: it hands carts over and is told what becomes of them.
type store struct {
	*world
	mu     sync.Mutex
	events []string
	ids    map[string]bool
	// refuses is how many events the shop does not take.
	refuses int
}

func newStore(t *testing.T, terms string, flags ...string) *store {
	return newStoreWith(t, "timeout: 4s, rate: 500, concurrency: 32", quick, terms, flags...)
}

// newStoreWith is a shop before a WHMCS with these limits, and with a clock.
func newStoreWith(t *testing.T, limits, clock, terms string, flags ...string) *store {
	s := &store{ids: map[string]bool{}}
	hook := httptest.NewServer(http.HandlerFunc(s.take))
	t.Cleanup(hook.Close)
	s.world = newWorldWith(t, stack.Options{PanelFlags: flags, PanelConfig: loose, WHMCSConfig: limits, Config: clock + selling(terms, hook.URL)})
	return s
}

// selling is the configuration of a shop that is told of events at that address.
func selling(terms, hook string) string {
	return fmt.Sprintf(`
shops: [{name: web, secret: %s, max_held: 100, max_held_per_visitor: 2, %s, webhook: {url: "%s", secret: %s, private_addresses: true}}]
products: [{product: 1, sku: e3, panel: %s, package: E3-16G}]
`, shopKey, terms, hook, shopWebhook, stack.Panel)
}

// take verifies an event as a shop does.
func (s *store) take(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(r.Body)
	verifier, _ := standardwebhooks.NewWebhook(shopWebhook)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuses > 0 {
		s.refuses--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if id := r.Header.Get("webhook-id"); err != nil || verifier.Verify(payload, r.Header) != nil || s.ids[id] {
		return // a repeat is no news
	}
	s.ids[r.Header.Get("webhook-id")] = true
	var event struct {
		Type string `json:"type"`
		Data struct {
			Service shop.Service `json:"service"`
		} `json:"data"`
	}
	_ = json.Unmarshal(payload, &event) // an empty type is seen by the test
	s.events = append(s.events, strings.TrimSpace(event.Type+" "+string(event.Data.Service.Phase)))
}

func (s *store) told() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.events...)
}

// ask signs with the shop's key.
func (s *store) ask(method, path, key, body string, answer any) int {
	s.t.Helper()
	for back := 0; ; back++ { // two alike in one second are one call
		req, err := http.NewRequestWithContext(s.ctx, method, s.GatewayURL(path), strings.NewReader(body))
		require.NoError(s.t, err)
		req.Header.Set(signing.HeaderKey, "web")
		if key != "" {
			req.Header.Set("Idempotency-Key", key)
		}
		signing.Sign(req, []byte(body), stack.Installation, shopKey, time.Now().Add(-time.Duration(back)*time.Second))
		resp, err := http.DefaultClient.Do(req)
		require.NoError(s.t, err)
		text, err := io.ReadAll(resp.Body)
		require.NoError(s.t, err)
		require.NoError(s.t, resp.Body.Close())
		again := resp.StatusCode == http.StatusUnauthorized && bytes.Contains(text, []byte("/problems/replayed"))
		// An engine that takes nothing for 20 s has the shop ask again, with the same key. A worker never does.
		again = again || key != "" && bytes.Contains(text, []byte("/problems/temporal-unavailable"))
		if again && back < 60 {
			continue
		}
		if answer != nil && resp.StatusCode < 300 {
			require.NoError(s.t, json.Unmarshal(text, answer))
		}
		return resp.StatusCode
	}
}

// cartOf is a cart of so many servers for a new client.
func cartOf(client string, quantity int) string {
	return fmt.Sprintf(`{"reference":"%s","client":{"email":"%s@example.com","first_name":"Ada","last_name":"L","address1":"1","city":"London","state":"London",
		"postcode":"N1","country":"GB","phone":"+442071234567"},"items":[{"sku":"e3","cycle":"monthly","quantity":%d,"os_template":"ISPsystem__Debian-12-x86_64","ipv4":1}]}`, client, client, quantity)
}

func (s *store) open(client string, quantity int) (cart shop.Cart) {
	s.t.Helper()
	require.Equal(s.t, http.StatusCreated, s.ask(http.MethodPost, "/v1/carts?wait=20s", "key-"+client, cartOf(client, quantity), &cart))
	require.True(s.t, s.eventually(func() bool { return s.cart(cart.ID).State != shop.StateChecking }))
	return s.cart(cart.ID)
}

// cart is a cart as it is now. Right after a worker was killed nobody may answer for a moment.
func (s *store) cart(id string) (cart shop.Cart) {
	s.t.Helper()
	require.True(s.t, s.eventually(func() bool {
		code := s.ask(http.MethodGet, "/v1/carts/"+id, "", "", &cart)
		require.Contains(s.t, []int{http.StatusOK, http.StatusServiceUnavailable}, code)
		return code == http.StatusOK
	}))
	return cart
}

func (s *store) pay(cart shop.Cart) {
	s.t.Helper()
	require.NoError(s.t, s.AskWHMCS(s.ctx, http.MethodPost, fmt.Sprintf("/_sim/orders/%d/pay", cart.OrderID), nil, nil))
}

// TestACartBecomesServers: from the shop's cart to servers that their customer has, and the shop is told.
func TestACartBecomesServers(t *testing.T) {
	t.Parallel()
	s := newStore(t, "hold: 5m")
	s.refuses = 1
	cart := s.open("ada", 2)
	require.Equal(t, shop.StateOpen, cart.State, "%+v", cart)
	require.Len(t, cart.Services, 2)
	require.Equal(t, http.StatusOK, s.ask(http.MethodPost, "/v1/carts?wait=20s", "key-ada", cartOf("ada", 2), nil), "the same cart")
	require.Equal(t, http.StatusConflict, s.ask(http.MethodPost, "/v1/carts?wait=20s", "key-ada", cartOf("ada", 1), nil))
	var payment struct {
		URL      string `json:"url"`
		SignedIn bool   `json:"signed_in"`
	}
	require.Equal(t, http.StatusOK, s.ask(http.MethodPost, "/v1/carts/"+cart.ID+"/checkout", "", "", &payment))
	require.True(t, payment.SignedIn, "the client was created for this cart")

	s.pay(cart)
	for _, service := range cart.Services {
		status := s.awaitPhase(service.ServiceID, api.PhaseActive)
		require.Len(t, status.Server.ExtraIPs, 1)
		s.requireDelivered(service.ServiceID, status)
	}
	require.True(t, s.eventually(func() bool {
		now := s.cart(cart.ID)
		return now.State == shop.StatePaid && now.Services[0].Phase == api.PhaseActive && now.Services[1].Phase == api.PhaseActive && now.Services[0].IP != ""
	}), "%+v", s.cart(cart.ID))
	require.Equal(t, http.StatusConflict, s.ask(http.MethodDelete, "/v1/carts/"+cart.ID, "", "", nil), "it is paid")
	require.True(t, s.eventually(func() bool { return count(s.told(), "service.phase active") == 2 }), "%v", s.told())
	require.Equal(t, []string{shop.EventOpen, shop.EventPaid}, s.told()[:2], "in order, though the first was refused once")
	require.Len(t, s.whmcs().Orders, 1)
	require.Len(t, s.whmcs().Clients, 1)
	require.NotContains(t, s.Gateway.Log()+s.Worker.Log(), payment.URL[strings.LastIndex(payment.URL, "=")+1:], "the address signs somebody in")
}

func count(list []string, wanted string) (n int) {
	for _, e := range list {
		if e == wanted {
			n++
		}
	}
	return n
}

// TestTheLastServer: one cart holds it, the other is told; the end of the first frees it, and nothing is left of either.
func TestTheLastServer(t *testing.T) {
	t.Parallel()
	s := newStore(t, "hold: 5m", "--servers", "1")
	first := s.open("ada", 1)
	require.Equal(t, http.StatusUnprocessableEntity, s.ask(http.MethodPost, "/v1/carts?wait=20s", "key-eve", cartOf("eve", 1), nil))
	require.Len(t, s.whmcs().Orders, 1)
	require.Len(t, s.whmcs().Clients, 1)
	require.Equal(t, http.StatusOK, s.ask(http.MethodDelete, "/v1/carts/"+first.ID, "", "", nil))
	require.True(t, s.eventually(func() bool { return s.cart(first.ID).State == shop.StateCancelled }))
	require.Equal(t, "Cancelled", s.whmcs().Orders[0].Status)
	again := s.open("bob", 1)
	s.pay(again)
	s.awaitPhase(again.Services[0].ServiceID, api.PhaseActive)
}

// TestACartThatIsNotPaidInTime: its order is cancelled and its stock is free.
func TestACartThatIsNotPaidInTime(t *testing.T) {
	t.Parallel()
	s := newStore(t, "hold: 4s", "--servers", "1")
	cart := s.open("ada", 1)
	require.True(t, s.eventually(func() bool { return s.cart(cart.ID).State == shop.StateExpired }))
	require.Equal(t, "Cancelled", s.whmcs().Orders[0].Status)
	require.True(t, s.eventually(func() bool { return count(s.told(), shop.EventExpired) == 1 }))
	s.open("bob", 1)
}

// TestLostRepliesOfACart: whatever WHMCS does not say, there is one client and one order, and the
// worker is killed on the way.
func TestLostRepliesOfACart(t *testing.T) {
	t.Parallel()
	s := newStore(t, "hold: 5m, max_quantity: 1")
	calls := []string{"AddClient", "AddOrder", "GetInvoice", "CancelOrder"}
	for i, function := range calls {
		for j, effect := range []string{"close-after", "close-before"} {
			name := fmt.Sprintf("client%d%d", i, j)
			require.NoError(t, s.AskWHMCS(s.ctx, http.MethodPost, "/_sim/faults", []map[string]any{{"function": function, "effect": effect, "count": 1}}, nil))
			var cart shop.Cart
			s.ask(http.MethodPost, "/v1/carts?wait=0s", "key-"+name, cartOf(name, 1), &cart)
			if function == "AddOrder" {
				s.restart()
			}
			require.True(t, s.eventually(func() bool { return s.cart(cart.ID).State == shop.StateOpen }), "%s %s: %+v", function, effect, s.cart(cart.ID))
			if function == "CancelOrder" {
				s.ask(http.MethodDelete, "/v1/carts/"+cart.ID, "", "", nil)
				require.True(t, s.eventually(func() bool { return s.cart(cart.ID).State == shop.StateCancelled }), "%s %s", function, effect)
			}
		}
	}
	state := s.whmcs()
	require.Len(t, state.Orders, 2*len(calls), "one order for each cart")
	require.Len(t, state.Clients, 2*len(calls), "one client for each cart")
}
