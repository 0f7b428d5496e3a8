package service

import (
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/workflows/api"
)

// TestAnEndedOrderIsEndedInWHMCSToo: the engine forgets closed workflows after a while, and WHMCS has
// each paid order built that it shows as Pending.
func TestAnEndedOrderIsEndedInWHMCSToo(t *testing.T) {
	for name, prepare := range map[string]func(*world){
		"waiting":       func(w *world) { w.servers = nil },
		"with a server": func(w *world) { w.fail["PowerUp"] = final(edge.ErrPower, "no power") },
		"attention":     func(w *world) { w.fail["CheckOrder"] = final(edge.ErrWHMCSCredentials, "refused") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			prepare(w)
			end := w.live(order(), hour)
			require.Equal(t, api.PhaseReleased, end.Phase)
			require.Equal(t, 1, w.count("Follow Cancelled"), "%v", w.done())
			require.Zero(t, w.count("Follow Terminated"))
			require.NotEmpty(t, w.notes[len(w.notes)-1].Record+w.notes[len(w.notes)-2].Record, "and why")
		})
	}

	// WHMCS has ended it itself: nothing is written over that.
	w := newWorld(t)
	w.view = &billing.OrderView{Status: "Fraud", ClientID: 7, NotPending: "service 101 is Fraud in WHMCS", Ended: true}
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Zero(t, w.count("Follow Cancelled"))

	// A server that its customer had is released, and WHMCS shows that.
	w = newWorld(t)
	w.live(order(), hour)
	require.Equal(t, 1, w.count("Follow Terminated"))
	require.Zero(t, w.count("Follow Cancelled"))
}
