package server

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/secret"
	billingsim "metalease/whmcs/simulator"
)

// Test Connection of the module asks this: who is to blame must be right.
func TestTheWayBackToWHMCS(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	ctl := control.New(w.Client, w.Namespace, w.cfg)
	began := time.Now()
	worker, reach, err := ctl.Check(t.Context())
	require.NoError(t, err)
	require.False(t, worker)
	require.False(t, reach.OK)
	require.Equal(t, "not asked: no worker answers", reach.Problem)
	require.Less(t, time.Since(began), 15*time.Second, "a person waits")

	asked := func() bool { // a worker that has just started needs a moment
		worker, reach, err = ctl.Check(t.Context())
		require.NoError(t, err)
		return worker
	}
	stop := w.work()
	w.eventually(asked, "a worker asks WHMCS")
	require.True(t, reach.OK, reach.Problem)
	require.Nil(t, reach.Worst)
	stop()

	w.cfg.WHMCS.Secret, w.cfg.Worker.MetricsListen = secret.New("another-secret"), ""
	w.work()
	w.eventually(asked, "a worker with a wrong secret asks")
	require.False(t, reach.OK)
	require.Contains(t, reach.Problem, "check identifier, secret, API role")
	require.NotContains(t, reach.Problem, "another-secret")
}

// TestTheWorstLineOfTheTable: what Test Connection shows is a line of starter whmcs check.
func TestTheWorstLineOfTheTable(t *testing.T) {
	for denied, fact := range map[string]string{"": "", "ModuleSuspend": "the API role allows ModuleSuspend"} {
		billing, err := billingsim.New(billingsim.Config{Installation: "test", GatewaySecret: moduleSecret, Panel: "fra1", Denied: []string{denied}})
		require.NoError(t, err)
		server := httptest.NewServer(billing)
		defer server.Close()
		cfg := &config.Config{Installation: "test", Panels: []config.Panel{{Name: "fra1"}}}
		cfg.WHMCS.URL, cfg.WHMCS.Identifier, cfg.WHMCS.Secret, cfg.Gateway.Secret = server.URL, "identifier", secret.New("secret"), secret.New(moduleSecret)
		cfg.WHMCS.Rate = 1000
		client, err := newWHMCS(cfg, nil)
		require.NoError(t, err)
		worst := look(cfg, client)(t.Context())
		if fact == "" {
			require.Nil(t, worst)
			continue
		}
		require.Equal(t, fact, worst.Fact)
		require.Contains(t, worst.Means, "API Roles")
	}
}
