package whmcs

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
)

// FuzzAnswer: whatever WHMCS answers, it is read or it is an error of a known kind,
// on one line and without the secret.
func FuzzAnswer(f *testing.F) {
	const key = "s3cret-of-some-length"
	for _, body := range []string{
		`{"result":"success","totalresults":"1","products":{"product":[{"id":"7","assignedips":"192.0.2.6\r\n","configoptions":{"configoption":{"0":{"id":"1","value":2}}}}]}}`,
		`{"result":"error","message":"Invalid IP 198.51.100.7"}`, `{"result":"success","orders":{"order":[{"id":1,"lineitems":{"lineitem":[{"type":"product","relid":"7"}]}}]}}`,
		`{"result":"success","queue":{"2":{"id":1},"0":{"id":2}}}`, `{"result":"success","products":""}`, "<title>Down " + key + "</title>", "Warning: x\n{}", `{"result":"success","whmcs":{"version":8}}`,
		`{"result":"success","invoiceid":7,"status":"Unpaid","subtotal":"1","total":"15.95","balance":"15.95","items":{"item":[{"id":1,"amount":"-1.00"}]}}`,
		`{"result":"success","products":{"product":[{"pid":1,"pricing":{"USD":{"monthly":"25.99","quarterly":"-1.00"}},"configoptions":{"configoption":[{"id":4,"type":"3","options":{"option":[{"id":4}]}}]}}]}}`,
		`{"result":"success","currencies[currency][0][id]":"1"}`, `{"result":"success","promotions":{"promotion":[{"code":"x","cycles":"Monthly","appliesto":"1,2"}]}}`,
		`{"result":"error","message":"` + "\u202e\x1b[31m" + key + `"}`, `{"records":[{"service_id":1}]}`, `{"result":"success","products":{"product":{"-1":{"id":9e99}}}}`,
	} {
		f.Add(200, []byte(body))
	}
	client, err := New(Config{URL: "https://billing.example.com/", Identifier: "i", Secret: key, MaxAnswer: 1 << 20})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		got := received{status: status, body: body}
		var orders struct {
			Orders list[orderRow] `json:"orders"`
		}
		var services struct {
			Total    number     `json:"totalresults"`
			Products table[row] `json:"products"`
		}
		var invoice invoiceRow
		var offers struct {
			Products list[offerRow] `json:"products"`
		}
		var money currencies
		var promotions struct {
			Promotions list[promotionRow] `json:"promotions"`
		}
		var sold struct {
			Orders []SoldOrder `json:"orders"`
		}
		pageErr := client.readPage(call{action: "orders.php"}, OrdersPage, got, &sold)
		for _, err := range []error{
			client.understand(call{action: "GetOrders"}, got, &orders),
			client.understand(call{action: "GetClientsProducts"}, got, &services),
			client.understand(call{action: "WhmcsDetails"}, got, nil), pageErr,
			client.understand(call{action: "GetInvoice"}, got, &invoice), client.understand(call{action: "GetProducts"}, got, &offers),
			client.understand(call{action: "GetCurrencies"}, got, &money), client.understand(call{action: "GetPromotions"}, got, &promotions),
		} {
			if err == nil {
				continue
			}
			require.NotEqual(t, KindNone, KindOf(err))
			require.NotContains(t, err.Error(), key)
			require.False(t, strings.ContainsFunc(err.Error(), unicode.IsControl), "%q", err)
		}
		for _, e := range services.Products {
			for _, ip := range serviceOf(e).AssignedIPs {
				require.False(t, ip == "" || strings.ContainsFunc(ip, unicode.IsSpace), "%q", ip)
			}
		}
		for _, r := range offers.Products {
			for _, price := range r.offer().Prices {
				require.GreaterOrEqual(t, price.Recurring, Amount(0))
				require.GreaterOrEqual(t, price.Setup, Amount(0))
			}
		}
		for _, r := range promotions.Promotions {
			_ = r.promotion().Refuses(1, CycleMonthly, time.Unix(0, 0))
		}
		for _, o := range orders.Orders {
			require.LessOrEqual(t, len(o.order().Services()), len(o.Items))
		}
	})
}
