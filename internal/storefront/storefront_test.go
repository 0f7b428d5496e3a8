package storefront

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/whmcs"
	"metalease/whmcs/simulator"
	"metalease/workflows/api/fleet"
	"metalease/workflows/api/shop"
)

// world is a WHMCS over HTTP that sells two products, with the stock of a panel and a clock.
type world struct {
	*Store
	t       *testing.T
	billing *simulator.WHMCS
	api     *whmcs.Client
	clock   time.Time
	panel   fleet.Stock
	down    error
	looks   int
}

func newWorld(t *testing.T) *world {
	billing, err := simulator.New(simulator.Config{Installation: "test", GatewaySecret: "0123456789abcdef"})
	require.NoError(t, err)
	server := httptest.NewServer(billing)
	t.Cleanup(server.Close)
	t.Cleanup(billing.ClearFaults)
	api, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "identifier", Secret: "secret", Installation: "test", ModuleSecret: "0123456789abcdef", Rate: 10_000})
	require.NoError(t, err)
	w := &world{t: t, billing: billing, api: api, clock: time.Now()}
	w.sees(2, 1)
	w.Store = New(api, []config.Product{
		{Product: 1, SKU: "e3", Panel: "fra1", Package: "E3-16G"},
		{Product: 2, Panel: "fra1", Package: "E5-64G", OSTemplates: []string{"ISPsystem__Debian-12-x86_64"}},
		{Product: 99, SKU: "gone", Panel: "fra1", Package: "E9"},
	}, w.look)
	w.now = func() time.Time { return w.clock }
	return w
}

func (w *world) look(context.Context, string, bool) (fleet.Stock, error) {
	w.looks++
	return w.panel, w.down
}

func (w *world) sees(free, held int) {
	at := w.clock
	w.panel = fleet.Stock{Panel: "fra1", AsOf: &at, Packages: []fleet.PackageStock{{Package: "E3-16G", Free: &free, Held: held}, {Package: "E5-64G"}}}
}

func (w *world) fault(function, effect string) {
	w.t.Helper()
	require.NoError(w.t, w.billing.Fault(simulator.Fault{Function: function, Effect: effect}))
}

func (w *world) asked(function string) int { return w.billing.State().Counters[function].Requests }

func (w *world) read() (Catalogue, string) {
	w.t.Helper()
	catalogue, tag, err := w.Catalogue(w.t.Context())
	require.NoError(w.t, err)
	return catalogue, tag
}

func TestTheCatalogueShowsWhatIsSold(t *testing.T) {
	w := newWorld(t)
	catalogue, _ := w.read()
	require.Len(t, catalogue.Products, 2, "what WHMCS does not sell is not shown")
	first := catalogue.Products[0]
	require.Equal(t, []any{1, "e3", []string{"E3-16G"}}, []any{first.Product, first.SKU, first.Packages})
	require.Equal(t, &Available{Free: 2, Held: 1, AsOf: *w.panel.AsOf}, first.Stock)
	require.NotEmpty(t, first.Prices)
	require.Contains(t, first.OSTemplates, "ISPsystem__Debian-12-x86_64")
	require.Greater(t, len(first.OSTemplates), 1)
	require.Equal(t, []string{"ISPsystem__Debian-12-x86_64"}, catalogue.Products[1].OSTemplates, "the configuration's choice")
	require.Nil(t, catalogue.Products[1].Stock, "unknown is not zero")
}

// TestWhatIsHiddenOrRetired is not shown, unless the configuration sells what WHMCS hides.
func TestWhatIsHiddenOrRetired(t *testing.T) {
	w := newWorld(t)
	for product, change := range map[string]string{"1": `{"hidden":true}`, "2": `{"retired":true}`} {
		answer := httptest.NewRecorder()
		post := httptest.NewRequest(http.MethodPost, "/_sim/products/"+product, strings.NewReader(change))
		post.RemoteAddr = "127.0.0.1:1"
		w.billing.ServeHTTP(answer, post)
		require.Equal(t, http.StatusOK, answer.Code)
	}
	catalogue, _ := w.read()
	require.Empty(t, catalogue.Products)
	_, err := w.Link(t.Context(), Wish{Product: "e3"})
	require.ErrorIs(t, err, ErrUnknownProduct)

	w.products[0].Hidden = true
	w.clock = w.clock.Add(offersKept)
	catalogue, _ = w.read()
	require.Len(t, catalogue.Products, 1)
}

