package server

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/config"
	"metalease/internal/control"
	"metalease/internal/secret"
	"metalease/internal/signing"
	"metalease/workflows/api"
)

func TestAWorkerOrGatewayOfAnotherInstallationRefusesToStart(t *testing.T) {
	w := newWorld(t, config.ModeManage)
	ready := func() bool { return strings.Contains(w.metrics(), "temporal_worker_task_slots_available") }
	stop := w.work()
	w.eventually(ready, "a worker claims the namespace")
	stop()
	w.work()
	w.eventually(ready, "and starts again")

	staging := *w.cfg
	staging.Installation = "staging"
	staging.Gateway.Listen, staging.Worker.MetricsListen = "127.0.0.1:0", ""
	ctx, cancel := context.WithTimeout(t.Context(), testTimeout)
	defer cancel()
	for _, err := range []error{Worker(ctx, &staging), Gateway(ctx, &staging)} {
		require.ErrorAs(t, err, new(*control.OtherInstallation))
		require.ErrorContains(t, err, `belongs to the installation "test", and the configuration says "staging"`)
	}
}

const gatewaySecret = "a-secret-of-the-gateway"

// gateway runs a gateway until the test ends.
func (h *host) gateway() (url string) {
	h.t.Helper()
	cfg := *h.cfg
	cfg.Gateway.Listen, cfg.Gateway.Secret = free(h.t), secret.New(gatewaySecret)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Gateway(ctx, &cfg) }()
	h.t.Cleanup(func() { cancel(); require.NoError(h.t, <-done) })
	url = "http://" + cfg.Gateway.Listen
	h.eventually(func() bool {
		answer, err := http.Get(url + "/readyz")
		if err != nil {
			return false
		}
		require.NoError(h.t, answer.Body.Close())
		return answer.StatusCode == http.StatusNoContent
	}, "the gateway is ready")
	return url
}

// calls sends a call as the module of the WHMCS with that System URL does.
func (h *host) calls(system, method, url, body string) (code int) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), method, url, bytes.NewBufferString(body))
	require.NoError(h.t, err)
	req.Header.Set(signing.HeaderSystem, system)
	signing.Sign(req, []byte(body), h.cfg.Installation, gatewaySecret, time.Now())
	answer, err := http.DefaultClient.Do(req)
	require.NoError(h.t, err)
	require.NoError(h.t, answer.Body.Close())
	return answer.StatusCode
}

// A copy of the database carries secret, name and service ids, and its cron releases what is overdue there.
func TestACopyOfAWHMCSReleasesNoServer(t *testing.T) {
	h := newHost(t)
	service, server := h.serve()
	url := h.gateway()
	path := fmt.Sprintf("%s/v1/services/%d", url, service)
	require.Equal(t, http.StatusOK, h.calls("https://billing.example.com/", "GET", path, ""))

	for _, signal := range []string{api.SignalTerminate, api.SignalExpire, api.SignalSuspend} {
		require.Equal(t, http.StatusForbidden, h.calls("https://staging.example.com/", "POST", path+"/"+signal, "{}"), signal)
	}
	status, err := h.Status(t.Context(), service)
	require.NoError(t, err)
	require.Equal(t, api.PhaseActive, status.Phase)
	require.Empty(t, status.Events)
	require.False(t, h.server(server).Disabled)
	require.Contains(t, h.server(server).Notes, fmt.Sprintf("service-%d", service))

	require.NoError(t, h.MoveSystem(t.Context(), "https://new.example.com/"))
	require.Equal(t, http.StatusOK, h.calls("https://new.example.com/", "POST", path+"/terminate?wait=20s", "{}"))
	h.reaches(service, api.PhaseReleased, "")
}
