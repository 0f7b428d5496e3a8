package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/secret"
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
	stop()

	w.cfg.WHMCS.Secret, w.cfg.Worker.MetricsListen = secret.New("another-secret"), ""
	w.work()
	w.eventually(asked, "a worker with a wrong secret asks")
	require.False(t, reach.OK)
	require.Contains(t, reach.Problem, "check identifier, secret, API role")
	require.NotContains(t, reach.Problem, "another-secret")
}
