package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"metalease/internal/signing"
)

const webhookSecret = "whsec_c2ltdWxhdGVkLXdlYmhvb2stc2VjcmV0"

func sold(t *testing.T, given url.Values) form {
	t.Helper()
	f := form{Currency: "EUR", given: given}
	require.NoError(t, json.Unmarshal([]byte(`{"sku":"e3","name":"E3","stock":null,"os_templates":["ISPsystem__Debian-12-x86_64"],
		"prices":[{"currency":"USD","cycle":"monthly","setup":"0.00","recurring":"50.00"},{"currency":"EUR","cycle":"monthly","setup":"10.00","recurring":"45.10"}],
		"options":[{"name":"IP","choices":[{"prices":[{"currency":"EUR","cycle":"monthly","setup":"0.00","recurring":"1.80"}]}]}]}`), &f.Product))
	return f
}

func TestThePriceIsWhatWHMCSMustAsk(t *testing.T) {
	f := sold(t, nil)
	require.Equal(t, "55.10", f.Price("monthly", 0))
	require.Equal(t, "60.50", f.Price("monthly", 3))
	f.Currency = "USD"
	require.Equal(t, "50.00", f.Price("monthly", 0))
	require.Nil(t, f.Product.Stock, "unknown is not zero")
}

func TestTheFormIsTheCart(t *testing.T) {
	f := sold(t, url.Values{"items[0].cycle": {"monthly"}, "items[0].ipv4": {"2"}, "items[0].quantity": {"some"}, "client.email": {" a@example.com "},
		"client.id": {"7"}, "items[0].expect_price": {"0.01"}})
	sent := f.request("192.0.2.1")
	client := sent["client"].(map[string]any)
	item := sent["items"].([]any)[0].(map[string]any)
	require.Equal(t, "a@example.com", client["email"])
	require.Equal(t, "192.0.2.1", client["ip"])
	require.NotContains(t, client, "id", "nobody types in who they are")
	require.Equal(t, "58.70", item["expect_price"], "never what came from the browser")
	require.Equal(t, 2, item["ipv4"])
	require.Equal(t, "some", item["quantity"], "the gateway names the field")
}

func TestAFaultStandsAtItsField(t *testing.T) {
	f := sold(t, url.Values{"client.country": {"Germany"}})
	f.Faults = []fault{{"client.country", "must be two letters"}, {"items", "are too many"}, {"currency", "is none"}}
	require.Equal(t, field{Name: "client.country", ID: "client-country", Label: "Country", Type: "text", Autocomplete: "country", Value: "Germany", Fault: "must be two letters"},
		f.Field("client.country", "Country", "text", "country", "DE"))
	require.Equal(t, "are too many", f.Field("items[0].quantity", "Servers", "number", "", "1").Fault)
	var shown strings.Builder
	require.NoError(t, pages.ExecuteTemplate(&shown, "order", f))
	require.Contains(t, shown.String(), `aria-describedby="client-country-fault"`)
	require.Contains(t, shown.String(), "currency: is none", "what has no field stands above all")
}

// fakeGateway answers carts of one id, and takes a call that it has seen for a copy.
func fakeGateway(t *testing.T) (s *shop, calls *[]string) {
	t.Helper()
	seen, made := map[string]bool{}, []string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := signing.Verify(r, nil, "demo", "shop-secret", time.Now()); err != nil {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if signature, _ := signing.Signed(r); seen[signature] {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"type":"/problems/replayed"}`))
			return
		} else if r.Method != http.MethodGet {
			seen[signature] = true
		}
		made = append(made, r.Method+" "+r.URL.Path)
		_, _ = w.Write([]byte(`{"id":"c1","state":"open","invoice_id":5,"url":"https://billing.example.com/once"}`))
	}))
	t.Cleanup(server.Close)
	s, err := newShop(&gateway{url: server.URL, installation: "demo", key: "web", secret: "shop-secret"}, "EUR", webhookSecret)
	require.NoError(t, err)
	s.visitors["c1"] = "jane"
	return s, &made
}

func ask(s *shop, method, path, visitor string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.AddCookie(&http.Cookie{Name: "visitor", Value: visitor})
	answer := httptest.NewRecorder()
	s.handler().ServeHTTP(answer, r)
	return answer
}

func TestOnlyTheVisitorOfACartPaysIt(t *testing.T) {
	s, calls := fakeGateway(t)
	for _, stranger := range []string{"joe", ""} {
		for _, path := range []string{"/cart/c1/pay", "/cart/c1/cancel"} {
			require.Equal(t, http.StatusNotFound, ask(s, "POST", path, stranger).Code)
		}
		require.Equal(t, http.StatusNotFound, ask(s, "GET", "/cart/c1", stranger).Code)
	}
	require.Equal(t, http.StatusNotFound, ask(s, "POST", "/cart/c2/pay", "jane").Code)
	require.Empty(t, *calls)
	for range 3 { // impatient: three clicks within a second
		paid := ask(s, "POST", "/cart/c1/pay", "jane")
		require.Equal(t, http.StatusSeeOther, paid.Code)
		require.Equal(t, "https://billing.example.com/once", paid.Header().Get("Location"))
	}
	require.Len(t, *calls, 3)
	foreign := httptest.NewRequest("POST", "/cart/c1/cancel", nil)
	foreign.AddCookie(&http.Cookie{Name: "visitor", Value: "jane"})
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	answer := httptest.NewRecorder()
	s.handler().ServeHTTP(answer, foreign)
	require.Equal(t, http.StatusForbidden, answer.Code, "a page of another site cancels nothing")
}

func TestAnEventCountsOnce(t *testing.T) {
	s, _ := fakeGateway(t)
	send := func(id, body string) int {
		signer, err := standardwebhooks.NewWebhook(webhookSecret)
		require.NoError(t, err)
		now := time.Now()
		signature, err := signer.Sign(id, now, []byte(body))
		require.NoError(t, err)
		r := httptest.NewRequest("POST", "/webhooks", strings.NewReader(body))
		r.Header.Set(standardwebhooks.HeaderWebhookID, id)
		r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
		r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
		answer := httptest.NewRecorder()
		s.handler().ServeHTTP(answer, r)
		return answer.Code
	}
	require.Equal(t, http.StatusNoContent, send("evt_1", `{"type":"cart.paid","data":{"id":"c1","state":"paid"}}`))
	require.Equal(t, http.StatusNoContent, send("evt_1", `{"type":"cart.paid","data":{"id":"c1","state":"paid"}}`), "a repeat is taken, and counts once")
	require.Equal(t, http.StatusNoContent, send("evt_2", `{"type":"service.phase","data":{"cart_id":"c1","service":{"service_id":7,"phase":"active"}}}`))
	require.Equal(t, http.StatusBadRequest, send("evt_3", `[]`))
	require.Len(t, s.events["c1"], 2)
	shown := ask(s, "GET", "/cart/c1", "jane").Body.String()
	require.Contains(t, shown, "7 active")
	require.Equal(t, http.StatusUnauthorized, ask(s, "POST", "/webhooks", "").Code)
}
