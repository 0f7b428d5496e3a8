package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/workflows/api"
)

// TestAVisitorBuysAServer goes from the click to Active in a browser, as make dev lets anybody do.
func TestAVisitorBuysAServer(t *testing.T) {
	b := newBrowser(t)
	w := newWorldWith(t, stack.Options{Config: quick, PanelConfig: loose, Shop: true})
	b.open(w.ShopURL("/"))
	require.Equal(t, []string{"30 in stock", "Out of stock"}, b.texts(".stock"))
	require.Len(t, b.texts("a.button"), 1, "what is out of stock cannot be chosen")
	b.picture("front")
	b.click(`a[href="/order/e3-16g"]`, "#order")
	b.picture("form")

	// What is wrong stands at its field; nothing was ordered, and what was typed is still there.
	field := func(name string) chromedp.CSS { return chromedp.CSS(`[name="` + name + `"]`) }
	fault := func(name string) string { return b.text(chromedp.CSS(`[id="` + name + `-fault"]`)) }
	b.fill(field("client.country"), "Germany")
	b.fill(field("items[0].quantity"), "6")
	b.fill(field("client.city"), "Potsdam")
	b.click("#order", ".faults")
	require.Equal(t, "must be two letters, such as DE", fault("client.country"))
	require.Equal(t, "client.country-fault", ask(b, chromedp.Evaluate[string](`document.querySelector("[aria-invalid]").getAttribute("aria-describedby")`)))
	require.Contains(t, b.text(".faults"), "a cart of this shop has at most 5")
	require.Equal(t, "Potsdam", ask(b, chromedp.Value(field("client.city"))))
	b.picture("faults")
	b.fill(field("client.country"), "DE")
	b.fill(field("items[0].quantity"), "1")
	mine := ask(b, chromedp.Value(field("client.email")))
	w.anotherClient("ada@example.com")
	b.fill(field("client.email"), "ada@example.com")
	b.click("#order", `[id="client.email-fault"]`) // what only WHMCS knows
	require.Contains(t, fault("client.email"), "belongs to a client with another name")
	require.Empty(t, w.whmcs().Orders)

	b.fill(field("client.email"), mine)
	b.click("#order", "#pay")
	require.Contains(t, b.text("#status"), "Please pay 45.00 EUR.")
	b.picture("open")
	w.othersSeeNothing(b)

	b.do(chromedp.Click(chromedp.CSS("#pay")))
	invoice := b.opened("viewinvoice.php")
	invoice.picture("invoice")
	invoice.do(chromedp.Click(chromedp.CSS("#pay")))
	invoice.awaitText(`document.querySelector("#status").innerText`, "Paid")

	b.await(`document.querySelector(".steps .now")`)
	b.picture("building")
	b.awaitText(`document.querySelector("#status").innerText`, "Paid, and ready: your order is active.")
	service := w.whmcs().Services[0]
	status := w.awaitPhase(service.ID, api.PhaseActive)
	b.awaitText(`document.querySelector("[data-phase=active] .ip")?.innerText`, status.Server.IP)
	require.Equal(t, "Active", service.Status)
	require.Equal(t, status.Server.IP, w.whmcs().Mails[len(w.whmcs().Mails)-1].DedicatedIP, "WHMCS's welcome mail")

	b.awaitText(`[...document.querySelectorAll("[data-event] td:last-child")].pop()?.innerText.replace(/^\d+ /, "")`, "active")
	events := b.texts("[data-event] td:nth-child(2)")
	require.Equal(t, []string{"cart.open", "cart.paid"}, events[:2], "in their order")
	require.Equal(t, "service.phase", events[len(events)-1])
	b.picture("active")

	b.open(w.ShopURL("/order/e3-16g"))
	b.click("#order", "#cancel")
	b.do(chromedp.Click(chromedp.CSS("#cancel")))
	b.awaitText(`document.querySelector("#status").innerText`, "This order was cancelled.")
	orders := w.whmcs().Orders
	require.Equal(t, "Cancelled", orders[len(orders)-1].Status)
	require.True(t, w.eventually(func() bool { // the catalogue is some seconds old
		b.open(w.ShopURL("/"))
		return b.texts(".stock")[0] == "29 in stock"
	}), "what was held is for sale again")
}

