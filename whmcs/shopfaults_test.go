package whmcs_test

import (
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// What WHMCS refuses of an order, and what it sells though it should not: the difference is
// seen in the offer before, or in the order and its invoice behind it.
func TestWhatIsWrongWithAnOrder(t *testing.T) {
	s := newShop(t)
	client := s.customer()
	for _, c := range []struct {
		reason whmcs.Reason
		kind   whmcs.Kind
		change func(*whmcs.NewOrder)
	}{
		{"", whmcs.KindNotFound, func(o *whmcs.NewOrder) { o.ClientID = 999_999 }},
		{whmcs.ReasonPaymentMethod, whmcs.KindRefused, func(o *whmcs.NewOrder) { o.PaymentMethod = "cheque" }},
		{whmcs.ReasonNothingOrdered, whmcs.KindRefused, func(o *whmcs.NewOrder) { o.Items[0].ProductID = 77 }},
		{"", whmcs.KindRefused, func(o *whmcs.NewOrder) { o.Items = nil }},
		{"", whmcs.KindRefused, func(o *whmcs.NewOrder) { o.Mark = "" }},
		{"", whmcs.KindRefused, func(o *whmcs.NewOrder) { o.Mark = "Cart 1.example.com" }},
	} {
		o := orderOf(client, server("a.example.com"))
		c.change(&o)
		_, err := s.AddOrder(t.Context(), o)
		require.Equal(t, c.kind, whmcs.KindOf(err), "%v", err)
		require.Equal(t, c.reason, whmcs.ReasonOf(err), "%v", err)
	}
	require.Empty(t, s.billing.State().Orders, "nothing is left behind")

	s.post("/_sim/clients/"+strconv.Itoa(client), `{"status":"Closed"}`)
	found, err := s.ClientByEmail(t.Context(), "ada@example.com")
	require.NoError(t, err)
	require.Equal(t, whmcs.ClientClosed, found.Status, "it shows before the order does")
	_, err = s.AddOrder(t.Context(), orderOf(client, server("a.example.com")))
	require.Equal(t, whmcs.ReasonClientClosed, whmcs.ReasonOf(err))
}

func TestACycleThatIsNotOffered(t *testing.T) {
	s := newShop(t)
	client := s.customer()
	offers, err := s.Offers(t.Context(), 1)
	require.NoError(t, err)
	_, offered := offers[0].Price("USD", whmcs.CycleQuarterly)
	require.False(t, offered, "-1.00 is no price")
	price, offered := offers[0].Price("EUR", whmcs.CycleMonthly)
	require.True(t, offered)
	require.Equal(t, whmcs.Price{Currency: "EUR", Cycle: whmcs.CycleMonthly, Recurring: 4500}, price)
	_, offered = offers[0].Price("GBP", whmcs.CycleMonthly)
	require.False(t, offered, "a currency that there is not")

	// A WHMCS that does not check it gives the server away.
	item := server("a.example.com")
	item.Cycle = whmcs.CycleQuarterly
	placed := s.place(orderOf(client, item))
	invoice, err := s.Invoice(t.Context(), placed.InvoiceID)
	require.NoError(t, err)
	require.Equal(t, "0.00", invoice.Total.String())
	require.Equal(t, whmcs.InvoicePaid, invoice.Status)

	strict := newShop(t, func(c *simulator.Config) { c.OrdersAreChecked = true })
	client = strict.customer()
	_, err = strict.AddOrder(t.Context(), orderOf(client, item))
	require.Equal(t, whmcs.ReasonNothingOrdered, whmcs.ReasonOf(err))
	short := strict.place(orderOf(client, item, server("b.example.com")))
	require.Len(t, short.Services, 1, "fewer than items: one was left out without a word")
}

// The stock of WHMCS is a number without the word whether it counts (docs/whmcs-api.md W20).
func TestStockControl(t *testing.T) {
	s := newShop(t, func(c *simulator.Config) { c.OrdersAreChecked = true })
	client := s.customer()
	available := func() int {
		offers, err := s.Offers(t.Context(), 1)
		require.NoError(t, err)
		return offers[0].Available
	}
	require.Zero(t, available(), "no stock control")
	s.post("/_sim/products/1", `{"stock_control":true,"stock":2}`)
	require.Equal(t, 2, available())
	s.place(orderOf(client, server("a.example.com")))
	last := s.place(orderOf(client, server("b.example.com")))
	require.Zero(t, available())
	_, err := s.AddOrder(t.Context(), orderOf(client, server("c.example.com")))
	require.Equal(t, whmcs.ReasonNothingOrdered, whmcs.ReasonOf(err))
	require.NoError(t, s.CancelOrder(t.Context(), last.OrderID, true))
	require.Equal(t, 1, available(), "it is back")

	s.post("/_sim/products/1", `{"stock":1}`)
	var wait sync.WaitGroup
	errs := make([]error, 2)
	for i := range errs {
		wait.Go(func() { _, errs[i] = s.AddOrder(t.Context(), orderOf(client, server("d.example.com"))) })
	}
	wait.Wait()
	require.NotEqual(t, errs[0] == nil, errs[1] == nil, "the last one is sold once: %v", errs)

	s.post("/_sim/products/2", `{"retired":true,"hidden":true}`)
	offers, err := s.Offers(t.Context(), 2)
	require.NoError(t, err)
	require.Len(t, offers, 1, "the API shows no difference")
	retired := server("e.example.com")
	retired.ProductID = 2
	_, err = s.AddOrder(t.Context(), orderOf(client, retired))
	require.Equal(t, whmcs.ReasonNothingOrdered, whmcs.ReasonOf(err))
	offers, err = s.Offers(t.Context(), 77)
	require.NoError(t, err)
	require.Empty(t, offers, "a product that there is not")
}

func TestPromotions(t *testing.T) {
	today := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	s := newShop(t, func(c *simulator.Config) {
		c.Now = func() time.Time { return today }
		c.Promotions = []simulator.Promotion{{Code: "ONE", Percent: 15, Products: []int{1}, Cycles: []string{"Monthly", "Semi-Annually"}, Ends: "2026-03-05", MaxUses: 1}}
	})
	client := s.customer()
	p, err := s.Promotion(t.Context(), "one")
	require.NoError(t, err)
	require.Equal(t, whmcs.Amount(1500), p.Value)
	require.Equal(t, "Percentage", p.Type)
	require.Empty(t, p.Refuses(1, whmcs.CycleMonthly, today))
	require.Empty(t, p.Refuses(1, whmcs.CycleSemiannually, today))
	require.Contains(t, p.Refuses(2, whmcs.CycleMonthly, today), "product")
	require.Contains(t, p.Refuses(1, whmcs.CycleAnnually, today), "cycle")
	require.Contains(t, p.Refuses(1, whmcs.CycleMonthly, today.AddDate(0, 0, 1)), "ended on 2026-03-05")
	o := orderOf(client, server("a.example.com"))
	o.PromoCode = "ONE"
	s.place(o)
	p, err = s.Promotion(t.Context(), "ONE")
	require.NoError(t, err)
	require.Contains(t, p.Refuses(1, whmcs.CycleMonthly, today), "1 times")
	_, err = s.Promotion(t.Context(), "TWO")
	require.ErrorIs(t, err, whmcs.ErrNotFound)
	_, err = s.Promotion(t.Context(), "")
	require.ErrorIs(t, err, whmcs.ErrNotFound, "no code is none, though WHMCS answers with all")
}

func TestCurrenciesAndPaymentMethods(t *testing.T) {
	s := newShop(t)
	currencies, err := s.Currencies(t.Context())
	require.NoError(t, err)
	require.Equal(t, whmcs.Currency{ID: 2, Code: "EUR", Suffix: " EUR"}, currencies[1])
	methods, err := s.PaymentMethods(t.Context())
	require.NoError(t, err)
	require.Equal(t, []whmcs.PaymentMethod{{Module: "banktransfer", Name: "Bank Transfer"}, {Module: "stripe", Name: "Credit Card"}}, methods)
}

// browser follows redirects and keeps cookies.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &http.Client{Jar: jar}
}
