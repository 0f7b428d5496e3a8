package checkout

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shelve changes what WHMCS sells, as staff do.
func (w *world) shelve(product, change string) {
	w.T.Helper()
	answer := httptest.NewRecorder()
	post := httptest.NewRequest(http.MethodPost, "/_sim/products/"+product, strings.NewReader(change))
	post.RemoteAddr = "127.0.0.1:1"
	w.Billing.ServeHTTP(answer, post)
	require.Equal(w.T, http.StatusOK, answer.Code, answer.Body.String())
	w.c.List.Doubt(0)
}

// TestWhatWHMCSDoesNotSellAnyMore is refused with its field before anything is made: AddOrder would leave
// it out without a word.
func TestWhatWHMCSDoesNotSellAnyMore(t *testing.T) {
	w := newWorld(t)
	require.Empty(t, w.fields(request()))
	w.shelve("1", `{"retired":true}`)
	require.Equal(t, []Fault{{"items[0].product", "is retired in WHMCS"}}, w.check(request()).Problems)
	w.shelve("1", `{"retired":false,"hidden":true}`)
	require.Equal(t, []Fault{{"items[0].product", "is hidden in WHMCS"}}, w.check(request()).Problems)
	w.c.Sold[0].Hidden = true
	require.Empty(t, w.fields(request()), "the configuration sells it all the same")
	require.Empty(t, w.Billing.State().Orders)
	require.Empty(t, w.Billing.State().Clients)
}
