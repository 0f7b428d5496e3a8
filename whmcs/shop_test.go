package whmcs_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// shop is a WHMCS that sells, over real HTTP, and a client of it.
type shop struct {
	t       *testing.T
	billing *simulator.WHMCS
	*whmcs.Client
	url string
}

func newShop(t *testing.T, change ...func(*simulator.Config)) shop {
	t.Helper()
	config := simulator.Config{Identifier: identifier, Secret: apiSecret}
	for _, c := range change {
		c(&config)
	}
	billing, err := simulator.New(config)
	require.NoError(t, err)
	server := httptest.NewServer(billing)
	t.Cleanup(server.Close)
	return shop{t, billing, clientOf(t, server.URL), server.URL}
}

// post changes something behind the API, as an administrator does.
func (s shop) post(path, body string) {
	s.t.Helper()
	resp, err := http.Post(s.url+path, "application/json", strings.NewReader(body))
	require.NoError(s.t, err)
	require.NoError(s.t, resp.Body.Close())
	require.Equal(s.t, http.StatusOK, resp.StatusCode)
}

func ada(email string) whmcs.ClientFields {
	return whmcs.ClientFields{FirstName: "Ada", LastName: "Lovelace", Company: "Engines", Email: email, Address1: "1 St James's Square", City: "London",
		State: "London", Postcode: "SW1Y 4LE", Country: "GB", Phone: "020 7946 0000"}
}

func (s shop) customer() int {
	s.t.Helper()
	id, err := s.AddClient(s.t.Context(), ada("ada@example.com"), true)
	require.NoError(s.t, err)
	return id
}

const mark = "cart-0123456789abcdef"

func orderOf(client int, items ...whmcs.NewItem) whmcs.NewOrder {
	return whmcs.NewOrder{ClientID: client, PaymentMethod: "stripe", Mark: mark, Items: items, NoEmail: true, NoInvoiceEmail: true}
}

func server(host string) whmcs.NewItem {
	return whmcs.NewItem{ProductID: 1, Cycle: whmcs.CycleMonthly, Hostname: host}
}

func (s shop) place(o whmcs.NewOrder) whmcs.PlacedOrder {
	s.t.Helper()
	placed, err := s.AddOrder(s.t.Context(), o)
	require.NoError(s.t, err)
	return placed
}

func TestAClientIsMadeOnceAndFound(t *testing.T) {
	s := newShop(t)
	_, err := s.ClientByEmail(t.Context(), "ada@example.com")
	require.ErrorIs(t, err, whmcs.ErrNotFound)
	_, err = s.ClientByEmail(t.Context(), " ")
	require.ErrorIs(t, err, whmcs.ErrNotFound)

	fields := ada("ada@example.com")
	fields.Currency = 2
	id, err := s.AddClient(t.Context(), fields, true)
	require.NoError(t, err)
	require.Empty(t, s.billing.State().Mails, "silent")
	for _, email := range []string{"ada@example.com", "ADA@Example.com"} {
		found, err := s.ClientByEmail(t.Context(), email)
		require.NoError(t, err)
		require.Equal(t, whmcs.ClientDetails{ID: id, ClientFields: fields, CurrencyCode: "EUR", Status: whmcs.ClientActive, SingleSignOn: true}, found)
	}
	_, err = s.AddClient(t.Context(), ada("Ada@example.com"), true)
	require.ErrorIs(t, err, whmcs.ErrRefused)
	require.Equal(t, whmcs.ReasonEmailTaken, whmcs.ReasonOf(err))
	require.Len(t, s.billing.State().Clients, 1)

	for _, spoil := range []func(*whmcs.ClientFields){
		func(f *whmcs.ClientFields) { f.City = "" }, func(f *whmcs.ClientFields) { f.Country = "GBR" }, func(f *whmcs.ClientFields) { f.Email = "x" },
	} {
		bad := ada("new@example.com")
		spoil(&bad)
		_, err := s.AddClient(t.Context(), bad, true)
		require.Equal(t, whmcs.ReasonClientData, whmcs.ReasonOf(err), "%v", err)
	}
	_, err = s.AddClient(t.Context(), ada("loud@example.com"), false)
	require.NoError(t, err)
	require.Len(t, s.billing.State().Mails, 1)
}

