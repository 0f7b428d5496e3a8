package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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
}
