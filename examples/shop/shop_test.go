package main

import (
	"encoding/json"
	"io"
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

// fake is a gateway that knows one cart, and takes a call that it has seen for a copy.
type fake struct {
	shop  http.Handler
	calls []string
	sent  struct {
		key  string
		cart map[string]any
	}
	refuses string
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f, seen := &fake{}, map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || signing.Verify(r, body, "demo", "shop-secret", time.Now()) != nil {
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
		f.calls = append(f.calls, r.Method+" "+r.URL.EscapedPath())
		switch {
		case r.URL.Path == "/v1/catalogue":
			_, _ = w.Write([]byte(`{"products":[{"sku":"e3","name":"E3","stock":null,"os_templates":["Debian"],
				"prices":[{"currency":"USD","cycle":"monthly","setup":"0.00","recurring":"50.00"},{"currency":"EUR","cycle":"monthly","setup":"10.00","recurring":"45.10"}]},
				{"sku":"e5","name":"E5","stock":{"free":0,"held":2}}]}`))
		case f.refuses != "":
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = w.Write([]byte(f.refuses))
		default:
			if r.URL.Path == "/v1/carts" {
				f.sent.key = r.Header.Get("Idempotency-Key")
				_ = json.Unmarshal(body, &f.sent.cart)
			}
			_, _ = w.Write([]byte(`{"id":"c1","state":"paid","invoice_id":5,"url":"https://billing.example.com/once",
				"services":[{"service_id":1000001},{"service_id":2,"phase":"pending","step":"install"}]}`))
		}
	}))
	t.Cleanup(server.Close)
	verifier, err := standardwebhooks.NewWebhook(webhookSecret)
	require.NoError(t, err)
	g := gateway{url: server.URL, installation: "demo", key: "web", secret: "shop-secret"}
	f.shop = (&shop{gateway: g, currency: "EUR", verifier: verifier, events: map[string][]event{}}).handler()
	return f
}

func (f *fake) ask(method, path, cart string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if cart != "" {
		r.AddCookie(&http.Cookie{Name: "cart", Value: cart})
	}
	answer := httptest.NewRecorder()
	f.shop.ServeHTTP(answer, r)
	return answer
}

func TestUnknownStockIsNotNone(t *testing.T) {
	shown := newFake(t).ask("GET", "/", "", nil).Body.String()
	require.Contains(t, shown, "Availability on request")
	require.Contains(t, shown, `href="/order/e3"`)
	require.Contains(t, shown, "Out of stock")
	require.NotContains(t, shown, `href="/order/e5"`)
	require.NotContains(t, shown, "USD")
}

func TestTheFormIsTheCart(t *testing.T) {
	f := newFake(t)
	require.Contains(t, f.ask("GET", "/order/e3", "", nil).Body.String(), "monthly, 45.10 EUR and 10.00 once")
	require.Equal(t, http.StatusNotFound, f.ask("GET", "/order/e7", "", nil).Code)
	made := f.ask("POST", "/order/e3", "", url.Values{"attempt": {"a1"}, "items[0].cycle": {"monthly"}, "items[0].quantity": {"2"},
		"client.email": {"a@example.com"}, "client.id": {"7"}})
	require.Equal(t, "/cart", made.Header().Get("Location"))
	require.Contains(t, made.Header().Get("Set-Cookie"), "cart=c1; Path=/; HttpOnly; SameSite=Lax")
	require.Equal(t, "a1", f.sent.key, "the same form again is the same cart")
	client := f.sent.cart["client"].(map[string]any)
	require.Equal(t, "a@example.com", client["email"])
	require.Equal(t, "192.0.2.1", client["ip"])
	require.NotContains(t, client, "id", "nobody types in who they are")
	item := f.sent.cart["items"].([]any)[0].(map[string]any)
	require.Equal(t, []any{"e3", "monthly", 2.0}, []any{item["sku"], item["cycle"], item["quantity"]})
}

func TestWhatIsRefusedIsShownWithItsField(t *testing.T) {
	f := newFake(t)
	f.refuses = `{"title":"Not so","errors":[{"field":"client.country","reason":"must be two letters"}]}`
	answer := f.ask("POST", "/order/e3", "", url.Values{"attempt": {"a1"}, "client.city": {"Potsdam"}})
	require.Equal(t, http.StatusUnprocessableEntity, answer.Code)
	shown := answer.Body.String()
	require.Contains(t, shown, `<li data-field="client.country">client.country: <span>must be two letters</span></li>`)
	require.Contains(t, shown, `value="Potsdam"`, "what was typed is still there")
	require.NotContains(t, shown, `value="a1"`, "another try is another attempt")
	f.refuses = `{"title":"Too many calls","detail":"try again later"}`
	require.Contains(t, f.ask("POST", "/order/e3", "", nil).Body.String(), "Too many calls: try again later")
}

func TestACartIsItsBuyersAlone(t *testing.T) {
	f := newFake(t)
	for _, c := range [][2]string{{"GET", "/cart"}, {"POST", "/pay"}, {"POST", "/cancel"}} {
		require.Equal(t, http.StatusNotFound, f.ask(c[0], c[1], "", nil).Code)
	}
	require.Empty(t, f.calls)
	for range 3 { // impatient: three clicks within a second
		paid := f.ask("POST", "/pay", "c1", nil)
		require.Equal(t, http.StatusSeeOther, paid.Code)
		require.Equal(t, "https://billing.example.com/once", paid.Header().Get("Location"))
	}
	require.Len(t, f.calls, 3)
	f.ask("POST", "/cancel", "../services/7?", nil)
	require.Equal(t, "DELETE /v1/carts/..%2Fservices%2F7%3F", f.calls[3], "a cookie does not lead elsewhere")
	shown := f.ask("GET", "/cart", "c1", nil).Body.String()
	require.Contains(t, shown, "Server 1000001: waiting for its turn")
	require.Contains(t, shown, `<li class="now" aria-current="step">install</li>`)
	require.NotContains(t, shown, "c1")

	foreign := httptest.NewRequest("POST", "/cancel", nil)
	foreign.AddCookie(&http.Cookie{Name: "cart", Value: "c1"})
	foreign.Header.Set("Sec-Fetch-Site", "cross-site")
	answer := httptest.NewRecorder()
	f.shop.ServeHTTP(answer, foreign)
	require.Equal(t, http.StatusForbidden, answer.Code, "a page of another site cancels nothing")
}

func TestAnEventCountsOnce(t *testing.T) {
	f := newFake(t)
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
		f.shop.ServeHTTP(answer, r)
		return answer.Code
	}
	paid := `{"type":"cart.paid","timestamp":"2026-11-26T10:00:00Z","data":{"id":"c1","state":"paid"}}`
	require.Equal(t, http.StatusNoContent, send("evt_1", paid))
	require.Equal(t, http.StatusNoContent, send("evt_1", paid), "a repeat is taken, and counts once")
	require.Equal(t, http.StatusNoContent, send("evt_2",
		`{"type":"service.phase","timestamp":"2026-11-26T10:00:05Z","data":{"cart_id":"c1","service":{"service_id":7,"phase":"active"}}}`))
	require.Equal(t, http.StatusBadRequest, send("evt_3", `[]`))
	shown := f.ask("GET", "/cart", "c1", nil).Body.String()
	require.Equal(t, 2, strings.Count(shown, "data-event="))
	require.Contains(t, shown, "7 active")
	require.Equal(t, http.StatusUnauthorized, f.ask("POST", "/webhooks", "", nil).Code)
}
