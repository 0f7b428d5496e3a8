package control_test

import (
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"

	"metalease/activities/edge"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/dcim/dci5"
	panelsim "metalease/dcim/simulator"
	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/whmcs"
	billingsim "metalease/whmcs/simulator"
	"metalease/workflows"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// panelWork runs the real activities on a simulated panel, and what only they need.
func (s scene) panelWork(readOnly bool) *panelsim.Panel {
	s.t.Helper()
	return s.panelWorkWith(readOnly, panel.Resale{})
}

// panelWorkWith runs a panel whose servers come back into stock as the resale says.
func (s scene) panelWorkWith(readOnly bool, resale panel.Resale) *panelsim.Panel {
	s.t.Helper()
	sim, err := panelsim.New(panelsim.Config{Servers: 3, Packages: []string{"E3-16G"}})
	require.NoError(s.t, err)
	s.t.Cleanup(sim.Close)
	server := httptest.NewTLSServer(sim)
	s.t.Cleanup(server.Close)
	ca := filepath.Join(s.t.TempDir(), "ca.pem")
	require.NoError(s.t, os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	billing, err := billingsim.New(billingsim.Config{})
	require.NoError(s.t, err)
	billingServer := httptest.NewServer(billing)
	s.t.Cleanup(billingServer.Close)
	billingClient, err := whmcs.New(whmcs.Config{URL: billingServer.URL, Identifier: "identifier", Secret: "secret", Rate: 1000})
	require.NoError(s.t, err)
	client, err := dci5.New(dci5.Config{Name: "fra1", URL: server.URL, User: "whmcsapi", Password: "secret", CAFile: ca, Rate: 1000, ReadOnly: readOnly})
	require.NoError(s.t, err)
	acts := panel.New(panel.Options{
		Reader: panel.NewReader(client, time.Millisecond), WHMCS: billingClient, Installation: "test",
		Settle: 300 * time.Millisecond, ReleaseTimeout: 2 * time.Second, Modules: []string{"metalease"}, Resale: resale,
	})
	workflowWorker := worker.New(s.Client, api.QueueWorkflows, worker.Options{Interceptors: workflows.Interceptors()})
	workflows.Register(workflowWorker)
	workflowWorker.RegisterActivity(&engine.Messenger{Client: s.Client})
	workers := []worker.Worker{workflowWorker}
	for _, queue := range []string{fleet.PanelQueue("fra1"), fleet.WatchQueue("fra1"), fleet.UrgentQueue("fra1")} {
		w := worker.New(s.Client, queue, worker.Options{DisableWorkflowWorker: true, Interceptors: edge.Interceptors()})
		w.RegisterActivity(acts)
		workers = append(workers, w)
	}
	for _, w := range workers {
		require.NoError(s.t, w.Start())
		s.t.Cleanup(w.Stop)
	}
	return sim
}

func TestQuestionsAboutAPanel(t *testing.T) {
	s := newScene(t)
	_, err := s.Health(t.Context(), "nowhere")
	require.ErrorIs(t, err, control.ErrUnknownPanel)
	sim := s.panelWork(true)

	require.NoError(t, s.Pause(t.Context(), "fra1", "billing run", "staff"))
	health, err := s.Health(t.Context(), "fra1")
	require.NoError(t, err)
	require.True(t, health.Reachable)
	require.Equal(t, config.ModeObserve, health.Mode, "as the worker knows it")
	require.True(t, health.Paused)
	require.Equal(t, "billing run", health.PauseReason)

	packages, err := s.Packages(t.Context(), "fra1")
	require.NoError(t, err)
	require.Contains(t, packages, "E3-16G")
	templates, err := s.Templates(t.Context(), "fra1")
	require.NoError(t, err)
	require.NotEmpty(t, templates)
	marked, err := s.Marked(t.Context(), "fra1", 101)
	require.NoError(t, err)
	require.Empty(t, marked)
	found, err := s.Find(t.Context(), "2", []string{"fra1"}, control.Span{})
	require.NoError(t, err)
	require.Empty(t, found.Unseen)
	require.Len(t, found.Hits, 1)
	require.Equal(t, "2", found.Hits[0].Server.ID)

	require.NoError(t, sim.Fault(panelsim.Rule{Effect: panelsim.HTTP500}))
	health, err = s.Health(t.Context(), "fra1")
	require.NoError(t, err, "a panel that is down is an answer")
	require.False(t, health.Reachable)
	require.Equal(t, edge.ErrPanelUnavailable, health.Error.Code)
	_, err = s.Packages(t.Context(), "fra1")
	var refused *control.Refused
	require.ErrorAs(t, err, &refused)
}

func TestAnOrderForAnObservedPanelIsNotStarted(t *testing.T) {
	s := newScene(t)
	cfg := settings(time.Hour)
	cfg.Panels[0].Mode = config.ModeObserve
	_, err := control.New(s.Client, s.Namespace, cfg).Start(t.Context(), order(101))
	var observed *control.ErrObserved
	require.ErrorAs(t, err, &observed)
	require.Equal(t, "fra1", observed.Panel)
}

func TestStatusLinksToTheWebUI(t *testing.T) {
	s := newScene(t)
	s.Work(t)
	cfg := settings(time.Hour)
	cfg.Gateway.WebUI = "https://temporal.example.com/"
	s.start(order(101))
	ctl := control.New(s.Client, s.Namespace, cfg)
	want := fmt.Sprintf("https://temporal.example.com/namespaces/%s/workflows/service-101", s.Namespace)
	s.eventually(func() bool {
		status, err := ctl.Status(t.Context(), 101)
		return err == nil && status.WorkflowURL == want
	})
	s.eventually(func() bool {
		page, err := ctl.List(t.Context(), control.Filter{}, "", 10)
		return err == nil && len(page.Services) == 1 && page.Services[0].WorkflowURL == want
	})
	s.eventually(func() bool {
		found, err := ctl.Find(t.Context(), "7", nil, control.Span{})
		return err == nil && len(found.Hits) == 0
	})
}

// setAside puts server 2 into quarantine.
func (s scene) setAside(sim *panelsim.Panel) {
	s.t.Helper()
	api := ""
	for _, user := range sim.State().Users {
		if user.Name == "whmcsapi" {
			api = user.ID
		}
	}
	require.NotEmpty(s.t, api)
	_, err := sim.Administer("2", []byte(`{"owner":"`+api+`","notes":"rack note\nmetalease:test/service-9 quarantine 2026-01-05 install failed"}`))
	require.NoError(s.t, err)
}

// TestNobodyWaitsForARest: a day is too long for a command; its caller hears the date.
func TestNobodyWaitsForARest(t *testing.T) {
	s := newScene(t)
	s.setAside(s.panelWorkWith(false, panel.Resale{Hold: 24 * time.Hour}))
	for range 2 { // a second one finds the first at it
		err := s.ClearQuarantine(t.Context(), "fra1", "2", "disk replaced", "staff", time.Hour)
		require.ErrorIs(t, err, control.ErrStillClearing)
		require.Regexp(t, `the server rests until \d{4}-\d\d-\d\d \d\d:\d\d UTC before it is stock again; see workflow `, err.Error())
	}
}

func TestAServerLeavesQuarantine(t *testing.T) {
	s := newScene(t)
	sim := s.panelWork(false)
	s.setAside(sim)

	list, err := s.Quarantine(t.Context(), "fra1")
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "install failed", list[0].Reason)

	var refused *control.Refused
	require.ErrorAs(t, s.ClearQuarantine(t.Context(), "fra1", "1", "typo", "staff", timeout), &refused, "a server that is not in quarantine")
	require.NoError(t, s.ClearQuarantine(t.Context(), "fra1", "2", "disk replaced", "staff", timeout))
	list, err = s.Quarantine(t.Context(), "fra1")
	require.NoError(t, err)
	require.Empty(t, list)
	for _, server := range sim.State().Servers {
		if server.ID == "2" {
			require.Equal(t, "rack note", server.Notes)
			require.Empty(t, server.Owner)
		}
	}
	require.Empty(t, sim.Violations())
}