// TestAStockThatNobodyKnowsIsNull, and a package that a known panel lacks is out of stock.
func TestAStockThatNobodyKnowsIsNull(t *testing.T) {
	w := newWorld(t)
	w.down, w.panel = errors.New("no allocator"), fleet.Stock{}
	catalogue, _ := w.read()
	require.Nil(t, catalogue.Products[0].Stock)
	require.Equal(t, 1, w.looks, "two products of one panel need one look")

	w = newWorld(t)
	w.panel.Packages = nil
	catalogue, _ = w.read()
	require.Equal(t, &Available{AsOf: *w.panel.AsOf}, catalogue.Products[0].Stock)
}

func TestTheTagNamesTheContent(t *testing.T) {
	w := newWorld(t)
	_, before := w.read()
	w.clock = w.clock.Add(time.Minute)
	w.sees(2, 1)
	catalogue, again := w.read()
	require.Equal(t, before, again, "when a panel was read is no content")
	require.Equal(t, w.clock, catalogue.Products[0].Stock.AsOf)
	w.clock = w.clock.Add(time.Minute)
	w.sees(1, 1)
	_, after := w.read()
	require.NotEqual(t, before, after)
}

// TestOneReadingServesManyCallers: prices for a minute, the stock for some seconds.
func TestOneReadingServesManyCallers(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, _, err := w.Catalogue(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	once := w.asked("GetProducts")
	require.Equal(t, 1, w.looks)
	w.clock = w.clock.Add(stockKept)
	w.read()
	require.Equal(t, 2, w.looks)
	require.Equal(t, once, w.asked("GetProducts"))
	w.clock = w.clock.Add(offersKept)
	w.read()
	require.Greater(t, w.asked("GetProducts"), once)
}

// TestTheReadingServesWhileWHMCSIsDown, with the stock as it is; one call asks WHMCS for all.
func TestTheReadingServesWhileWHMCSIsDown(t *testing.T) {
	w := newWorld(t)
	w.read()
	w.fault("GetProducts", "http500")
	w.clock = w.clock.Add(time.Hour)
	w.sees(1, 0)
	catalogue, _ := w.read()
	require.Equal(t, 1, catalogue.Products[0].Stock.Free)
	asked := w.asked("GetProducts")
	w.clock = w.clock.Add(stockKept)
	w.read()
	require.Equal(t, asked, w.asked("GetProducts"), "a failure stands for all who come soon after it")
}

// TestAFailureIsToldToAllWhoComeSoonAfterIt: else each would wait for a WHMCS that is down, one after the other.
func TestAFailureIsToldToAllWhoComeSoonAfterIt(t *testing.T) {
	w := newWorld(t)
	w.fault("GetProducts", "http500")
	_, _, err := w.Catalogue(t.Context())
	require.Error(t, err)
	asked := w.asked("GetProducts")
	_, err = w.Link(t.Context(), Wish{Product: "e3"})
	require.Error(t, err)
	require.Equal(t, asked, w.asked("GetProducts"))
	w.billing.ClearFaults()
	w.clock = w.clock.Add(stockKept)
	w.read()
}

// TestACallerWhoGoesAwaySpoilsNothing: others wait for what was asked for them.
func TestACallerWhoGoesAwaySpoilsNothing(t *testing.T) {
	w := newWorld(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := w.Catalogue(gone)
	require.NoError(t, err)
}

func TestALinkIsRefusedWhereWHMCSWouldIgnoreIt(t *testing.T) {
	w := newWorld(t)
	link := func(wish Wish) error {
		_, err := w.Link(t.Context(), wish)
		return err
	}
	for name, c := range map[string]struct {
		wish  Wish
		field string
	}{
		"no cycle":       {Wish{Product: "e3"}, "cycle"},
		"other cycle":    {Wish{Product: "e3", Cycle: "triennially"}, "cycle"},
		"currency":       {Wish{Product: "e3", Cycle: "monthly", Currency: "JPY"}, "currency"},
		"OS":             {Wish{Product: "2", Cycle: "monthly", OSTemplate: "Windows"}, "os_template"},
		"unknown option": {Wish{Product: "e3", Cycle: "monthly", Options: map[string]string{"GPU": "yes"}}, "options.GPU"},
		"promotion":      {Wish{Product: "e3", Cycle: "monthly", PromoCode: "NONE"}, "promo_code"},
		"promotion, old": {Wish{Product: "e3", Cycle: "monthly", PromoCode: "SPRING2020"}, "promo_code"},
	} {
		var refused *Refused
		require.ErrorAs(t, link(c.wish), &refused, name)
		require.Equal(t, c.field, refused.Field, name)
	}
	for _, unknown := range []string{"", "e9", "7", "gone"} {
		require.ErrorIs(t, link(Wish{Product: unknown, Cycle: "monthly"}), ErrUnknownProduct, unknown)
	}
	address, err := w.Link(t.Context(), Wish{Product: "e3", Cycle: "monthly", Currency: "eur", OSTemplate: "ISPsystem__Debian-12-x86_64"})
	require.NoError(t, err)
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	before := w.asked("GetCurrencies")
	_, err = w.Link(t.Context(), Wish{Product: "e3", Cycle: "monthly"})
	require.NoError(t, err)
	require.Equal(t, before, w.asked("GetCurrencies"), "anybody may ask for links: WHMCS is asked once a minute")
	require.Equal(t, []string{"1", "monthly"}, []string{parsed.Query().Get("pid"), parsed.Query().Get("billingcycle")})
}

// TestOnlyWhoIsKnownIsSignedIn at the checkout.
func TestOnlyWhoIsKnownIsSignedIn(t *testing.T) {
	w := newWorld(t)
	client, err := w.api.AddClient(t.Context(), whmcs.ClientFields{
		FirstName: "Ada", LastName: "Lovelace", Email: "ada@example.com", Address1: "1 Main St", City: "London", State: "London",
		Postcode: "N1", Country: "GB", Phone: "+442071234567",
	}, false)
	require.NoError(t, err)
	cart := shop.Cart{State: shop.StateOpen, ClientID: client, InvoiceID: 6}
	plain, err := w.Checkout(t.Context(), cart)
	require.NoError(t, err)
	require.False(t, plain.SignedIn)
	require.Nil(t, plain.ExpiresAt)
	require.Zero(t, w.asked("CreateSsoToken"))

	cart.SignIn = true
	signed, err := w.Checkout(t.Context(), cart)
	require.NoError(t, err)
	require.True(t, signed.SignedIn)
	require.NotEqual(t, plain.URL, signed.URL)
	require.WithinDuration(t, time.Now().Add(time.Minute), *signed.ExpiresAt, 10*time.Second)

	require.NoError(t, w.billing.Fault(simulator.Fault{Function: "CreateSsoToken", Effect: "error", Message: "SSO authentication blocked for client 1", Count: 1}))
	blocked, err := w.Checkout(t.Context(), cart)
	require.NoError(t, err)
	require.Equal(t, plain, blocked)

	for _, effect := range []string{"close-after", "close-before"} { // nobody pays by an address that was lost
		require.NoError(t, w.billing.Fault(simulator.Fault{Function: "CreateSsoToken", Effect: effect, Count: 1}))
		_, err = w.Checkout(t.Context(), cart)
		require.Error(t, err)
		fresh, err := w.Checkout(t.Context(), cart)
		require.NoError(t, err)
		require.True(t, fresh.SignedIn)
		require.NotEqual(t, signed.URL, fresh.URL)
	}

	for _, state := range []shop.State{shop.StateChecking, shop.StatePaid, shop.StateExpired, shop.StateCancelled, shop.StateFailed} {
		_, err := w.Checkout(t.Context(), shop.Cart{State: state, ClientID: client, InvoiceID: 6, SignIn: true})
		require.ErrorIs(t, err, ErrNotPayable)
	}
	_, err = w.Checkout(t.Context(), shop.Cart{State: shop.StateOpen, ClientID: client, SignIn: true})
	require.ErrorIs(t, err, ErrNotPayable, "nothing is to be paid")
}
