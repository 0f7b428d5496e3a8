package whmcs_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

// day reads a date as WHMCS writes it.
func day(text string) whmcs.Date {
	var d whmcs.Date
	if err := json.Unmarshal([]byte(`"`+text+`"`), &d); err != nil {
		panic(err)
	}
	return d
}

func prices(monthly, annually whmcs.Amount) []whmcs.Price {
	return []whmcs.Price{{Currency: "USD", Cycle: whmcs.CycleMonthly, Recurring: monthly}, {Currency: "USD", Cycle: whmcs.CycleAnnually, Recurring: annually}}
}

// read is what a golden answer means.
var read = map[string]any{
	"01-add-client": 1001,
	"03-client": whmcs.ClientDetails{ID: 1001, CurrencyCode: "USD", Status: "Active", SingleSignOn: true, ClientFields: func() whmcs.ClientFields {
		f := ada("ada@example.com")
		f.Currency = 1
		return f
	}()},
	"05-products": []whmcs.Offer{{
		Product: whmcs.Product{ID: 1, Module: "metalease", Name: "Dedicated E3-16G"}, Slug: "dedicated-e3-16g", Type: "server", PayType: "recurring",
		Description: "A dedicated server of the configuration E3-16G.", Quantity: 1, Prices: prices(5000, 50000),
		Fields: []whmcs.OrderField{{ID: 7, Name: "Reference"}},
		Options: []whmcs.Option{
			{ID: 101, Name: "IP|Additional IPv4 addresses", Kind: whmcs.OptionQuantity, Max: 16,
				Choices: []whmcs.Choice{{ID: 1011, Name: "IP|Additional IPv4 addresses", Prices: prices(200, 2000)}}},
			{ID: 103, Name: "os|Operating system", Kind: whmcs.OptionDropdown,
				Choices: []whmcs.Choice{{ID: 1031, Name: "ISPsystem__Debian-12-x86_64|Debian 12", Prices: prices(0, 0)}}},
		},
	}},
	"06-currencies":      []whmcs.Currency{{ID: 1, Code: "USD", Prefix: "$", Suffix: " USD"}, {ID: 2, Code: "EUR", Suffix: " EUR"}},
	"07-payment-methods": []whmcs.PaymentMethod{{Module: "banktransfer", Name: "Bank Transfer"}, {Module: "stripe", Name: "Credit Card"}},
	"08-promotion":       whmcs.Promotion{ID: 1, Code: "WELCOME10", Type: "Percentage", Value: 1000, Begins: day("0000-00-00"), Ends: day("0000-00-00")},
	"09-add-order":       whmcs.PlacedOrder{OrderID: 101, InvoiceID: 103, Services: []int{102}},
	"16-sign-on":         "https://billing.example.com/oauth/singlesignon.php?access_token=0123456789abcdef",
	"13-order": whmcs.Order{ID: 101, Number: "101", ClientID: 1001, Date: "2026-11-25 14:00:00", Amount: "48.60", InvoiceID: 103, Status: "Pending", PaymentStatus: "Unpaid",
		PaymentMethod: "stripe", PromoCode: "WELCOME10", Items: []whmcs.OrderItem{{Type: "product", RelatedID: 102, Product: "Dedicated E3-16G", Domain: "db1.example.com", Status: "Pending"}}},
	"26-closed-client": []string{whmcs.ClientClosed, madeFor},
	"14-invoice": whmcs.Invoice{ID: 103, ClientID: 1001, Status: "Unpaid", Date: day("2026-11-25"), Due: day("2026-11-25"), Paid: day("0000-00-00"), PaymentMethod: "stripe",
		Subtotal: 4860, Total: 4860, Balance: 4860, Items: []whmcs.InvoiceItem{
			{ID: 1, Type: "Hosting", RelatedID: 102, Description: "Monthly - db1.example.com", Amount: 5400},
			{ID: 2, Type: "PromoHosting", RelatedID: 102, Description: "Promotional Code: WELCOME10", Amount: -540}}},
}

// The manual's example of GetCurrencies has flattened keys.
func TestCurrenciesWithFlattenedKeys(t *testing.T) {
	client, _ := recorded(t, `{"result":"success","totalresults":"2","currencies[currency][1][id]":"2","currencies[currency][1][code]":"EUR",
		"currencies[currency][0][id]":"1","currencies[currency][0][code]":"USD","currencies[currency][0][prefix]":"$"}`)
	currencies, err := client.Currencies(t.Context())
	require.NoError(t, err)
	require.Equal(t, []whmcs.Currency{{ID: 1, Code: "USD", Prefix: "$"}, {ID: 2, Code: "EUR"}}, currencies)
}

