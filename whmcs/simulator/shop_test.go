package simulator_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/simulator"
)

// checkout is a WHMCS with one unpaid order of two services, and a browser at it.
type checkout struct {
	t                      *testing.T
	w                      *simulator.WHMCS
	gateway                *fakeGateway
	url                    string
	client, order, invoice string
	services               []int
	browser                *http.Client
}

func newCheckout(t *testing.T) checkout {
	t.Helper()
	w, gateway, _ := newPair(t)
	gateway.calls, gateway.bodies, gateway.status = nil, nil, http.StatusCreated
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	client := number(api(t, w, "AddClient", "firstname", "Ada", "lastname", "L", "email", "ada@example.com", "address1", "1", "city", "c", "state", "s",
		"postcode", "1", "country", "GB", "phonenumber", "1", "password2", "p", "noemail", "1")["clientid"])
	placed := api(t, w, "AddOrder", "clientid", client, "paymentmethod", "stripe", "pid[0]", "1", "hostname[0]", "a.example.com", "pid[1]", "2", "noemail", "1", "noinvoiceemail", "1")
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c := checkout{t: t, w: w, gateway: gateway, url: server.URL, client: client, order: number(placed["orderid"]), invoice: number(placed["invoiceid"]), browser: &http.Client{Jar: jar}}
	for id := range strings.SplitSeq(placed["serviceids"].(string), ",") {
		n, err := strconv.Atoi(id)
		require.NoError(t, err)
		c.services = append(c.services, n)
	}
	return c
}

func number(value any) string { return strconv.Itoa(int(value.(float64))) }

func (c checkout) signIn() {
	c.t.Helper()
	token := api(c.t, c.w, "CreateSsoToken", "client_id", c.client, "destination", "sso:custom_redirect", "sso_redirect_path", "viewinvoice.php?id="+c.invoice)
	address, err := url.Parse(token["redirect_url"].(string))
	require.NoError(c.t, err)
	status, where, _ := c.get(address.RequestURI())
	require.Equal(c.t, "200 /viewinvoice.php?id="+c.invoice, status+" "+where)
}

func (c checkout) get(path string) (status, where, text string) {
	c.t.Helper()
	resp, err := c.browser.Get(c.url + path)
	return c.seen(resp, err)
}

func (c checkout) press(form url.Values, path string) (status, where, text string) {
	c.t.Helper()
	resp, err := c.browser.PostForm(c.url+path, form)
	return c.seen(resp, err)
}

func (c checkout) seen(resp *http.Response, err error) (status, where, text string) {
	c.t.Helper()
	require.NoError(c.t, err)
	defer func() { _ = resp.Body.Close() }()
	page, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	return strconv.Itoa(resp.StatusCode), resp.Request.URL.RequestURI(), string(page)
}

func TestABrowserPays(t *testing.T) {
	c := newCheckout(t)
	placed := c.w.State().Service(c.services[0]).Order["paid_at"].(string)
	c.signIn()
	_, _, page := c.get("/viewinvoice.php?id=" + c.invoice)
	for _, want := range []string{`id="status">Unpaid<`, "a.example.com", "Pay 140.00 USD", "ada@example.com"} {
		require.Contains(t, page, want)
	}
	require.Empty(t, c.gateway.calls, "nothing starts before the payment")

	status, where, page := c.press(nil, "/viewinvoice.php?id="+c.invoice)
	require.Equal(t, "200 /viewinvoice.php?id="+c.invoice+"&paymentsuccess=true", status+" "+where)
	require.Contains(t, page, `id="status">Paid<`)
	require.NotContains(t, page, "<button")
	require.Equal(t, []string{"POST /v1/services", "POST /v1/services"}, c.gateway.calls, "the hook starts each service")
	paid, err := time.Parse(time.RFC3339, c.gateway.bodies[0]["paid_at"].(string))
	require.NoError(t, err)
	ordered, err := time.Parse(time.RFC3339, placed)
	require.NoError(t, err)
	require.True(t, paid.After(ordered), "the queue counts from the payment, not from the order")

	status, _, page = c.press(nil, "/viewinvoice.php?id="+c.invoice)
	require.Equal(t, "409", status)
	require.Contains(t, page, `id="status">Paid<`)
	require.Len(t, c.gateway.calls, 2, "paid once")
	require.Equal(t, "Pending", c.w.State().Service(c.services[0]).Status, "WHMCS sets nothing up by itself")
}

// Two presses and a cancellation at once: either it is paid, and starts, or it is not.
func TestAPaymentInTheMomentOfACancellation(t *testing.T) {
	c := newCheckout(t)
	c.signIn()
	results := make([]string, 2)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() { results[i], _, _ = c.press(nil, "/viewinvoice.php?id="+c.invoice) })
	}
	wait.Go(func() { api(t, c.w, "CancelOrder", "orderid", c.order) })
	wait.Wait()
	invoice := api(t, c.w, "GetInvoice", "invoiceid", c.invoice)["status"]
	switch {
	case invoice == "Paid":
		require.ElementsMatch(t, []string{"200", "409"}, results)
	default:
		require.Equal(t, "Cancelled", invoice)
		require.Equal(t, []string{"409", "409"}, results)
		require.NotContains(t, c.gateway.calls, "POST /v1/services")
	}
}

