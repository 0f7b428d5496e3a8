package control_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/temporaltest"
	"metalease/workflows/api"
)

func TestMain(m *testing.M) { os.Exit(temporaltest.Main(m)) }

const timeout = 20 * time.Second

// scene is a namespace with a control on it.
type scene struct {
	*control.Control
	temporaltest.Server
	t *testing.T
}

func newScene(t *testing.T) scene {
	t.Helper()
	t.Parallel()
	server := temporaltest.Start(t)
	return scene{control.New(server.Client, server.Namespace, settings(72*time.Hour)).Patient(timeout / 4), server, t}
}

func settings(grace time.Duration) *config.Config {
	return &config.Config{
		Installation: "test",
		Panels:       []config.Panel{{Name: "fra1"}, {Name: temporaltest.PanelDown}},
		Defaults:     config.Defaults{InstallTimeout: 720 * time.Second, InstallAttempts: 2, Grace: grace},
		Timing:       config.Timing{PowerTimeout: 10 * time.Minute, Repeat: time.Minute, RetryCap: 30 * time.Second},
	}
}

func order(service int) api.Order {
	return api.Order{
		ServiceID: service, ClientID: 7, OrderID: 900, PaidAt: time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC),
		Panel: "fra1", Package: "E3-16G", OSTemplate: "ISPsystem__Debian-12-x86_64", Domain: "s101.example.com",
	}
}

func (s scene) start(o api.Order) {
	s.t.Helper()
	started, err := s.Start(s.t.Context(), o)
	require.NoError(s.t, err)
	require.True(s.t, started)
}

// end terminates a service and waits until its run is closed.
func (s scene) end(service int) {
	s.t.Helper()
	result, err := s.Signal(s.t.Context(), service, api.SignalTerminate, api.Event{}, timeout)
	require.NoError(s.t, err)
	require.True(s.t, result.Reached)
	s.eventually(func() bool {
		status, err := s.Status(s.t.Context(), service)
		return err == nil && status.Closed
	})
}

func (s scene) eventually(condition func() bool) {
	s.t.Helper()
	require.Eventually(s.t, condition, timeout, 50*time.Millisecond)
}

func TestReadyTellsWhetherTemporalAnswers(t *testing.T) {
	require.NoError(t, newScene(t).Ready(t.Context()))
}

func TestSettingsAreTheTimesOfTheConfiguration(t *testing.T) {
	require.Equal(t, api.Settings{
		PowerTimeout: api.Duration(10 * time.Minute), Repeat: api.Duration(time.Minute),
		RetryCap: api.Duration(30 * time.Second),
	}, control.Settings(settings(time.Hour).Timing))
}
