package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"fmt"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
	"metalease/workflows/api/shop"
)

// TestACartSurvivesTheEndOfAnyProcess: worker or gateway is killed as by a power cut at each step of a
// cart's way, and there is one client, one order and one server in the end.
func TestACartSurvivesTheEndOfAnyProcess(t *testing.T) {
	t.Parallel()
	s := newStore(t, "hold: 10m, max_quantity: 1")
	clients := func() int { return len(s.whmcs().Clients) }
	orders := func() int { return len(s.whmcs().Orders) }
	killed := map[string]func(){
		"worker": s.restart,
		"gateway": func() {
			s.Gateway.Kill()
			require.NoError(t, s.AwaitGateway(s.ctx))
		},
	}
	carts := 0
	for _, process := range []string{"worker", "gateway"} {
		for _, step := range []string{"handed over", "client", "order", "open", "paid"} {
			name := fmt.Sprintf("%s%s", process, step[:3])
			hadClients, hadOrders := clients(), orders()
			var cart shop.Cart
			s.ask(http.MethodPost, "/v1/carts?wait=0s", "key-"+name, cartOf(name, 1), &cart)
			carts++
			reached := map[string]func() bool{
				"handed over": func() bool { return true },
				"client":      func() bool { return clients() > hadClients },
				"order":       func() bool { return orders() > hadOrders },
				"open":        func() bool { return s.cart(cart.ID).State == shop.StateOpen },
				"paid":        func() bool { return s.cart(cart.ID).State == shop.StateOpen },
			}[step]
			require.True(t, s.eventually(reached), "%s: %s", process, step)
			if step == "paid" {
				s.pay(s.cart(cart.ID))
			}
			killed[process]()
			require.True(t, s.eventually(func() bool { return s.cart(cart.ID).State != shop.StateChecking }), "%s: %s", process, step)
			if step != "paid" {
				require.Equal(t, shop.StateOpen, s.cart(cart.ID).State, "%s: %s: %+v", process, step, s.cart(cart.ID))
				s.pay(s.cart(cart.ID))
			}
			s.awaitPhase(s.cart(cart.ID).Services[0].ServiceID, api.PhaseActive)
			require.True(t, s.eventually(func() bool { return s.cart(cart.ID).State == shop.StatePaid }), "%s: %s", process, step)
		}
	}
	require.Equal(t, carts, orders(), "one order for each cart")
	require.Equal(t, carts, clients(), "one client for each cart")
}

// TestManyCartsAtOnce: as many as there are servers hold one, and the others are told; WHMCS is asked at the
// rate that is the default.
func TestManyCartsAtOnce(t *testing.T) {
	t.Parallel()
	// Calls that wait for their turn at WHMCS tell of themselves for seconds, on a machine that is busy.
	patient := strings.Replace(quick, "heartbeat: 2s", "heartbeat: 30s", 1)
	s := newStoreWith(t, "timeout: 30s", patient, "hold: 10m", "--servers", "100")
	const carts, servers = 200, 100
	began := time.Now()
	var wait sync.WaitGroup
	var mu sync.Mutex
	taken := map[string]bool{}
	for i := range carts {
		wait.Go(func() {
			var cart shop.Cart
			name := fmt.Sprintf("buyer%d", i)
			switch code := s.ask(http.MethodPost, "/v1/carts?wait=20s", "key-"+name, cartOf(name, 1), &cart); code {
			case http.StatusCreated, http.StatusOK:
				mu.Lock()
				taken[cart.ID] = true
				mu.Unlock()
			case http.StatusUnprocessableEntity:
			default:
				t.Errorf("%s: %d", name, code)
			}
		})
	}
	wait.Wait()
	held, why := 0, map[string]int{}
	for id := range taken {
		require.True(t, s.within(4*time.Minute, pollEach, func() bool { return s.cart(id).State != shop.StateChecking }))
		now := s.cart(id)
		if now.State == shop.StateOpen {
			held++
		}
		for _, p := range now.Problems {
			why[p.Reason]++
		}
	}
	t.Logf("%d carts in %s", carts, time.Since(began).Round(time.Second))
	require.Equal(t, servers, held, "each server is held once: %v", why)
	state := s.whmcs()
	require.Len(t, state.Orders, servers)
	require.Len(t, state.Clients, servers, "a cart without stock leaves no client")
	for function, most := range map[string]int{"GetClientsDetails": carts, "AddClient": servers, "AddOrder": servers, "GetInvoice": servers} {
		require.Equal(t, most, state.Counters[function].Requests, function)
	}
	require.Less(t, state.Counters["GetProducts"].Requests, 20, "one reading serves all")
}
