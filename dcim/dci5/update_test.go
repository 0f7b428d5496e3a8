package dci5_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
	"metalease/dcim/dci5"
	"metalease/dcim/simulator"
)

func oneOfEachClass(c *dci5.Config) { c.Concurrency, c.UrgentShare = 2, 0.5 }

// TestUpdateTakesOneTurn: nobody's call comes between a read and its write.
func TestUpdateTakesOneTurn(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 2}, oneOfEachClass)
	other := make(chan error, 1)
	api, err := s.Self(t.Context())
	require.NoError(t, err)
	err = s.Update(t.Context(), "1", func(dcim.Record) (dcim.Change, error) {
		go func() {
			_, err := s.Servers(t.Context())
			other <- err
		}()
		return dcim.Assign(api, "ours"), nil
	})
	require.NoError(t, err)
	require.NoError(t, <-other)
	state := s.State()
	require.Equal(t, api.ID, state.Servers[0].Owner)
	require.Equal(t, "ours", state.Servers[0].Notes)
}

func TestUpdateEndsWithItsCaller(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 1}, oneOfEachClass)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, save(ctx, s, "1", "3", ""), context.Canceled)
	_, err := s.Servers(t.Context())
	require.NoError(t, err, "and gives its turn back")
}

// TestUpdateDecides: nothing is sent when there is nothing to change, or a reason not to.
func TestUpdateDecides(t *testing.T) {
	s := simulate(t, simulator.Config{Servers: 1}, oneOfEachClass)
	stop := errors.New("it is somebody's")
	for _, want := range []error{nil, stop} {
		for range 3 { // each gives its turn back
			err := s.Update(t.Context(), "1", func(dcim.Record) (dcim.Change, error) { return dcim.Change{}, want })
			require.Equal(t, want, err)
		}
	}
	require.Equal(t, 6, s.State().Functions["server.edit"].Requests, "only reads")
}

// TestAFailedReadIsNoDoubt: an update whose read fails has sent nothing, and says so, whatever
// came back.
func TestAFailedReadIsNoDoubt(t *testing.T) {
	for _, effect := range []simulator.Effect{simulator.HTTP500, simulator.Garbage, simulator.CloseBefore, simulator.CloseAfter, simulator.Error} {
		s := simulate(t, simulator.Config{Servers: 1})
		require.NoError(t, s.Fault(simulator.Rule{Function: "server.edit", Effect: effect, Count: 1}))
		err := save(t.Context(), s, "1", "3", "")
		require.Error(t, err)
		require.False(t, dcim.Uncertain(err), "%s: %v", effect, err)
		require.False(t, dcim.Refused(err), "%s: %v", effect, err)

		s.ClearFaults()
		require.NoError(t, s.Fault(simulator.Rule{Function: "server.edit!", Effect: effect, Count: 1}))
		err = save(t.Context(), s, "1", "3", "")
		require.Equal(t, effect != simulator.Error, dcim.Uncertain(err), "%s: %v", effect, err)
		require.Equal(t, effect == simulator.Error, dcim.Refused(err), "%s: %v", effect, err)
	}
}
