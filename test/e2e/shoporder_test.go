package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs"
	"metalease/workflows/api"
)

// What a shop orders through the API and its customer pays in the browser is built like
// any other order, with what was chosen.
func TestAnOrderByTheAPIIsPaidInABrowserAndBuilt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	billing, client := w.anotherClient("ada@example.com")
	offers, err := billing.Offers(w.ctx, 1)
	require.NoError(t, err)
	chosen, faults := offers[0].Choose(map[string]string{"IP": "2", "os": "Ubuntu 24.04"})
	require.Empty(t, faults)
	placed, err := billing.AddOrder(w.ctx, whmcs.NewOrder{ClientID: client, PaymentMethod: "stripe", Mark: "cart-of-this-test", NoEmail: true, NoInvoiceEmail: true,
		Items: []whmcs.NewItem{{ProductID: 1, Cycle: whmcs.CycleMonthly, Hostname: "db1.example.com", Options: chosen}}})
	require.NoError(t, err)
	code, _ := w.call(http.MethodGet, fmt.Sprintf("/v1/services/%d", placed.Services[0]), nil)
	require.Equal(t, http.StatusNotFound, code, "it is not paid")

	signOn, err := billing.SignOnToInvoice(w.ctx, client, placed.InvoiceID)
	require.NoError(t, err)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar}
	for _, ask := range []func() (*http.Response, error){
		func() (*http.Response, error) { return browser.Get(signOn.URL.Reveal()) },
		func() (*http.Response, error) { return browser.Post(billing.InvoiceURL(placed.InvoiceID), "", nil) },
	} {
		resp, err := ask()
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	status := w.awaitPhase(placed.Services[0], api.PhaseActive)
	require.Equal(t, "db1.example.com", status.Server.Hostname)
	require.Len(t, status.Server.ExtraIPs, 2)
	w.requireDelivered(placed.Services[0], status)
}

// anotherClient is Ada Lovelace, whom WHMCS knows by this address, and its API.
func (w *world) anotherClient(email string) (*whmcs.Client, int) {
	w.t.Helper()
	billing, err := whmcs.New(whmcs.Config{URL: w.WHMCSURL(""), Identifier: stack.Identifier, Secret: stack.APISecret})
	require.NoError(w.t, err)
	client, err := billing.AddClient(w.ctx, whmcs.ClientFields{FirstName: "Ada", LastName: "Lovelace", Email: email, Address1: "1",
		City: "London", State: "London", Postcode: "SW1", Country: "GB", Phone: "1"}, true)
	require.NoError(w.t, err)
	return billing, client
}