func TestWhatABrowserMayNot(t *testing.T) {
	c := newCheckout(t)
	_, where, _ := c.get("/viewinvoice.php?id=" + c.invoice)
	require.Equal(t, "/index.php?rp=/login&goto="+url.QueryEscape("viewinvoice.php?id="+c.invoice), where)
	_, where, _ = c.press(nil, "/viewinvoice.php?id="+c.invoice)
	require.Contains(t, where, "rp=/login")
	_, where, _ = c.get("/clientarea.php")
	require.Contains(t, where, "rp=/login")
	status, _, page := c.press(url.Values{"username": {"eve@example.com"}}, "/index.php?rp=/login")
	require.Equal(t, "403", status)
	require.Contains(t, page, "no client")

	for _, elsewhere := range []string{"//evil.example/", `/\evil.example/`, "https://evil.example/"} {
		c.browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		resp, err := c.browser.PostForm(c.url+"/index.php?rp=/login", url.Values{"username": {"client1001@example.com"}, "goto": {elsewhere}})
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		target, err := resp.Location()
		require.NoError(t, err)
		require.Equal(t, strings.TrimPrefix(c.url, "http://"), target.Host, elsewhere)
		c.browser.CheckRedirect = nil
	}
	// It is signed in now, as another client.
	status, _, _ = c.get("/viewinvoice.php?id=" + c.invoice)
	require.Equal(t, "404", status)
	status, _, _ = c.press(nil, "/viewinvoice.php?id="+c.invoice)
	require.Equal(t, "404", status)
	require.Empty(t, c.gateway.calls)
	require.Equal(t, "Unpaid", api(t, c.w, "GetInvoice", "invoiceid", c.invoice)["status"])
}

// A quantity is services, one service of that quantity, or nothing, as the product says.
func TestQuantities(t *testing.T) {
	w, err := simulator.New(simulator.Config{Products: []simulator.Product{{ID: 1, Quantity: 0}, {ID: 2, Quantity: 1}, {ID: 3, Quantity: 2}}})
	require.NoError(t, err)
	placed, err := w.PlaceOrder(simulator.Order{Unpaid: true})
	require.NoError(t, err)
	client := strconv.Itoa(placed.ClientID)
	for product, want := range map[string][]string{"1": {"1", "50.00"}, "2": {"3", "150.00"}, "3": {"1", "150.00"}} {
		order := api(t, w, "AddOrder", "clientid", client, "paymentmethod", "stripe", "pid[0]", product, "qty[0]", "3")
		require.Len(t, strings.Split(order["serviceids"].(string), ","), int(want[0][0]-'0'), product)
		require.Equal(t, want[1], api(t, w, "GetInvoice", "invoiceid", number(order["invoiceid"]))["total"], product)
	}
	require.Len(t, w.State().Mails, 6, "an order and an invoice mail each, for nobody asked for silence")
}

func TestTheShopSurvivesInTheStateFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	open := func() *simulator.WHMCS {
		w, err := simulator.New(simulator.Config{StateFile: file})
		require.NoError(t, err)
		return w
	}
	first := open()
	control(t, first, "/_sim/products/1", `{"stock_control":true,"stock":3}`)
	placed, err := first.PlaceOrder(simulator.Order{Unpaid: true})
	require.NoError(t, err)
	invoice := strconv.Itoa(first.State().Order(placed.OrderID).InvoiceID)
	before := api(t, first, "GetInvoice", "invoiceid", invoice)
	require.NoError(t, first.Close())
	second := open()
	require.Equal(t, before, api(t, second, "GetInvoice", "invoiceid", invoice))
	require.Equal(t, 2, second.State().Shelves[1].Stock)
}

func TestSingleSignOnIsRefused(t *testing.T) {
	c := newCheckout(t)
	require.Equal(t, "A valid client_id or user_id is required", api(t, c.w, "CreateSsoToken")["message"])
	require.Equal(t, "Invalid destination", api(t, c.w, "CreateSsoToken", "client_id", c.client, "destination", "clientarea:moon")["message"])
	control(t, c.w, "/_sim/clients/"+c.client, `{"no_sso":true}`)
	require.Equal(t, "SSO authentication blocked for client "+c.client, api(t, c.w, "CreateSsoToken", "client_id", c.client)["message"])
	status, where, _ := c.get("/oauth/singlesignon.php?access_token=guess")
	require.Equal(t, "200", status)
	require.Contains(t, where, "rp=/login")
}
