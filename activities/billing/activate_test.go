package billing

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/internal/simulated"
	billingsim "metalease/whmcs/simulator"
)

// TestAnOutageOfWHMCSIsNoRefusal: however long it lasts, no person is needed for the order. What
// WHMCS refuses for long is a person's business.
func TestAnOutageOfWHMCSIsNoRefusal(t *testing.T) {
	w := newWorld(t)
	w.Attempts()
	service := w.Order(7)
	in := Activation{ServiceRef: ServiceRef{ServiceID: service.ID, ClientID: 7}, Patience: time.Hour}
	ends := func(effect, kind string, retried bool) {
		t.Helper()
		w.Billing.ClearFaults()
		require.NoError(t, w.Billing.Fault(billingsim.Fault{Function: "ModuleCreate", Effect: effect, Message: "no connection to the gateway"}))
		simulated.RequireType(t, simulated.Do(w, w.w.Activate, in), kind, retried)
	}
	refusedAnHourAgo := func() { w.Env.SetHeartbeatDetails(map[string]any{refused: time.Now().Add(-time.Hour)}) }

	ends("error", edge.ErrWHMCSRefused, true)
	refusedAnHourAgo()
	ends("error", edge.ErrWHMCSRefused, false)

	refusedAnHourAgo()
	ends("http500", edge.ErrWHMCSUnavailable, true)
	ends("error", edge.ErrWHMCSRefused, true)
	w.Billing.ClearFaults()
	require.NoError(t, simulated.Do(w, w.w.Activate, in))
}
