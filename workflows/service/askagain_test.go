package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
)

// TestAWaitingServiceAsksANewAllocatorAtOnce: its own next repeat may be half an hour away.
func TestAWaitingServiceAsksANewAllocatorAtOnce(t *testing.T) {
	w := newWorld(t)
	w.servers = nil
	asked := 0
	w.look(3*time.Hour, func(s api.Status) {
		require.Equal(t, api.PhaseWaiting, s.Phase)
		asked = w.count("Tell request")
	})
	w.at(3*time.Hour+time.Second, message.SignalAskAgain, nil)
	w.look(3*time.Hour+2*time.Second, func(api.Status) { require.Equal(t, asked+1, w.count("Tell request")) })
	w.live(order(), 4*time.Hour)
	for i, request := range w.requests {
		require.Equal(t, i > 0, request.Again, "an allocator that was lost may have answered any but the first")
	}
}

// TestWhoAsksForAnotherServerAsksAgain, and so does who was reset: the first request is that of an order that never had one.
func TestWhoAsksForAnotherServerAsksAgain(t *testing.T) {
	t.Run("another server", func(t *testing.T) {
		w := newWorld(t)
		w.fail["StartInstall"] = final(edge.ErrInstallUnknown, "the reply was lost")
		w.at(2*time.Hour, api.SignalRetry, api.Event{Replace: true})
		w.live(order(), 4*time.Hour)
		require.Len(t, w.requests, 2)
		require.Equal(t, []bool{false, true}, []bool{w.requests[0].Again, w.requests[1].Again})
		require.Equal(t, 2, w.requests[1].Ask)
	})
	t.Run("a reset", func(t *testing.T) {
		w, s := newWorld(t), remembered(api.PhasePending)
		s.Server, s.Life.Step = nil, api.StepAccount
		w.again(s, 2*time.Hour)
		require.NotEmpty(t, w.requests)
		require.True(t, w.requests[0].Again)
	})
}
