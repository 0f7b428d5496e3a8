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
	w := newWorld(t)
	w.takes = 30 * time.Minute // late, and then well
	w.look(20*time.Minute, func(s api.Status) { require.Equal(t, api.CodeInstallLate, s.Attention.Code) })
	w.live(order(), hour)
	require.Equal(t, []string{api.CodeInstallLate, api.CodeInstallLate + " over"}, w.heard())
	require.Equal(t, 41, w.said[1].Ticket, "the end is told where the beginning was")
	require.Equal(t, w.said[0].Message, w.said[1].Message)
}

func TestStaffHearOfEachCause(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"Block": true}
	w.fail["Unblock"] = final(edge.ErrOwnership, "somebody else's")
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.at(2*hour, api.SignalRetry, api.Event{})
	w.at(3*hour, api.SignalUnsuspend, api.Event{})
	w.look(4*hour, func(s api.Status) { require.Equal(t, "ownership_lost", s.Attention.Code) })
	w.live(order(), 5*hour)
	require.Equal(t, []string{api.CodeLimit, api.CodeLimit + " over", "ownership_lost", "ownership_lost over"}, w.heard())
}

func TestStaffHearOfAWaitOfAnHour(t *testing.T) {
	w := newWorld(t)
	w.servers = nil
	w.look(59*time.Minute, func(api.Status) { require.Empty(t, w.heard()) })
	w.look(62*time.Minute, func(s api.Status) {
		require.Equal(t, api.PhaseWaiting, s.Phase)
		require.Nil(t, s.Attention, "it goes on by itself")
		require.Equal(t, []string{api.CodeLongWait}, w.heard())
	})
	w.look(5*hour, func(api.Status) { w.servers = []string{"5"} })
	w.live(order(), 10*hour)
	require.Equal(t, []string{api.CodeLongWait, api.CodeLongWait + " over"}, w.heard())
	require.Equal(t, 1, w.count("HandOver"))
}

func TestAServiceGoesOnWhenStaffCannotBeTold(t *testing.T) {
	w := newWorld(t)
	w.takes = 30 * time.Minute
	w.fail["Announce"] = final(edge.ErrWHMCSRefused, "no such department")
	w.look(40*time.Minute, func(s api.Status) { require.Equal(t, api.PhaseActive, s.Phase) })
	w.live(order(), hour)
}

func TestAnnouncementsAreRepeatedWhileWHMCSIsDown(t *testing.T) {
	w := newWorld(t)
	w.takes = 30 * time.Minute
	w.fail["Announce"] = errors.New("connection refused")
	w.look(20*time.Minute, func(api.Status) {
		require.Greater(t, len(w.heard()), 1)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.fail["Announce"] = nil
	})
	w.live(order(), hour)
	require.Equal(t, api.CodeInstallLate+" over", w.heard()[len(w.heard())-1])
}
