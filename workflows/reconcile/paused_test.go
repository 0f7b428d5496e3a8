package reconcile

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/drift"
	"metalease/activities/edge"
)

// TestARepairAsksAnewAfterAPause: the service has come back while the brakes were on.
func TestARepairAsksAnewAfterAPause(t *testing.T) {
	for name, comesBack := range map[string]bool{"it has come back": true, "it is still nobody's": false} {
		t.Run(name, func(t *testing.T) {
			w := newRepairWorld(t, drift.RemedyGiveBack)
			w.fail["CutOff"] = edge.Expected(edge.ErrPaused, "paused")
			w.RegisterDelayedCallback(func() {
				delete(w.fail, "CutOff")
				if comesBack {
					w.found = nil
				}
			}, 5*time.Hour)
			result, err := w.repair(drift.RemedyGiveBack)
			require.NoError(t, err)
			require.Equal(t, !comesBack, result.Done, "%s %v", result.What, w.calls)
			require.Less(t, len(w.calls), 60, "a long pause makes no long history")
			if comesBack {
				require.NotContains(t, w.calls, "PowerDown")
			}
		})
	}
}