func TestAnOrderBecomesServicesAndAnInvoice(t *testing.T) {
	s := newShop(t)
	client := s.customer()
	offers, err := s.Offers(t.Context(), 1, 2)
	require.NoError(t, err)
	chosen, faults := offers[0].Choose(map[string]string{"IP": "2", "os": "Ubuntu 24.04", "recipe": "#local__docker"})
	require.Empty(t, faults)

	first, second := server("db1.example.com"), server("db2.example.com")
	first.Options = chosen
	second.Cycle = whmcs.CycleAnnually
	placed := s.place(orderOf(client, first, second))
	require.Len(t, placed.Services, 2)
	body := s.billing.State().Service(placed.Services[0]).Order
	for key, want := range map[string]any{"domain": "db1.example.com", "ipv4": 2, "os_template": "ISPsystem__Ubuntu-24.04-x86_64", "recipe": "#local__docker", "package": "E3-16G"} {
		require.Equal(t, want, body[key], key)
	}
	require.NotContains(t, s.billing.State().Service(placed.Services[1]).Order, "recipe")

	invoice, err := s.Invoice(t.Context(), placed.InvoiceID)
	require.NoError(t, err)
	require.Equal(t, "554.00", invoice.Total.String(), "50 and two addresses at 2, and 500 for a year")
	require.Equal(t, invoice.Total, invoice.Balance)
	require.Equal(t, whmcs.InvoiceUnpaid, invoice.Status)
	require.Equal(t, client, invoice.ClientID)
	require.Len(t, invoice.Items, 2)
	require.Equal(t, placed.Services[0], invoice.Items[0].RelatedID)
	require.NotEqual(t, placed.OrderID, placed.InvoiceID)

	order, err := s.Order(t.Context(), placed.OrderID)
	require.NoError(t, err)
	require.Equal(t, "stripe", order.PaymentMethod)
	require.Equal(t, "554.00", order.Amount)
	require.Equal(t, "Pending", order.Status)
	require.Equal(t, placed.Services, order.Services())
	service, err := s.Service(t.Context(), placed.Services[0])
	require.NoError(t, err)
	require.Equal(t, whmcs.StatusPending, service.Status)
	require.Equal(t, "IP|Additional IPv4 addresses", service.ConfigOptions[0].Name)
	require.Empty(t, s.billing.State().Mails, "silent")
}

func TestWhatTheInvoiceDependsOn(t *testing.T) {
	s := newShop(t)
	fields := ada("euro@example.com")
	fields.Currency = 2
	client, err := s.AddClient(t.Context(), fields, true)
	require.NoError(t, err)
	total := func(change func(*whmcs.NewOrder)) string {
		o := orderOf(client, server("a.example.com"))
		change(&o)
		placed := s.place(o)
		invoice, err := s.Invoice(t.Context(), placed.InvoiceID)
		require.NoError(t, err)
		return invoice.Total.String()
	}
	require.Equal(t, "45.00", total(func(*whmcs.NewOrder) {}), "the currency is the client's")
	require.Equal(t, "40.50", total(func(o *whmcs.NewOrder) { o.PromoCode = "welcome10" }))
	require.Equal(t, "45.00", total(func(o *whmcs.NewOrder) { o.PromoCode = "SPRING2020" }), "it ended: WHMCS says nothing")
	override := whmcs.Amount(1250)
	require.Equal(t, "12.50", total(func(o *whmcs.NewOrder) { o.Items[0].PriceOverride = &override }))

	free := orderOf(client, server("a.example.com"))
	free.NoInvoice = true
	placed := s.place(free)
	require.Zero(t, placed.InvoiceID)
	_, err = s.Invoice(t.Context(), placed.InvoiceID)
	require.ErrorIs(t, err, whmcs.ErrNotFound)

	orders, err := s.ClientOrders(t.Context(), client, "Pending")
	require.NoError(t, err)
	require.Len(t, orders, 5)
	require.Equal(t, []string{"", "", "", "WELCOME10", ""}, []string{orders[0].PromoCode, orders[1].PromoCode, orders[2].PromoCode, orders[3].PromoCode, orders[4].PromoCode},
		"the newest first, with the code that was taken")
}

func TestOrdersAreReadInPages(t *testing.T) {
	s := newShop(t)
	client := s.customer()
	for range 103 {
		s.place(orderOf(client, server("a.example.com")))
	}
	orders, err := s.ClientOrders(t.Context(), client, "")
	require.NoError(t, err)
	require.Len(t, orders, 103)
	require.Greater(t, orders[0].ID, orders[102].ID)
	orders, err = s.ClientOrders(t.Context(), client, "Cancelled")
	require.NoError(t, err)
	require.Empty(t, orders)
	marked, err := s.OrdersByMark(t.Context(), client, mark)
	require.NoError(t, err)
	require.Len(t, marked, 103)
}

// The context of a browser's click: what is asked then, and no later.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func ExampleOffer_Choose() {
	offer := whmcs.Offer{Options: []whmcs.Option{
		{ID: 7, Name: "os|Operating system", Kind: whmcs.OptionDropdown, Choices: []whmcs.Choice{{ID: 71, Name: "debian|Debian 12"}}},
		{ID: 8, Name: "IP", Kind: whmcs.OptionQuantity, Max: 16},
	}}
	fmt.Println(offer.Choose(map[string]string{"os": "debian", "IP": "2"}))
	fmt.Println(offer.Choose(map[string]string{"Operating system": "beos", "IP": "17", "colour": "red"}))
	// Output:
	// map[7:71 8:2] []
	// map[] [{IP is at most 16} {Operating system is one of debian} {colour the product has 0 options of this name}]
}
