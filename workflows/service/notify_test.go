package service

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

// heard is what staff were told: the code, and whether it is over.
func (w *world) heard() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []string
	for _, said := range w.said {
		word := said.Code
		if said.Over {
			word += " over"
		}
		list = append(list, word)
	}
	return list
}

func TestStaffHearOnceOfACauseAndOnceOfItsEnd(t *testing.T) {
	w := NewWorld(t)
	w.takes = 30 * time.Minute // late, and then well
	w.Look(20*time.Minute, func(s api.Status) { require.Equal(t, api.CodeInstallLate, s.Attention.Code) })
	w.Live(Order(), hour)
	require.Equal(t, []string{api.CodeInstallLate, api.CodeInstallLate + " over"}, w.heard())
	require.Equal(t, 41, w.said[1].Ticket, "the end is told where the beginning was")
	require.Equal(t, w.said[0].Message, w.said[1].Message)
}

func TestStaffHearOfEachCause(t *testing.T) {
	w := NewWorld(t)
	w.limited = map[string]bool{"Block": true}
	w.fail["Unblock"] = Final(edge.ErrOwnership, "somebody else's")
	w.At(hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.At(2*hour, api.SignalRetry, api.Event{})
	w.At(3*hour, api.SignalUnsuspend, api.Event{})
	w.Look(4*hour, func(s api.Status) { require.Equal(t, "ownership_lost", s.Attention.Code) })
	w.Live(Order(), 5*hour)
	require.Equal(t, []string{api.CodeLimit, api.CodeLimit + " over", "ownership_lost", "ownership_lost over"}, w.heard())
}

func TestStaffHearOfAWaitOfAnHour(t *testing.T) {
	w := NewWorld(t)
	w.Servers = nil
	w.Look(59*time.Minute, func(api.Status) { require.Empty(t, w.heard()) })
	w.Look(62*time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseWaiting, s.Phase)
		require.Nil(t, s.Attention, "it goes on by itself")
		require.Equal(t, []string{codeLongWait}, w.heard())
	})
	w.Look(5*hour, func(api.Status) { w.Servers = []string{"5"} })
	w.Live(Order(), 10*hour)
	require.Equal(t, []string{codeLongWait, codeLongWait + " over"}, w.heard())
	require.Equal(t, 1, w.Count("HandOver"))
}

func TestAServiceGoesOnWhenStaffCannotBeTold(t *testing.T) {
	w := NewWorld(t)
	w.takes = 30 * time.Minute
	w.fail["Announce"] = Final(edge.ErrWHMCSRefused, "no such department")
	w.Look(40*time.Minute, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.Live(Order(), hour)
}

func TestAnnouncementsAreRepeatedWhileWHMCSIsDown(t *testing.T) {
	w := NewWorld(t)
	w.takes = 30 * time.Minute
	w.fail["Announce"] = errors.New("connection refused")
	w.Look(20*time.Minute, func(api.Status) {
		require.Greater(t, len(w.heard()), 1)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.fail["Announce"] = nil
	})
	w.Live(Order(), hour)
	require.Equal(t, api.CodeInstallLate+" over", w.heard()[len(w.heard())-1])
}
