package checkout

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/internal/simulated"
	"metalease/whmcs"
)

// calls counts what WHMCS was asked since the last time, by function.
func (w *world) calls(before map[string]int) (since map[string]int) {
	since = map[string]int{}
	for function, count := range w.Billing.State().Counters {
		if n := count.Requests - before[function]; n > 0 {
			since[function] = n
		}
		before[function] = count.Requests
	}
	return since
}

// buy takes a cart from its check to its order.
func (w *world) buy(cart string, r Request) Placed {
	w.T.Helper()
	checked, err := simulated.Run[Checked](w, w.c.Check, Question{CartID: cart, Shop: "web", Request: r})
	require.NoError(w.T, err)
	require.Empty(w.T, checked.Problems)
	client := checked.ClientID
	if client == 0 {
		known, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{CartID: cart, Shop: "web", Client: r.Client, Currency: checked.Currency})
		require.NoError(w.T, err)
		client = known.ClientID
	}
	placed, err := simulated.Run[Placed](w, w.c.PlaceOrder, Purchase{
		CartID: cart, Shop: "web", Request: r, ClientID: client, PaymentMethod: checked.PaymentMethod, Currency: checked.Currency,
	})
	require.NoError(w.T, err)
	return placed
}

// TestWhatACartAsksOfWHMCS: that is what bounds the carts a minute.
func TestWhatACartAsksOfWHMCS(t *testing.T) {
	w, seen := newWorld(t), map[string]int{}
	w.buy("cart-number-1", request())
	require.Equal(t, map[string]int{
		"GetProducts": 1, "GetCurrencies": 1, "GetPaymentMethods": 1, "GetClientsDetails": 1, "AddClient": 1, "AddOrder": 1, "GetInvoice": 1,
	}, w.calls(seen), "the first of a process")
	other := request(func(r *Request) { r.Client.Email = "grace@example.com" })
	w.buy("cart-number-2", other)
	require.Equal(t, map[string]int{"GetClientsDetails": 1, "AddClient": 1, "AddOrder": 1, "GetInvoice": 1}, w.calls(seen), "a new client")
	w.buy("cart-number-3", other)
	require.Equal(t, map[string]int{"GetClientsDetails": 1, "AddOrder": 1, "GetInvoice": 1}, w.calls(seen), "a client that is there")
}

// TestAnOldListRefusesNobody: before a cart is refused by it, it is read again; a young one refuses a crowd
// at the cost of one reading.
func TestAnOldListRefusesNobody(t *testing.T) {
	w, seen := newWorld(t), map[string]int{}
	w.check(request())
	w.calls(seen)
	wrong := request(func(r *Request) { r.Items[0].Cycle = "triennially" })
	require.Equal(t, []string{"items[0].cycle"}, w.fields(wrong))
	require.Equal(t, map[string]int{"GetClientsDetails": 1}, w.calls(seen), "the list is new")
	require.True(t, w.c.List.Doubt(0))
	require.False(t, w.c.List.Doubt(0), "nothing is left to drop")
	require.Equal(t, []string{"items[0].cycle"}, w.fields(wrong))
	require.Equal(t, 1, w.calls(seen)["GetProducts"])
}

// TestTheModuleKnowsTheMark: it counts the servers of carts as not free any more.
func TestTheModuleKnowsTheMark(t *testing.T) {
	source, err := os.ReadFile("../../whmcs/module/modules/servers/metalease/lib/Module/Stock.php")
	require.NoError(t, err)
	require.Contains(t, string(source), "const MARK = '"+mark("")+"';")
}

// TestAListHasAnAge of its own.
func TestAListHasAnAge(t *testing.T) {
	w, seen := newWorld(t), map[string]int{}
	w.c.List = whmcs.NewPriceList(w.API, time.Nanosecond, time.Now, 1)
	for range 2 {
		_, err := w.c.List.Offers(t.Context())
		require.NoError(t, err)
	}
	require.Equal(t, 2, w.calls(seen)["GetProducts"])
	none := whmcs.NewPriceList(w.API, time.Minute, time.Now)
	offers, err := none.Offers(t.Context())
	require.NoError(t, err)
	require.Empty(t, offers, "no product is not every product")
	require.Empty(t, w.calls(seen))
}
