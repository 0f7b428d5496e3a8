package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities"
)

func TestAServerRestsBeforeItIsStock(t *testing.T) {
	w := newWorld(t)
	w.resale = activities.Resale{Hold: 2 * day}
	w.at(hour, SignalTerminate, Event{EventID: "t1"})
	w.look(2*hour, func(s Status) {
		require.Equal(t, PhaseReleasing, s.Phase)
		require.Equal(t, 1, w.count("Follow Terminated"), "WHMCS shows at once that it is over")
		require.Equal(t, OutcomeApplied, s.Events[0].Outcome)
	})
	w.look(2*day, func(Status) { require.Zero(t, w.count("ReturnToStock")) })
	end := w.run(order())
	require.Equal(t, PhaseReleased, end.Phase)
	require.WithinDuration(t, time.Date(2026, 1, 3, 13, 0, 0, 0, time.UTC), w.Now(), 5*time.Minute)
}

func TestAServerIsTestedBeforeItIsStock(t *testing.T) {
	w := newWorld(t)
	w.resale = activities.Resale{Diagnose: true}
	w.at(hour, SignalTerminate, Event{})
	w.run(order())
	w.requireOrder("ClearAddresses", "Follow Terminated", "Diagnose", "ReturnToStock", "Tell released")
}

func TestABrokenServerIsSetAside(t *testing.T) {
	w := newWorld(t)
	w.resale = activities.Resale{Diagnose: true}
	w.fail["Diagnose"] = final(activities.ErrHardware, "the diagnostics of server 5 found a hardware problem")
	w.at(hour, SignalTerminate, Event{})
	w.look(2*hour, func(s Status) { require.Equal(t, codeQuarantined, s.Attention.Code) })
	w.at(3*hour, SignalAccept, Event{})
	end := w.run(order())
	require.Equal(t, PhaseReleased, end.Phase)
	require.Equal(t, 1, w.count("Quarantine"))
	require.Zero(t, w.count("ReturnToStock"))
}

func TestAServerThatBrokeIsSetAsideInsteadOfReturned(t *testing.T) {
	w := newWorld(t)
	w.fail["ReturnToStock"] = final(activities.ErrHardware, "the panel reports a hardware problem")
	w.at(hour, SignalTerminate, Event{})
	w.at(3*hour, SignalAccept, Event{})
	end := w.run(order())
	require.Equal(t, PhaseReleased, end.Phase)
	require.Equal(t, 1, w.count("Quarantine"))
}

func TestATestThatDoesNotBeginIsAPersonsBusiness(t *testing.T) {
	w := newWorld(t)
	w.resale = activities.Resale{Diagnose: true}
	w.fail["Diagnose"] = final(activities.ErrDiagnostics, "the panel shows no diagnostics")
	w.at(hour, SignalTerminate, Event{})
	w.look(2*hour, func(s Status) {
		require.Equal(t, "no_diagnostics", s.Attention.Code)
		delete(w.fail, "Diagnose")
	})
	w.at(3*hour, SignalRetry, Event{})
	end := w.run(order())
	require.Equal(t, PhaseReleased, end.Phase)
}
