package whmcs_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// ask follows redirects and returns where it ended, and what stood there.
func ask(t *testing.T, b *http.Client, url string) (string, string) {
	t.Helper()
	resp, err := b.Get(url)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.Request.URL.RequestURI(), string(text)
}

func TestSingleSignOnToAnInvoice(t *testing.T) {
	var mu sync.Mutex
	now := time.Now()
	s := newShop(t, func(c *simulator.Config) {
		c.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	})
	client := s.customer()
	placed := s.place(orderOf(client, server("a.example.com")))
	begun := time.Now()
	signOn, err := s.SignOnToInvoice(soon(t), client, placed.InvoiceID)
	require.NoError(t, err)
	require.WithinRange(t, signOn.ExpiresAt, begun.Add(59*time.Second), time.Now().Add(time.Minute))
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", signOn, signOn, signOn), "access_token", "the address signs in")

	invoicePath := fmt.Sprintf("/viewinvoice.php?id=%d", placed.InvoiceID)
	first := browser(t)
	where, page := ask(t, first, signOn.URL.Reveal())
	require.Equal(t, invoicePath, where)
	require.Contains(t, page, "Pay 50.00 USD")
	where, _ = ask(t, browser(t), signOn.URL.Reveal())
	require.Contains(t, where, "rp=/login", "it works once")

	late, err := s.SignOnToInvoice(soon(t), client, placed.InvoiceID)
	require.NoError(t, err)
	mu.Lock()
	now = now.Add(61 * time.Second)
	mu.Unlock()
	where, _ = ask(t, browser(t), late.URL.Reveal())
	require.Contains(t, where, "rp=/login", "and for 60 seconds")

	resp, err := first.Post(s.url+invoicePath, "", nil)
	require.NoError(t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Contains(t, string(text), "Your payment has arrived")
	invoice, err := s.Invoice(t.Context(), placed.InvoiceID)
	require.NoError(t, err)
	require.Equal(t, whmcs.InvoicePaid, invoice.Status)
	require.Zero(t, invoice.Balance)
}

func TestWhereSingleSignOnIsNotPermitted(t *testing.T) {
	s := newShop(t)
	client := s.customer()
	placed := s.place(orderOf(client, server("a.example.com")))
	_, err := s.SignOnToInvoice(soon(t), 999_999, placed.InvoiceID)
	require.ErrorIs(t, err, whmcs.ErrNotFound)
	s.post("/_sim/clients/"+strconv.Itoa(client), `{"no_sso":true}`)
	_, err = s.SignOnToInvoice(soon(t), client, placed.InvoiceID)
	require.Equal(t, whmcs.ReasonSSOBlocked, whmcs.ReasonOf(err))
	details, err := s.ClientByID(t.Context(), client)
	require.NoError(t, err)
	require.False(t, details.SingleSignOn)

	denied := newShop(t, func(c *simulator.Config) { c.Denied = []string{"CreateSsoToken"} })
	_, err = denied.SignOnToInvoice(soon(t), denied.customer(), 1)
	require.ErrorIs(t, err, whmcs.ErrCredentials, "the API role does not allow it")

	// The plain address leads to the invoice by way of WHMCS's own sign-in.
	b := browser(t)
	where, _ := ask(t, b, s.InvoiceURL(placed.InvoiceID))
	require.Contains(t, where, "rp=/login")
	resp, err := b.PostForm(s.url+where, map[string][]string{"username": {"ada@example.com"}, "goto": {fmt.Sprintf("viewinvoice.php?id=%d", placed.InvoiceID)}})
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, fmt.Sprintf("/viewinvoice.php?id=%d", placed.InvoiceID), resp.Request.URL.RequestURI())

	public := clientOf(t, s.url, func(c *whmcs.Config) { c.PublicURL = "https://billing.example.com/clients/" })
	require.Equal(t, "https://billing.example.com/clients/viewinvoice.php?id=7", public.InvoiceURL(7))
}

