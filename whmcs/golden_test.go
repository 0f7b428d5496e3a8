package whmcs_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
)

// golden is a call and its answer in the manual's shape, as far as we read it. The
// simulator's tests play the same calls.
type golden struct {
	Action  string            `json:"action"`
	Request map[string]string `json:"request"`
	Answer  json.RawMessage   `json:"answer"`
}

// asked runs each golden call by its name: what it returns, and what of it must hold.
var asked = map[string]func(*testing.T, *whmcs.Client) (any, error){
	"01-add-client": func(t *testing.T, c *whmcs.Client) (any, error) {
		return c.AddClient(t.Context(), ada("ada@example.com"), true)
	},
	"03-client": func(t *testing.T, c *whmcs.Client) (any, error) {
		return c.ClientByEmail(t.Context(), "ada@example.com")
	},
	"04-no-client": func(t *testing.T, c *whmcs.Client) (any, error) {
		return c.ClientByEmail(t.Context(), "eve@example.com")
	},
	"05-products":        func(t *testing.T, c *whmcs.Client) (any, error) { return c.Offers(t.Context(), 1) },
	"06-currencies":      func(t *testing.T, c *whmcs.Client) (any, error) { return c.Currencies(t.Context()) },
	"07-payment-methods": func(t *testing.T, c *whmcs.Client) (any, error) { return c.PaymentMethods(t.Context()) },
	"08-promotion":       func(t *testing.T, c *whmcs.Client) (any, error) { return c.Promotion(t.Context(), "WELCOME10") },
	"09-add-order": func(t *testing.T, c *whmcs.Client) (any, error) {
		o := orderOf(1001, whmcs.NewItem{ProductID: 1, Cycle: whmcs.CycleMonthly, Hostname: "db1.example.com",
			Options: map[int]int{103: 1032, 101: 2}, Fields: map[int]string{7: "Größe"}})
		o.PromoCode, o.ClientIP = "WELCOME10", "192.0.2.9"
		return c.AddOrder(t.Context(), o)
	},
	"10-add-order-closed":  plainOrder(999, "stripe", 1),
	"11-add-order-method":  plainOrder(1001, "cheque", 1),
	"12-add-order-nothing": plainOrder(1001, "stripe", 77),
	"13-order":             func(t *testing.T, c *whmcs.Client) (any, error) { return c.Order(t.Context(), 101) },
	"14-invoice":           func(t *testing.T, c *whmcs.Client) (any, error) { return c.Invoice(t.Context(), 103) },
	"15-no-invoice":        func(t *testing.T, c *whmcs.Client) (any, error) { return c.Invoice(t.Context(), 1) },
	"16-sign-on": func(t *testing.T, c *whmcs.Client) (any, error) {
		signOn, err := c.SignOnToInvoice(t.Context(), 1001, 103)
		return signOn.URL.Reveal(), err
	},
	"17-sign-on-nobody": func(t *testing.T, c *whmcs.Client) (any, error) { return c.SignOnToInvoice(t.Context(), 999, 103) },
	"18-delete-pending": func(t *testing.T, c *whmcs.Client) (any, error) { return nil, c.DeleteOrder(t.Context(), 101) },
	"19-cancel":         func(t *testing.T, c *whmcs.Client) (any, error) { return nil, c.CancelOrder(t.Context(), 101, true) },
	"21-cancel-invoice": func(t *testing.T, c *whmcs.Client) (any, error) { return nil, c.CancelInvoice(t.Context(), 103) },
	"25-close-client": func(t *testing.T, c *whmcs.Client) (any, error) {
		return nil, c.UpdateClient(t.Context(), 1001, whmcs.ClientClosed, madeFor)
	},
	"26-closed-client": func(t *testing.T, c *whmcs.Client) (any, error) {
		client, err := c.ClientByID(t.Context(), 1001)
		return []string{client.Status, client.Notes}, err
	},
	"27-delete-client": func(t *testing.T, c *whmcs.Client) (any, error) { return nil, c.DeleteClient(t.Context(), 1001) },
	"22-reopen":        func(t *testing.T, c *whmcs.Client) (any, error) { return nil, c.ReopenOrder(t.Context(), 101) },
}

func plainOrder(client int, method string, product int) func(*testing.T, *whmcs.Client) (any, error) {
	return func(t *testing.T, c *whmcs.Client) (any, error) {
		return c.AddOrder(t.Context(), whmcs.NewOrder{ClientID: client, PaymentMethod: method, Mark: mark,
			Items: []whmcs.NewItem{{ProductID: product, Cycle: whmcs.CycleMonthly}}})
	}
}

// madeFor is a note of staff.
const madeFor = "metalease: made for " + mark

// sameAs are calls of which another golden one is the request.
var sameAs = map[string]string{"02-add-client-again": "01-add-client", "20-cancel-again": "19-cancel", "23-cancel-once-more": "19-cancel", "24-delete": "18-delete-pending",
	"28-delete-client-again": "27-delete-client"}

func TestTheClientReadsWhatTheManualShows(t *testing.T) {
	files, err := filepath.Glob("testdata/shop/*.json")
	require.NoError(t, err)
	require.Greater(t, len(files), 20)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var g golden
			require.NoError(t, json.Unmarshal(text, &g))
			run := asked[name]
			if other, is := sameAs[name]; is {
				run = asked[other]
			}
			require.NotNil(t, run, "nobody calls %s", name)
			sent := make(chan url.Values, 1)
			client := clientOf(t, serverURL(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_ = r.ParseForm()
				sent <- r.PostForm
				_, _ = w.Write(g.Answer)
			})))
			got, err := run(t, client)
			form := <-sent
			want := url.Values{"action": {g.Action}, "responsetype": {"json"}, "identifier": {identifier}, "secret": {apiSecret}}
			for key, value := range g.Request {
				want.Set(key, value)
			}
			if g.Action == "AddClient" {
				require.Regexp(t, `^[A-Z2-7]{26}-[a-z2-7]{8}7$`, form.Get("password2"))
				form.Del("password2")
			}
			require.Equal(t, want, form)
			if want, refused := refusals[name]; refused {
				require.Equal(t, want, [2]any{whmcs.KindOf(err), whmcs.ReasonOf(err)}, "%v", err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, read[name], got)
		})
	}
}

var refusals = map[string][2]any{
	"02-add-client-again":    {whmcs.KindRefused, whmcs.ReasonEmailTaken},
	"04-no-client":           {whmcs.KindNotFound, whmcs.Reason("")},
	"10-add-order-closed":    {whmcs.KindNotFound, whmcs.Reason("")},
	"11-add-order-method":    {whmcs.KindRefused, whmcs.ReasonPaymentMethod},
	"12-add-order-nothing":   {whmcs.KindRefused, whmcs.ReasonNothingOrdered},
	"15-no-invoice":          {whmcs.KindNotFound, whmcs.Reason("")},
	"17-sign-on-nobody":      {whmcs.KindNotFound, whmcs.Reason("")},
	"18-delete-pending":      {whmcs.KindRefused, whmcs.ReasonOrderStatus},
	"28-delete-client-again": {whmcs.KindNotFound, whmcs.Reason("")},
	"20-cancel-again":        {whmcs.KindRefused, whmcs.ReasonOrderStatus},
}
