package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/internal/message"
)

// TestNobodyWaitsForALook: WHMCS is down, or refuses us, when a service that serves is to look again.
func TestNobodyWaitsForALook(t *testing.T) {
	for name, fails := range map[string]bool{"it is down": false, "it refuses us": true} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.at(hour, api.SignalSuspend, "abuse")
			w.look(2*hour, func(s api.Status) {
				require.Equal(t, api.PhaseBlocked, s.Phase)
				if fails {
					w.fail["CheckOrder"] = final(edge.ErrWHMCSCredentials, "refused")
				} else {
					w.delays = map[string]time.Duration{"CheckOrder": 50 * hour}
				}
				w.SignalWorkflow(message.SignalLook, nil)
			})
			w.at(3*hour, api.SignalUnsuspend, api.Event{})
			w.look(4*hour, func(s api.Status) {
				require.Equal(t, 1, w.count("Unblock"), "%v", s.Timeline)
				require.Equal(t, api.PhaseActive, s.Phase)
			})
			w.at(5*hour, api.SignalSuspend, "abuse again")
			w.look(6*hour, func(s api.Status) {
				require.Equal(t, 2, w.count("Block"), "%v", s.Timeline)
				delete(w.fail, "CheckOrder")
				w.delays, w.found = nil, customers(true)
			})
			w.look(54*hour, func(api.Status) { w.found = customers(true) }) // those that were given up have had it
			w.at(7*hour, api.SignalRetry, api.Event{})
			w.look(60*hour, func(s api.Status) {
				require.Nil(t, s.Attention)
				require.Equal(t, "9", s.Server.ID, "it has looked again")
			})
			w.live(order(), 61*hour)
		})
	}
}