func TestATokenThatIsNoAddress(t *testing.T) {
	for _, address := range []string{"", "javascript:alert(1)", "/oauth/x", "ftp://billing.example.com/"} {
		client, _ := recorded(t, `{"result":"success","access_token":"t","redirect_url":"`+address+`"}`)
		_, err := client.SignOnToInvoice(soon(t), 5, 7)
		require.ErrorIs(t, err, whmcs.ErrNotAnAnswer, address)
	}
	billing, _ := newWHMCS(t)
	require.NoError(t, billing.Fault(simulator.Fault{Effect: "close-after", Count: 1}))
	_, err := clientOf(t, serverURL(t, billing)).SignOnToInvoice(soon(t), 5, 7)
	require.ErrorIs(t, err, whmcs.ErrUnavailable, "a token that nobody got does no harm: ask again")
}

// Rights that a shop's API role does without: all that remain are in docs/whmcs-api.md 5.2.
func TestARoleWithTheRightsOfAShop(t *testing.T) {
	s := newShop(t, func(c *simulator.Config) {
		c.Denied = []string{"ModuleCreate", "ModuleSuspend", "ModuleUnsuspend", "ModuleTerminate", "ModuleChangePw", "ModuleChangePackage", "ModuleCustom", "GetModuleQueue",
			"AcceptOrder", "FraudOrder", "GetServers", "LogActivity", "OpenTicket", "AddTicketReply", "SendEmail", "TriggerNotificationEvent", "EncryptPassword",
			"DecryptPassword", "WhmcsDetails"}
	})
	document, err := os.ReadFile("../docs/whmcs-api.md")
	require.NoError(t, err)
	rights := regexp.MustCompile(`(?m)^The API role of a shop: (.*)$`).FindSubmatch(document)
	require.NotNil(t, rights)
	client := s.customer()
	_, err = s.ClientByID(t.Context(), client)
	require.NoError(t, err)
	_, err = s.Offers(t.Context())
	require.NoError(t, err)
	_, err = s.Currencies(t.Context())
	require.NoError(t, err)
	_, err = s.PaymentMethods(t.Context())
	require.NoError(t, err)
	_, err = s.Promotion(t.Context(), "WELCOME10")
	require.NoError(t, err)
	placed := s.place(orderOf(client, server("a.example.com")))
	_, err = s.OrdersByMark(t.Context(), client, mark)
	require.NoError(t, err)
	_, err = s.Invoice(t.Context(), placed.InvoiceID)
	require.NoError(t, err)
	require.NoError(t, s.UpdateService(t.Context(), placed.Services[0], whmcs.ServiceUpdate{Unset: []string{"ns1"}}))
	_, err = s.SignOnToInvoice(soon(t), client, placed.InvoiceID)
	require.NoError(t, err)
	require.NoError(t, s.CancelOrder(t.Context(), placed.OrderID, true))
	require.NoError(t, s.ReopenOrder(t.Context(), placed.OrderID))
	require.NoError(t, s.CancelInvoice(t.Context(), placed.InvoiceID))
	require.NoError(t, s.CancelOrder(t.Context(), placed.OrderID, true))
	billed, err := s.Billed(t.Context(), client)
	require.NoError(t, err)
	require.True(t, billed, "a cancelled invoice is one")
	require.NoError(t, s.DeleteOrder(t.Context(), placed.OrderID))
	require.NoError(t, s.UpdateClient(t.Context(), client, "Closed", ""))
	billed, err = s.Billed(t.Context(), client)
	require.NoError(t, err)
	require.False(t, billed)
	require.NoError(t, s.DeleteClient(t.Context(), client))

	var called []string
	for action := range s.billing.State().Counters {
		called = append(called, action)
	}
	require.ElementsMatch(t, called, strings.Split(strings.Trim(string(rights[1]), "."), ", "), "the page lists exactly what is called")
}
