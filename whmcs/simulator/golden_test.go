package simulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/test/golden"
)

// The golden calls of the client's tests, one after the other, are what the simulator
// answers: it may say more, and what it says is the same.
func TestTheSimulatorAnswersAsTheManualShows(t *testing.T) {
	product := Product{ID: 1, Name: "Dedicated E3-16G", Module: moduleName, Package: "E3-16G", OS: "ISPsystem__Debian-12-x86_64", Quantity: 1,
		Description: "A dedicated server of the configuration E3-16G.", Prices: asked(5000), Fields: []OrderField{{ID: 7, Name: "Reference"}}}
	w, err := New(Config{Products: []Product{product}, SystemURL: "https://billing.example.com/",
		Now: func() time.Time { return time.Date(2026, 11, 25, 14, 0, 0, 0, time.UTC) }})
	require.NoError(t, err)
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	for _, call := range golden.Calls(t, "../testdata/shop") {
		form := url.Values{"action": {call.Action}, "identifier": {"identifier"}, "secret": {"secret"}, "responsetype": {"json"}}
		for key, value := range call.Request {
			form.Set(key, value)
		}
		resp, err := http.PostForm(server.URL+"/includes/api.php", form)
		require.NoError(t, err)
		var got map[string]any
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&got))
		require.NoError(t, resp.Body.Close())
		require.Empty(t, golden.Lacks(call.Answer, got), call.Name)
	}
	require.Empty(t, w.State().Orders)
	require.Empty(t, w.State().Clients)
}
