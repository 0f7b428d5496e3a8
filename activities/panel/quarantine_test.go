package panel

import (
	"testing"
	"time"

	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/internal/simulated"

	"github.com/stretchr/testify/require"
)

func TestQuarantineIsListedAndInspected(t *testing.T) {
	w := newWorld(t)
	service := w.Order(7)
	target := w.claim(service)
	list, err := ask[[]Quarantined](w, w.p.QuarantineList)
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = simulated.Run[Target](w, w.p.InspectQuarantine, "1")
	simulated.RequireType(t, err, edge.ErrOwnership, false)

	require.NoError(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: target, Reason: "install failed"}))
	list, err = ask[[]Quarantined](w, w.p.QuarantineList)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "1", list[0].ID)
	require.Equal(t, service.ID, list[0].ServiceID)
	require.Equal(t, "install failed", list[0].Reason)
	require.WithinDuration(t, time.Now(), list[0].Since, 48*time.Hour)

	found, err := simulated.Run[Target](w, w.p.InspectQuarantine, "1")
	require.NoError(t, err)
	require.Equal(t, target, found)
}

func TestAServerThatSomebodyHoldsLeavesNoQuarantine(t *testing.T) {
	for name, change := range map[string]map[string]any{
		"two marks":       {"notes": "metalease:main/service-1 quarantine a\nmetalease:main/service-2 quarantine b"},
		"no mark":         {"notes": "by hand"},
		"another's mark":  {"notes": "metalease:shop/service-1 quarantine a"},
		"another state":   {"notes": "metalease:main/service-1 active"},
		"another's owner": {"notes": "metalease:main/service-1 quarantine a", "owner": ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			require.NoError(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: w.claim(w.Order(7)), Reason: "bad"}))
			w.Administer("1", change)
			_, err := simulated.Run[Target](w, w.p.InspectQuarantine, "1")
			simulated.RequireType(t, err, edge.ErrOwnership, false)
		})
	}
}

// TestAServerOfAPayerIsNotSetAside: it did not power off, and WHMCS was corrected meanwhile.
func TestAServerOfAPayerIsNotSetAside(t *testing.T) {
	w := newWorld(t)
	b := w.handOver(w.Order(7))
	require.NoError(t, simulated.Do(w, w.p.CutOff, b.Target))
	due := b.Target
	due.ForExpiry = true
	simulated.RequireType(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: due, Reason: "it does not power off"}), edge.ErrNotDue, false)
	require.Contains(t, w.Server("1").Notes, holding.StateReleasing)
	require.NoError(t, simulated.Do(w, w.p.Quarantine, QuarantineInput{Target: b.Target, Reason: "it does not power off"}))
	require.Contains(t, w.Server("1").Notes, holding.StateQuarantine)
}

func TestQuarantineDetailWithoutADay(t *testing.T) {
	since, reason := quarantineDetail(holding.Mark{Installation: "main", ServiceID: 1, State: "quarantine smoke"})
	require.Zero(t, since)
	require.Equal(t, "smoke", reason)
}
