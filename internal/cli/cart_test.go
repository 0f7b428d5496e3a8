package cli

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/whmcs/simulator"
	"metalease/workflows/api/shop"
)

// cart has a shop hand one over.
func (s scene) cart(key, reference string) shop.Cart {
	s.t.Helper()
	c := control.New(s.Client, s.Namespace, &config.Config{Installation: "test"})
	cart, _, err := c.StartCart(s.t.Context(), config.Shop{Name: "web", Hold: time.Minute}, key,
		shop.Request{Reference: reference, Client: shop.Client{ID: 7}, Items: []shop.Item{{SKU: "e3"}}}, testTimeout)
	require.NoError(s.t, err)
	return cart
}

func TestACartIsShown(t *testing.T) {
	s := newScene(t)
	s.WorkCarts(t)
	cart := s.cart("k1", "order 17")
	for _, name := range []string{cart.ID, shop.WorkflowID(cart.ID)} {
		out := s.does("cart", name)
		for _, words := range []string{cart.ID, "web", "order 17", "open", "6, 50.00 EUR", "201 not begun"} {
			require.Contains(t, out, words)
		}
		require.NotContains(t, out, "NOT TAKEN")
	}
	var shown shop.Cart
	require.NoError(t, json.Unmarshal([]byte(s.does("cart", cart.ID, "--json")), &shown))
	require.Equal(t, cart, shown)

	failed := s.cart("k2", temporaltest.ReferenceFailed)
	require.Contains(t, s.does("cart", failed.ID), "items[0].quantity 0 of these are free, not 1")

	r := s.run("cart", "nope")
	require.Equal(t, exitNotFound, r.code, r.errOut)
	require.Contains(t, r.errOut, "cart nope: there is no such cart")
}

func TestKeptEventsAreReplayed(t *testing.T) {
	s := newScene(t)
	s.WorkCarts(t)
	cart := s.cart("k1", temporaltest.ReferenceLost)
	out := s.does("cart", cart.ID)
	require.Contains(t, out, "evt_1 cart.open: "+temporaltest.Refusal)
	require.Contains(t, out, "starter webhooks replay "+cart.ID)

	r := s.run("webhooks", "replay", cart.ID, "evt_9")
	require.Equal(t, exitNotFound, r.code, r.errOut)
	require.Contains(t, s.does("webhooks", "replay", cart.ID, "evt_1"), "1 on the way")
	require.Contains(t, s.does("webhooks", "replay", shop.WorkflowID(cart.ID)), "1 on the way")
	require.Contains(t, s.does("webhooks", "replay", cart.ID), "nothing that the shop did not take")
	require.Equal(t, exitNotFound, s.run("webhooks", "replay", "nope").code)
}

func TestCartCommandsUsedWrongly(t *testing.T) {
	t.Parallel()
	env := []string{"TEMPORAL_ADDRESS=127.0.0.1:1", "METALEASE_CONFIG=" + configFile(t, configuration)}
	for args, says := range map[string]string{
		"cart": "one cart id", "cart a b": "one cart id", "webhooks": "webhooks takes replay", "webhooks send": "send",
		"webhooks replay": "takes one cart id", "webhooks replay a b c": "takes one cart id", "cart-link": "one product", "cart-link e3 --option x": "option",
	} {
		r := run(t, env, "", strings.Fields(args)...)
		require.Equal(t, exitUsage, r.code, args+": "+r.errOut)
		require.Contains(t, r.errOut, says, args)
	}
}

// TestACartLink asks WHMCS alone, and refuses what that would ignore.
func TestACartLink(t *testing.T) {
	t.Parallel()
	billing, err := simulator.New(simulator.Config{Installation: "test", GatewaySecret: "0123456789abcdef", Identifier: "identifier", Secret: "the-secret-of-whmcs"})
	require.NoError(t, err)
	server := httptest.NewServer(billing)
	t.Cleanup(server.Close)
	env := []string{"TEMPORAL_ADDRESS=127.0.0.1:1", "METALEASE_CONFIG=" + configFile(t, fmt.Sprintf(`%s
whmcs: {url: %q, identifier: identifier, secret: the-secret-of-whmcs}
products: [{product: 1, sku: e3, panel: fra1, package: E3-16G}]
`, configuration, server.URL))}
	r := run(t, env, "", "cart-link", "e3", "--cycle", "monthly", "--os", "ISPsystem__Debian-12-x86_64")
	require.Equal(t, exitDone, r.code, r.errOut)
	require.Contains(t, r.out, "/cart.php?")
	require.Contains(t, r.out, "pid=1")

	r = run(t, env, "", "cart-link", "e3", "--cycle", "triennially")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.errOut, "cycle must be one of")
	require.NotContains(t, r.errOut, "the-secret-of-whmcs")

	r = run(t, env, "", "cart-link", "e9", "--cycle", "monthly")
	require.Equal(t, exitNotFound, r.code, r.errOut)
}