func TestOddShapesOfAShop(t *testing.T) {
	client, _ := recorded(t, `{"result":"success","products":{"product":{"0":{"pid":"3","paytype":"free","pricing":[],"configoptions":"","customfields":[]},
		"2":{"pid":4,"paytype":"onetime","pricing":{"USD":{"monthly":99,"msetupfee":"5.50"},"EUR":{"monthly":"a lot"}},"quantity_available":"7","allowqty":null}}}}`)
	offers, err := client.Offers(t.Context())
	require.NoError(t, err)
	price, offered := offers[0].Price("USD", whmcs.CycleFree)
	require.True(t, offered)
	require.Zero(t, price.Recurring)
	_, offered = offers[0].Price("USD", whmcs.CycleMonthly)
	require.False(t, offered)
	require.Equal(t, []whmcs.Price{{Currency: "USD", Cycle: whmcs.CycleOneTime, Setup: 550, Recurring: 9900}}, offers[1].Prices)
	require.Equal(t, 7, offers[1].Available)

	for _, body := range []string{
		`{"result":"success","invoiceid":7,"status":"Unpaid","subtotal":"1.00","balance":"1.00"}`,
		`{"result":"success","invoiceid":7,"status":"Unpaid","subtotal":"1.00","total":"","balance":"1.00"}`,
		`{"result":"success","invoiceid":7,"status":"Unpaid","subtotal":"1.00","total":"1,234.00","balance":"1.00"}`,
		`{"result":"success","invoiceid":8,"status":"Unpaid","subtotal":"1.00","total":"1.00","balance":"1.00"}`,
		`{"result":"success","invoiceid":7,"subtotal":"1.00","total":"1.00","balance":"1.00"}`,
	} {
		client, _ := recorded(t, body)
		_, err := client.Invoice(t.Context(), 7)
		require.ErrorIs(t, err, whmcs.ErrNotAnAnswer, "never nothing to pay: %s", body)
	}
	client, _ = recorded(t, `{"result":"success","invoices":{"invoice":[]}}`)
	_, err = client.Billed(t.Context(), 6)
	require.ErrorIs(t, err, whmcs.ErrNotAnAnswer, "how many is not said, which is not none")
	client, _ = recorded(t, `{"result":"success","client":{"id":5,"email":"somebody@example.com","status":"Active"}}`)
	_, err = client.ClientByEmail(t.Context(), "ada@example.com")
	require.ErrorIs(t, err, whmcs.ErrNotFound, "somebody else")
	_, err = client.ClientByID(t.Context(), 6)
	require.ErrorIs(t, err, whmcs.ErrNotFound)
	client, _ = recorded(t, `{"result":"success"}`)
	_, err = client.AddOrder(t.Context(), orderOf(1, server("a")))
	require.ErrorIs(t, err, whmcs.ErrNotAnAnswer)
	_, err = client.AddClient(t.Context(), ada("a@example.com"), true)
	require.ErrorIs(t, err, whmcs.ErrNotAnAnswer)
}

func TestAmounts(t *testing.T) {
	for written, want := range map[string]whmcs.Amount{"10.00": 1000, "10": 1000, "10.5": 1050, "-1.00": -100, "0.07": 7, "-0.50": -50, "15.9500": 1595, " 3.10 ": 310, "9999999999999.99": 999999999999999} {
		got, err := whmcs.ParseAmount(written)
		require.NoError(t, err, written)
		require.Equal(t, want, got, written)
	}
	for _, written := range []string{"", "-", ".5", "1,000.00", "$5.00", "1e3", "1.005", "+1", "--1", "1.-5", "99999999999999999999", "5.00 USD", "NaN", "1.2.3", "1_0"} {
		_, err := whmcs.ParseAmount(written)
		require.Error(t, err, written)
	}
	require.Equal(t, "-0.05 1.10 0.00", whmcs.Amount(-5).String()+" "+whmcs.Amount(110).String()+" "+whmcs.Amount(0).String())
	text, err := json.Marshal(map[string]whmcs.Amount{"total": 1999})
	require.NoError(t, err)
	require.JSONEq(t, `{"total":"19.99"}`, string(text))
}
