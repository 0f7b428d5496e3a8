package whmcs_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/lanes"
	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// Of several processes each has its part, and all of it when it is alone again. What is urgent has a part of its own.
func TestTheShareOfOneProcess(t *testing.T) {
	billing, _ := newWHMCS(t)
	require.NoError(t, billing.Fault(simulator.Fault{Function: "WhmcsDetails", Effect: "hang"}))
	client := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.Concurrency = 8; c.Rate = 1000 })
	hanging, cancel := context.WithCancel(t.Context())
	defer cancel()
	hang := func(calls, inAll int) {
		t.Helper()
		for range calls {
			go func() { _, _ = client.Version(hanging) }()
		}
		require.Eventually(t, func() bool { return billing.State().Counters["WhmcsDetails"].Requests == inAll }, 5*time.Second, time.Millisecond)
		soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(client.ModuleCreate(soon, 1)), "no more at a time")
		_, err := client.ClientServices(lanes.Urgent(t.Context()), 1)
		require.NoError(t, err, "what is urgent waits for none of them")
	}
	client.Share(2)
	hang(3, 3)
	client.Share(1)
	hang(3, 6)
	require.Zero(t, billing.State().Counters["ModuleCreate"].Requests)
}

// TestOneCallAtATimeIsOne: what is urgent goes next, and not beside the one that runs.
func TestOneCallAtATimeIsOne(t *testing.T) {
	billing, _ := newWHMCS(t)
	require.NoError(t, billing.Fault(simulator.Fault{Function: "WhmcsDetails", Effect: "hang"}))
	client := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.Concurrency = 1 })
	hanging, cancel := context.WithCancel(t.Context())
	go func() { _, _ = client.Version(hanging) }()
	require.Eventually(t, func() bool { return billing.State().Counters["WhmcsDetails"].Requests == 1 }, 5*time.Second, time.Millisecond)
	soon, end := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer end()
	_, err := client.ClientServices(lanes.Urgent(soon), 1)
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(err))
	require.Zero(t, billing.State().Counters["GetClientsProducts"].Requests)
	cancel()
	_, err = client.ClientServices(lanes.Urgent(t.Context()), 1)
	require.NoError(t, err)
}

func TestTheRateOfOneProcess(t *testing.T) {
	billing, _ := newWHMCS(t)
	client := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.Rate = 1000 })
	client.Share(1_000_000)
	_, err := client.Version(t.Context())
	require.NoError(t, err)
	soon, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = client.Version(soon)
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(err), "it does not fit into the time that is left")
	client.Share(1)
	_, err = client.Version(t.Context())
	require.NoError(t, err)
}
