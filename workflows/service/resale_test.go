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
	w := NewWorld(t)
	w.resale = panel.Resale{Hold: 2 * day}
	w.At(hour, api.SignalTerminate, api.Event{EventID: "t1"})
	w.Look(2*hour, func(s api.Status) {
		require.Equal(t, api.PhaseReleasing, s.Phase)
		require.Equal(t, 1, w.Count("Follow Terminated"), "WHMCS shows at once that it is over")
		require.Equal(t, api.OutcomeApplied, s.Events[0].Outcome)
	})
	w.Look(2*day, func(api.Status) { require.Zero(t, w.Count("ReturnToStock")) })
	end := w.run(Order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.WithinDuration(t, time.Date(2026, 1, 3, 13, 0, 0, 0, time.UTC), w.Now(), 5*time.Minute)
}

func TestAServerIsTestedBeforeItIsStock(t *testing.T) {
	w := NewWorld(t)
	w.resale = panel.Resale{Diagnose: true}
	w.At(hour, api.SignalTerminate, api.Event{})
	w.run(Order())
	w.requireOrder("ClearAddresses", "Follow Terminated", "Diagnose", "ReturnToStock", "Tell released")
}

func TestABrokenServerIsSetAside(t *testing.T) {
	w := NewWorld(t)
	w.resale = panel.Resale{Diagnose: true}
	w.fail["Diagnose"] = Final(edge.ErrHardware, "the diagnostics of server 5 found a hardware problem")
	w.At(hour, api.SignalTerminate, api.Event{})
	w.Look(2*hour, func(s api.Status) { require.Equal(t, api.CodeQuarantined, s.Attention.Code) })
	w.At(3*hour, api.SignalAccept, api.Event{})
	end := w.run(Order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 1, w.Count("Quarantine"))
	require.Zero(t, w.Count("ReturnToStock"))
}

func TestAServerThatBrokeIsSetAsideInsteadOfReturned(t *testing.T) {
	w := NewWorld(t)
	w.fail["ReturnToStock"] = Final(edge.ErrHardware, "the panel reports a hardware problem")
	w.At(hour, api.SignalTerminate, api.Event{})
	w.At(3*hour, api.SignalAccept, api.Event{})
	end := w.run(Order())
	require.Equal(t, api.PhaseReleased, end.Phase)
	require.Equal(t, 1, w.Count("Quarantine"))
}

func TestATestThatDoesNotBeginIsAPersonsBusiness(t *testing.T) {
	w := NewWorld(t)
	w.resale = panel.Resale{Diagnose: true}
	w.fail["Diagnose"] = Final(edge.ErrDiagnostics, "the panel shows no diagnostics")
	w.At(hour, api.SignalTerminate, api.Event{})
	w.Look(2*hour, func(s api.Status) {
		require.Equal(t, "no_diagnostics", s.Attention.Code)
		delete(w.fail, "Diagnose")
	})
	w.At(3*hour, api.SignalRetry, api.Event{})
	end := w.run(Order())
	require.Equal(t, api.PhaseReleased, end.Phase)
}
