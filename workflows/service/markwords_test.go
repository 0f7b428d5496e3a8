package service

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/workflows/api"
)

// TestStaffHearOfEditedNotes, once each time, and nothing waits for them.
func TestStaffHearOfEditedNotes(t *testing.T) {
	w := newWorld(t)
	w.markLost = true
	w.at(hour, api.SignalSuspend, "abuse")
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Nil(t, s.Attention)
		require.Equal(t, []string{api.CodeMarkLost}, w.heard())
	})
	w.at(3*hour, api.SignalUnsuspend, nil)
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Len(t, w.heard(), 2)
	})
	end := w.live(order(), 5*hour)
	require.Equal(t, api.PhaseReleased, end.Phase, "nobody has to see it first")
	require.Len(t, w.heard(), 3, "the release has told it too")
}
