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
	w := NewWorld(t)
	w.Servers = nil
	asked := 0
	w.Look(3*time.Hour, func(s api.Status) {
		require.Equal(t, api.PhaseWaiting, s.Phase)
		asked = w.Count("Tell request")
	})
	w.At(3*time.Hour+time.Second, message.SignalAskAgain, nil)
	w.Look(3*time.Hour+2*time.Second, func(api.Status) { require.Equal(t, asked+1, w.Count("Tell request")) })
	w.Live(Order(), 4*time.Hour)
}
