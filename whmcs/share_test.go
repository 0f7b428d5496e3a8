package whmcs_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/whmcs"
	"metalease/whmcs/simulator"
)

// Of several processes each has its part, and all of it when it is alone again.
func TestTheShareOfOneProcess(t *testing.T) {
	billing, _ := newWHMCS(t)
	require.NoError(t, billing.Fault(simulator.Fault{Function: "WhmcsDetails", Effect: "hang"}))
	client := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.Concurrency = 4; c.Rate = 1000 })
	hanging, cancel := context.WithCancel(t.Context())
	defer cancel()
	ask := func() { _, _ = client.Version(hanging) }
	reaches := func(calls int) {
		t.Helper()
		require.Eventually(t, func() bool { return billing.State().Counters["WhmcsDetails"].Requests == calls }, 5*time.Second, time.Millisecond)
	}
	full := func() {
		t.Helper()
		soon, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(client.ModuleCreate(soon, 1)))
	}
	client.Share(t.Context(), 2)
	go ask()
	go ask()
	reaches(2)
	full()
	client.Share(t.Context(), 1)
	go ask()
	go ask()
	reaches(4)
	full()
	require.Zero(t, billing.State().Counters["ModuleCreate"].Requests)

	waits, end := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer end()
	client.Share(waits, 4)
	require.ErrorIs(t, waits.Err(), context.DeadlineExceeded, "what is under way is waited for")
	cancel()
	client.Share(t.Context(), 4)
}

func TestTheRateOfOneProcess(t *testing.T) {
	billing, _ := newWHMCS(t)
	client := clientOf(t, serverURL(t, billing), func(c *whmcs.Config) { c.Rate = 1000 })
	client.Share(t.Context(), 1_000_000)
	_, err := client.Version(t.Context())
	require.NoError(t, err)
	soon, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err = client.Version(soon)
	require.Equal(t, whmcs.KindUnavailable, whmcs.KindOf(err), "it does not fit into the time that is left")
	client.Share(t.Context(), 1)
	_, err = client.Version(t.Context())
	require.NoError(t, err)
}
