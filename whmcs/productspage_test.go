package whmcs_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// TestOffersOnTheirShelves: our module says what is hidden or retired; one that does not know the page, and
// a client without its secret, say nothing and refuse nothing. A page that fails is no answer.
func TestOffersOnTheirShelves(t *testing.T) {
	billing, err := simulator.New(simulator.Config{Identifier: "i", Secret: "s", Installation: "main", GatewaySecret: "0123456789abcdef"})
	require.NoError(t, err)
	page := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, whmcs.ProductsPage) && page != http.StatusOK {
			w.WriteHeader(page)
			return
		}
		billing.ServeHTTP(w, r)
	}))
	defer server.Close()
	answer := httptest.NewRecorder()
	post := httptest.NewRequest(http.MethodPost, "/_sim/products/2", strings.NewReader(`{"retired":true,"hidden":true}`))
	post.RemoteAddr = "127.0.0.1:1"
	billing.ServeHTTP(answer, post)
	require.Equal(t, http.StatusOK, answer.Code)

	read := func(secret string) ([]whmcs.Offer, error) {
		client, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "i", Secret: "s", Installation: "main", ModuleSecret: secret})
		require.NoError(t, err)
		return client.Offers(t.Context(), 1, 2)
	}
	seen := func(secret string) (shelves [][2]bool) {
		offers, err := read(secret)
		require.NoError(t, err)
		for _, o := range offers {
			shelves = append(shelves, [2]bool{o.Hidden, o.Retired})
		}
		return shelves
	}
	const secret = "0123456789abcdef"
	require.Equal(t, [][2]bool{{false, false}, {true, true}}, seen(secret))
	require.Equal(t, [][2]bool{{false, false}, {false, false}}, seen(""))
	require.Equal(t, [][2]bool{{false, false}, {false, false}}, seen("of another WHMCS"))
	page = http.StatusNotFound
	require.Equal(t, [][2]bool{{false, false}, {false, false}}, seen(secret))
	page = http.StatusInternalServerError
	_, err = read(secret)
	require.Error(t, err)
}
