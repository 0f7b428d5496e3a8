package whmcs_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

func TestIspsystemRecords(t *testing.T) {
	const secret = "0123456789abcdef"
	sim, err := simulator.New(simulator.Config{Installation: "main", GatewaySecret: secret})
	require.NoError(t, err)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	client := func(installation, moduleSecret string) *whmcs.Client {
		c, err := whmcs.New(whmcs.Config{URL: server.URL + "/", Identifier: "identifier", Secret: "secret", Installation: installation, ModuleSecret: moduleSecret})
		require.NoError(t, err)
		return c
	}
	placed, err := sim.PlaceOrder(simulator.Order{ClientID: 7, Unpaid: true})
	require.NoError(t, err)
	id := placed.Services[0].ServiceID
	sim.SetIspsystem([]simulator.IspsystemRow{{ServiceID: id, ServerID: "12", Label: "A1-12"}, {ServiceID: 9999, ServerID: "13"}})

	for _, ask := range []struct {
		services []int
		product  int
	}{{services: []int{id}}, {product: sim.State().Service(id).ProductID}} {
		records, err := client("main", secret).IspsystemRecords(t.Context(), ask.services, ask.product)
		require.NoError(t, err)
		require.Len(t, records, 1)
		require.Equal(t, "12", records[0].ServerID)
		require.Equal(t, 7, records[0].ClientID)
		require.Equal(t, whmcs.StatusPending, records[0].Status)
	}
	for name, c := range map[string]*whmcs.Client{"wrong secret": client("main", "another-secret-of-16"), "wrong name": client("staging", secret), "no secret": client("main", "")} {
		_, err := c.IspsystemRecords(t.Context(), []int{id}, 0)
		require.Equal(t, whmcs.KindCredentials, whmcs.KindOf(err), "%s: %v", name, err)
		require.NotContains(t, err.Error(), secret)
	}
}

func TestIspsystemRecordsWithoutTheModule(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	client, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "i", Secret: "s", Installation: "main", ModuleSecret: "0123456789abcdef"})
	require.NoError(t, err)
	_, err = client.IspsystemRecords(t.Context(), []int{1}, 0)
	require.Equal(t, whmcs.KindUnknownAction, whmcs.KindOf(err))
	require.ErrorContains(t, err, "unpack our module")
}
