package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/workflows/api"
)

// TestWhoKeepsAServiceDoesNotBlockIt: the limit's hour is over when staff say that they have seen it.
func TestWhoKeepsAServiceDoesNotBlockIt(t *testing.T) {
	w := newWorld(t)
	w.limited = map[string]bool{"Block": true}
	w.at(hour, api.SignalSuspend, api.Event{Reason: "abuse"})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.CodeLimit, s.Attention.Code)
		w.limited = nil
	})
	w.at(9*hour, api.SignalAccept, api.Event{})
	w.look(10*hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase, "blocked by the word that keeps it")
		require.Equal(t, api.OutcomeApplied, s.Events[1].Outcome)
	})
	w.at(11*hour, api.SignalRetry, api.Event{})
	w.look(12*hour, func(s api.Status) { require.Equal(t, api.PhaseBlocked, s.Phase) })
	w.live(order(), 13*hour)
}

// TestACorrectionThatMeetsTheServer: the grant for the old package comes in the same moment.
func TestACorrectionThatMeetsTheServer(t *testing.T) {
	w := newWorld(t)
	o := order()
	o.Package = "E3-16GB"
	said := false
	w.when = map[string]func(){"grant": func() {
		if !said {
			said = true
			w.SignalWorkflow(api.SignalRetry, map[string]any{"order": map[string]any{"package": "E3-16G"}})
		}
	}}
	w.look(hour, func(s api.Status) {
		require.Equal(t, api.PhaseActive, s.Phase)
		require.Equal(t, "E3-16G", s.Order.Package)
		require.Equal(t, "6", s.Server.ID, "the first one was granted for the other package")
	})
	w.live(o, 2*hour)
	require.Equal(t, 1, w.count("ReturnClaim"))
}

// TestATerminateAfterAFailedUndoingEnds: somebody paid, the server cannot be given back, and a
// person ends it all the same.
func TestATerminateAfterAFailedUndoingEnds(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"CutOff": 5 * hour}
	w.fail["Restore"] = final(edge.ErrOwnership, "no mark")
	w.expiring(3 * hour)
	w.look(4*hour, func(s api.Status) {
		require.Equal(t, "ownership_lost", s.Attention.Code)
		w.delays = nil
	})
	w.at(5*hour, api.SignalTerminate, api.Event{})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Less(t, w.count("Restore"), 3)
}

// TestAHoldGivesBackACutOffServer: nothing is deleted yet.
func TestAHoldGivesBackACutOffServer(t *testing.T) {
	w := newWorld(t)
	w.delays = map[string]time.Duration{"PowerDown": 10 * hour}
	w.expiring(0)
	w.at(4*hour, api.SignalHold, api.Event{Reason: "legal case"})
	w.look(5*hour, func(s api.Status) {
		require.Equal(t, api.PhaseBlocked, s.Phase)
		require.Equal(t, 1, w.count("Restore"))
		w.delays = nil
	})
	end := w.live(order(), 2*day)
	require.Equal(t, endOfTest, lastRelease(end))
}
