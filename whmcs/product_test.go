package whmcs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

func TestTheServicesOfAProductAreReadInPages(t *testing.T) {
	billing, client := newWHMCS(t)
	place(t, billing, simulator.Order{Product: 1, Services: 205})
	other := place(t, billing, simulator.Order{Product: 2})
	status := whmcs.StatusTerminated
	require.NoError(t, client.UpdateService(t.Context(), other.Services[0].ServiceID, whmcs.ServiceUpdate{Status: &status}))

	services, err := client.ProductServices(t.Context(), 1)
	require.NoError(t, err)
	require.Len(t, services, 205)
	services, err = client.ProductServices(t.Context(), 2)
	require.NoError(t, err)
	require.Len(t, services, 1)
	require.Equal(t, status, services[0].Status, "whatever its status")
	services, err = client.ProductServices(t.Context(), 3)
	require.NoError(t, err)
	require.Empty(t, services)
}