// othersSeeNothing: an order is seen by nobody without the cookie, and an event that metalease did not sign is none.
func (w *world) othersSeeNothing(b browser) {
	w.t.Helper()
	address := ask(b, chromedp.Location())
	require.Equal(w.t, w.ShopURL("/cart"), address)
	for _, more := range []string{"", "?wait=1"} {
		resp, err := http.Get(address + more)
		require.NoError(w.t, err)
		_ = resp.Body.Close()
		require.Equal(w.t, http.StatusNotFound, resp.StatusCode)
	}
	resp, err := http.Post(w.ShopURL("/pay"), "application/x-www-form-urlencoded", nil)
	require.NoError(w.t, err)
	_ = resp.Body.Close()
	require.Equal(w.t, http.StatusNotFound, resp.StatusCode)

	forged, err := http.NewRequest(http.MethodPost, w.ShopURL("/webhooks"), strings.NewReader(`{"type":"cart.paid"}`))
	require.NoError(w.t, err)
	forged.Header.Set("Webhook-Id", "evt_1")
	forged.Header.Set("Webhook-Timestamp", "1700000000")
	forged.Header.Set("Webhook-Signature", "v1,AAAA")
	resp, err = http.DefaultClient.Do(forged)
	require.NoError(w.t, err)
	_ = resp.Body.Close()
	require.Equal(w.t, http.StatusUnauthorized, resp.StatusCode)
}

// TestAPageWithoutABackend reads the public catalogue from another origin than the gateway's: the configured one may, others not.
func TestAPageWithoutABackend(t *testing.T) {
	b := newBrowser(t)
	w := newWorldWith(t, stack.Options{Config: quick, PanelConfig: loose, Shop: true})
	part := func(product, part string) string {
		return `document.querySelector("metalease-product[product=` + product + `]")?.shadowRoot?.querySelector("[part=` + part + `]").innerText`
	}
	b.open(w.ShopURL("/plain"))
	b.awaitText(part("e3-16g", "stock"), "In stock")
	b.awaitText(part("e5-64g", "stock"), "Out of stock")
	b.awaitText(part("e3-16g", "price"), "€45.00 / monthly")
	seen := ask(b, chromedp.Evaluate[[]bool](`[...document.querySelectorAll("metalease-product")].map((e) => e.shadowRoot.querySelector("[part=button]").checkVisibility())`))
	require.Equal(t, []bool{true, false}, seen, "what is out of stock has no button that anybody sees")
	b.picture("plain")
	// Whoever hears the page instead of seeing it is told which product, whether it is there, and what the button orders; the keyboard reaches it.
	heard := ask(b, chromedp.Evaluate[string](`(() => {
		const root = document.querySelector("metalease-product[product=e3-16g]").shadowRoot, button = root.querySelector("[part=button]");
		button.focus();
		return [root.querySelector("[role=group]").ariaLabel, root.querySelector("[role=status]").innerText, button.tagName, button.ariaLabel,
			button.ariaLabel.startsWith(button.innerText), root.activeElement === button].join("|");
	})()`))
	require.Regexp(t, `^(.+)\|In stock\|A\|[^|]+: .+\|true\|true$`, heard)
	name, _, _ := strings.Cut(heard, "|")
	require.Contains(t, heard, ": "+name+"|")
	ask(b, chromedp.Evaluate[*bool](`document.querySelector("metalease-product").shadowRoot.querySelector("[part=button]").click()`))
	b.awaitText(`location.pathname + " " + new URLSearchParams(location.search).get("pid")`, "/cart.php 1")

	page := blocks(t, "html")[0]
	stranger := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "text/html")
		_, _ = rw.Write([]byte("<!doctype html>\n" + strings.Replace(page, "https://metalease.example.com:8443", w.GatewayURL(""), 1)))
	}))
	t.Cleanup(stranger.Close)
	b.open(stranger.URL)
	b.awaitText(part("e3-16g", "stock"), "This product cannot be shown now.")
}
