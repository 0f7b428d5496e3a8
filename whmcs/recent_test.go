package whmcs_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// TestAClientsServicesAreReadOnceInAMoment: by all who ask within it, until we change one of them or one is wanted that is not
// among them.
func TestAClientsServicesAreReadOnceInAMoment(t *testing.T) {
	billing, err := simulator.New(simulator.Config{})
	require.NoError(t, err)
	server := httptest.NewServer(billing)
	t.Cleanup(server.Close)
	client, err := whmcs.New(whmcs.Config{URL: server.URL, Identifier: "identifier", Secret: "secret", Rate: 10_000})
	require.NoError(t, err)
	reads := func() int { return billing.State().Counters["GetClientsProducts"].Requests }
	order := func() int {
		placed, err := billing.PlaceOrder(simulator.Order{ClientID: 7, Unpaid: true})
		require.NoError(t, err)
		return placed.Services[0].ServiceID
	}
	first := order()

	services, err := client.ClientServices(t.Context(), 7)
	require.NoError(t, err)
	require.Len(t, services, 1)
	services[0].Username = "changed by the caller"
	for range 3 {
		services, err = client.RecentClientServices(t.Context(), 7, first)
		require.NoError(t, err)
		service, err := client.RecentService(t.Context(), first)
		require.NoError(t, err)
		require.Equal(t, services[0].Username, service.Username)
		require.NotEqual(t, "changed by the caller", service.Username)
	}
	require.Equal(t, 1, reads())

	second := order()
	services, err = client.RecentClientServices(t.Context(), 7, first, second)
	require.NoError(t, err)
	require.Len(t, services, 2)
	require.Equal(t, 2, reads(), "one that is wanted and not there is looked for")

	name := "renamed"
	require.NoError(t, client.UpdateService(t.Context(), second, whmcs.ServiceUpdate{Username: &name}))
	service, err := client.RecentService(t.Context(), second)
	require.NoError(t, err)
	require.Equal(t, name, service.Username)
	_, err = client.RecentClientServices(t.Context(), 7, first)
	require.NoError(t, err)
	require.Equal(t, 4, reads(), "our own change drops what was read before")

	_, err = client.ClientServices(t.Context(), 7)
	require.NoError(t, err)
	require.Equal(t, 5, reads(), "who does not say recent reads")
}
