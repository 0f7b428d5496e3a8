package checkout

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// world is a WHMCS over HTTP that sells two products, of which shops may sell both.
type world struct {
	*simulated.Vendors
	c *Checkout
}

const settle = 60 * time.Millisecond

func newWorld(t *testing.T) *world {
	w := &world{Vendors: simulated.New(t)}
	w.c = &Checkout{
		Client: w.API, List: whmcs.NewPriceList(w.API, time.Minute, time.Now, 1, 2), RefusePrice: []string{"strict"}, Settle: settle, Fresh: time.Hour, Now: time.Now,
		Sold: []Sold{{Product: 1, SKU: "e3", Panel: "fra1", Package: "E3-16G"}, {Product: 2, Panel: "fra1", Package: "E5-64G", OSTemplates: []string{"ISPsystem__Debian-12-x86_64"}}},
	}
	w.Env.RegisterActivity(w.c)
	return w
}

func ada() Client {
	return Client{
		Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", Address1: "1 Main St", City: "London", State: "London",
		Postcode: "N1", Country: "gb", Phone: "+442071234567", IP: "192.0.2.1",
	}
}

func request(change ...func(*Request)) Request {
	r := Request{Client: ada(), Items: []Item{{SKU: "e3", Cycle: "monthly", Quantity: 2, OSTemplate: "ISPsystem__Debian-12-x86_64", IPv4: 2}}}
	for _, c := range change {
		c(&r)
	}
	return r
}

func (w *world) check(r Request) Checked {
	w.T.Helper()
	checked, err := simulated.Run[Checked](w, w.c.Check, Question{CartID: "c1", Shop: "web", Request: r})
	require.NoError(w.T, err)
	return checked
}

func (w *world) fields(r Request) (fields []string) {
	w.T.Helper()
	for _, p := range w.check(r).Problems {
		fields = append(fields, p.Field)
		require.NotEmpty(w.T, p.Reason)
	}
	return fields
}

func (w *world) client() int {
	w.T.Helper()
	known, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{CartID: "c1", Shop: "web", Client: ada(), Currency: "EUR"})
	require.NoError(w.T, err)
	return known.ClientID
}

func (w *world) purchase(client int, change ...func(*Request)) (Placed, error) {
	w.T.Helper()
	return simulated.Run[Placed](w, w.c.PlaceOrder, Purchase{CartID: "c1abcdef", Shop: "web", Request: request(change...), ClientID: client, PaymentMethod: "banktransfer", Currency: "EUR"})
}

func (w *world) place(client int) Placed {
	w.T.Helper()
	placed, err := w.purchase(client)
	require.NoError(w.T, err)
	return placed
}

func (w *world) lose(function, effect string, count int) {
	w.T.Helper()
	require.NoError(w.T, w.Billing.Fault(simulator.Fault{Function: function, Effect: effect, Count: count}))
}

func (w *world) fails(function, message string) {
	w.T.Helper()
	require.NoError(w.T, w.Billing.Fault(simulator.Fault{Function: function, Effect: "error", Message: message}))
}

// control does what an administrator or a payment does.
func (w *world) control(path, body string) {
	w.T.Helper()
	answer := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1"
	w.Billing.ServeHTTP(answer, r)
	require.Less(w.T, answer.Code, 300, answer.Body.String())
}

func (w *world) pay(order int) {
	w.T.Helper()
	w.control(fmt.Sprintf("/_sim/orders/%d/pay", order), "")
}

func TestACartThatCanBeOrdered(t *testing.T) {
	w := newWorld(t)
	checked := w.check(request())
	require.Empty(t, checked.Problems)
	require.Zero(t, checked.ClientID)
	require.Equal(t, "USD", checked.Currency, "WHMCS's own")
	require.Equal(t, "banktransfer", checked.PaymentMethod)
	require.Equal(t, []Want{{Panel: "fra1", Package: "E3-16G", Count: 2, Field: "items[0].quantity"}}, checked.Wants)
	require.Empty(t, w.Billing.State().Clients, "a check changes nothing")
	require.Empty(t, w.Billing.State().Orders)
}

func TestEveryFaultWithItsField(t *testing.T) {
	w := newWorld(t)
	first := func(change func(*Item)) func(*Request) { return func(r *Request) { change(&r.Items[0]) } }
	for name, c := range map[string]struct {
		change func(*Request)
		want   []string
	}{
		"unknown product":    {first(func(i *Item) { i.SKU, i.Product = "", 99 }), []string{"items[0].product"}},
		"unknown SKU":        {first(func(i *Item) { i.SKU = "e9" }), []string{"items[0].sku"}},
		"cycle not offered":  {first(func(i *Item) { i.Cycle = "triennially" }), []string{"items[0].cycle"}},
		"unknown option":     {first(func(i *Item) { i.Options = map[string]string{"GPU": "yes"} }), []string{"items[0].options.GPU"}},
		"too many addresses": {first(func(i *Item) { i.IPv4 = 200 }), []string{"items[0].ipv4"}},
		"unknown OS":         {first(func(i *Item) { i.OSTemplate = "Windows" }), []string{"items[0].os_template"}},
		"OS not for shops": {func(r *Request) {
			r.Items[0] = Item{Product: 2, Cycle: "monthly", OSTemplate: "ISPsystem__AlmaLinux-9-x86_64"}
		}, []string{"items[0].os_template"}},
		"currency":          {func(r *Request) { r.Currency = "JPY" }, []string{"currency"}},
		"payment method":    {func(r *Request) { r.PaymentMethod = "gold" }, []string{"payment_method"}},
		"promo code":        {func(r *Request) { r.PromoCode = "NONE" }, []string{"promo_code"}},
		"promo code, ended": {func(r *Request) { r.PromoCode = "SPRING2020" }, []string{"promo_code"}},
		"no such client":    {func(r *Request) { r.Client = Client{ID: 4711} }, []string{"client.id"}},
		"half a client":     {func(r *Request) { r.Client = Client{Email: "x@example.com", FirstName: "X"} }, []string{"client.last_name", "client.address1", "client.city", "client.state", "client.postcode", "client.country", "client.phone"}},
		"all at once": {func(r *Request) {
			r.Currency, r.PromoCode, r.Items[0].Options = "", "NONE", map[string]string{"GPU": "yes"}
		}, []string{"items[0].options.GPU", "promo_code"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, w.fields(request(c.change)), "%+v", w.check(request(c.change)).Problems)
		})
	}
}

