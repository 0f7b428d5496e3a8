package service

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
)

func TestAServerRestsBeforeItIsStock(t *testing.T) {
	w := newWorld(t)
	w.resale = panel.Resale{Hold: 2 * day}
	w.at(hour, api.SignalTerminate, api.Event{EventID: "t1"})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseReleasing, s.Phase)
		require.Equal(t, 1, w.count("Follow Terminated"), "WHMCS shows at once that it is over")
		require.Equal(t, api.OutcomeApplied, s.Events[0].Outcome)
	})
	w.look(2*day, func(api.Status) { require.Zero(t, w.count("ReturnToStock")) })
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.WithinDuration(t, time.Date(2026, 1, 3, 13, 0, 0, 0, time.UTC), w.Now(), 5*time.Minute)
}

func TestAServerIsTestedBeforeItIsStock(t *testing.T) {
	w := newWorld(t)
	w.resale = panel.Resale{Diagnose: true}
	w.at(hour, api.SignalTerminate, api.Event{})
	w.run(order())
	w.requireOrder("ClearAddresses", "Follow Terminated") // beside the test, which takes no time here
	w.requireOrder("CutOff", "PowerDown", "ClearAddresses", "Diagnose", "PowerDown", "ReturnToStock", "Tell released")
}

func TestABrokenServerIsSetAside(t *testing.T) {
	w := newWorld(t)
	w.resale = panel.Resale{Diagnose: true}
	w.fail["Diagnose"] = final(edge.ErrHardware, "the diagnostics of server 5 found a hardware problem")
	w.at(hour, api.SignalTerminate, api.Event{})
	w.look(2*hour, func(s api.Status) { require.Equal(t, api.CodeQuarantined, s.Attention.Code) })
	w.at(3*hour, api.SignalAccept, api.Event{})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 1, w.count("Quarantine"))
	require.Zero(t, w.count("ReturnToStock"))
}

func TestAServerThatBrokeIsSetAsideInsteadOfReturned(t *testing.T) {
	w := newWorld(t)
	w.fail["ReturnToStock"] = final(edge.ErrHardware, "the panel reports a hardware problem")
	w.at(hour, api.SignalTerminate, api.Event{})
	w.at(3*hour, api.SignalAccept, api.Event{})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 1, w.count("Quarantine"))
}

func TestATestThatDoesNotBeginIsAPersonsBusiness(t *testing.T) {
	w := newWorld(t)
	w.resale = panel.Resale{Diagnose: true}
	w.fail["Diagnose"] = final(edge.ErrDiagnostics, "the panel shows no diagnostics")
	w.at(hour, api.SignalTerminate, api.Event{})
	w.look(2*hour, func(s api.Status) {
		require.Equal(t, "no_diagnostics", s.Attention.Code)
		delete(w.fail, "Diagnose")
	})
	w.at(3*hour, api.SignalRetry, api.Event{})
	end := w.run(order())
	require.Equal(t, api.PhaseReleased, end.Phase)
}
