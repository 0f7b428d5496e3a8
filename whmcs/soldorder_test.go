package whmcs_test

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

func TestSoldOrders(t *testing.T) {
	const secret = "0123456789abcdef"
	sim, err := simulator.New(simulator.Config{Installation: "main", GatewaySecret: secret})
	require.NoError(t, err)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	client, err := whmcs.New(whmcs.Config{URL: server.URL + "/", Identifier: "identifier", Secret: "secret", Installation: "main", ModuleSecret: secret})
	require.NoError(t, err)
	paid, err := sim.PlaceOrder(simulator.Order{ClientID: 7, IPv4: 2})
	require.NoError(t, err)
	unpaid, err := sim.PlaceOrder(simulator.Order{ClientID: 7, Unpaid: true})
	require.NoError(t, err)

	asked := []int{paid.Services[0].ServiceID, unpaid.Services[0].ServiceID}
	for missing := range 2 * 200 { // more than one question
		asked = append(asked, 10_000+missing)
	}
	orders, err := client.SoldOrders(t.Context(), asked, false)
	require.NoError(t, err)
	require.Len(t, orders, 2)
	require.True(t, orders[0].Due)
	require.NotEmpty(t, orders[0].PaidAt)
	require.Equal(t, "demo", orders[0].Panel)
	require.Equal(t, whmcs.StatusPending, orders[0].Status)
	var order map[string]any
	require.NoError(t, json.Unmarshal(orders[0].Order, &order))
	require.EqualValues(t, 2, order["ipv4"])
	require.Equal(t, orders[0].PaidAt, order["paid_at"])
	require.False(t, orders[1].Due)
	require.Empty(t, orders[1].PaidAt)
}