func TestAPriceThatTheShopExpects(t *testing.T) {
	w := newWorld(t)
	expect := func(price string) Request { return request(func(r *Request) { r.Items[0].ExpectPrice = price }) }
	require.Empty(t, w.check(expect("54.00")).Notes, "the product and two addresses")
	shown := w.check(expect("49.00"))
	require.Empty(t, shown.Problems)
	require.Equal(t, []Fault{{"items[0].expect_price", "WHMCS asks 54.00 USD"}}, shown.Notes)
	strict, err := simulated.Run[Checked](w, w.c.Check, Question{Shop: "strict", Request: expect("49.00")})
	require.NoError(t, err)
	require.Equal(t, shown.Notes, strict.Problems)
}

// TestAnAddressThatWasTyped proves nothing: another name is refused, and nobody is called created.
func TestAnAddressThatWasTyped(t *testing.T) {
	w := newWorld(t)
	created, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{Client: ada(), Currency: "EUR"})
	require.NoError(t, err)
	require.True(t, created.Created)
	again, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{CartID: "c2", Client: ada()})
	require.NoError(t, err)
	require.Equal(t, Known{ClientID: created.ClientID, Currency: "EUR"}, again)

	checked := w.check(request())
	require.Equal(t, created.ClientID, checked.ClientID)
	require.Equal(t, "EUR", checked.Currency, "the client's own")
	eve := ada()
	eve.FirstName = "Eve"
	require.Equal(t, []string{"client.email"}, w.fields(request(func(r *Request) { r.Client = eve })))
	other, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{CartID: "c3", Client: eve})
	require.NoError(t, err)
	require.Equal(t, "client.email", other.Problems[0].Field)
	require.Equal(t, []string{"currency"}, w.fields(request(func(r *Request) { r.Currency = "USD" })))

	w.control(fmt.Sprintf("/_sim/clients/%d", created.ClientID), `{"status":"Closed"}`)
	require.Equal(t, []string{"client.email"}, w.fields(request()))
	require.Equal(t, []string{"client.id"}, w.fields(request(func(r *Request) { r.Client = Client{ID: created.ClientID} })))
}

// TestNoClientTwice: a reply of AddClient is lost, done or not.
func TestNoClientTwice(t *testing.T) {
	for _, effect := range []string{"close-after", "close-before", "garbage", "http500"} {
		t.Run(effect, func(t *testing.T) {
			w := newWorld(t)
			w.lose("AddClient", effect, 1)
			_, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{Client: ada()})
			simulated.RequireType(t, err, edge.ErrWHMCSUnavailable, true)
			known, err := simulated.Run[Known](w, w.c.EnsureClient, NewClient{Client: ada()})
			require.NoError(t, err)
			require.Len(t, w.Billing.State().Clients, 1)
			require.True(t, known.Created, "its notes say for which cart it was made")
		})
	}
}

func TestAnOrderWithItsServicesAndTotal(t *testing.T) {
	w := newWorld(t)
	placed := w.place(w.client())
	require.Len(t, placed.Services, 2)
	require.Equal(t, Invoice{Status: "Unpaid", Total: "97.20", Currency: "EUR"}, placed.Invoice)
	order := w.Billing.State().Order(placed.OrderID)
	require.Equal(t, "192.0.2.1", order.IP)

	w.pay(placed.OrderID)
	invoice, err := simulated.Run[Invoice](w, w.c.ReadInvoice, OrderRef{OrderID: placed.OrderID, InvoiceID: placed.InvoiceID})
	require.NoError(t, err)
	require.True(t, invoice.Paid())
}

// TestNoOrderTwice: the reply of AddOrder is lost, done or not. It is looked for before it is asked for again.
func TestNoOrderTwice(t *testing.T) {
	for _, effect := range []string{"close-after", "close-before", "garbage", "http500"} {
		t.Run(effect, func(t *testing.T) {
			w := newWorld(t)
			client := w.client()
			w.lose("AddOrder", effect, 1)
			placed := w.place(client)
			require.Len(t, w.Billing.State().Orders, 1)
			require.Len(t, placed.Services, 2)
		})
	}
}

// TestAnOrderThatWHMCSCutDown is not what was meant: it is refused, and can be cancelled by the mark.
func TestAnOrderThatWHMCSCutDown(t *testing.T) {
	w := newWorld(t)
	client := w.client()
	cut, err := w.purchase(client, func(r *Request) { r.PromoCode = "NONE" })
	require.NoError(t, err)
	require.Equal(t, []Fault{{"promo_code", "WHMCS did not take it for this client"}}, cut.Problems)
	gone, err := simulated.Run[Cancelled](w, w.c.CancelOrder, OrderRef{CartID: "c1abcdef", ClientID: client, Delete: true})
	require.NoError(t, err)
	require.False(t, gone.Paid)
	require.Empty(t, w.Billing.State().Orders, "nothing is left")
}
