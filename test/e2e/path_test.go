package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// The whole path on a real Temporal server: paid, Active, suspended and lifted
// by each of the three ways, terminated.
func TestTheWholePath(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	id := w.order(simulator.Order{IPv4: 2, IPv6: 1})
	status := w.awaitPhase(id, api.PhaseActive)
	require.Len(t, status.Server.ExtraIPs, 3)
	require.Equal(t, fmt.Sprintf("u%d", id), status.Account)
	w.requireDelivered(id, status)

	t.Run("temporal", func(t *testing.T) {
		w.temporal("workflow", "signal", "-w", fmt.Sprintf("service-%d", id), "--name", "suspend", "--input", `"abuse"`)
		w.blocked(id, true)
		w.temporal("workflow", "signal", "-w", fmt.Sprintf("service-%d", id), "--name", "unsuspend")
		w.blocked(id, false)
	})
	t.Run("gateway", func(t *testing.T) {
		code, answer := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/suspend?wait=20s", id), api.Event{Reason: "abuse", Source: "whmcs"})
		require.Equal(t, http.StatusOK, code, string(answer))
		w.blocked(id, true)
		code, answer = w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/unsuspend?wait=20s", id), api.Event{})
		require.Equal(t, http.StatusOK, code, string(answer))
		w.blocked(id, false)
	})
	t.Run("starter", func(t *testing.T) {
		out, err := w.Starter(w.ctx, "suspend", fmt.Sprint(id), "--reason", "abuse", "--wait", "20s")
		require.NoError(t, err, out)
		w.blocked(id, true)
		out, err = w.Starter(w.ctx, "unsuspend", fmt.Sprint(id), "--wait", "20s")
		require.NoError(t, err, out)
		w.blocked(id, false)
		out, err = w.Starter(w.ctx, "status", fmt.Sprint(id))
		require.NoError(t, err, out)
		require.Contains(t, out, status.Server.IP)
	})
	w.temporal("workflow", "signal", "-w", fmt.Sprintf("service-%d", id), "--name", "terminate", "--input", `"end of test"`)
	w.awaitPhase(id, api.PhaseReleased)
	w.requireReleased(id)
}

// requireDelivered checks what panel, WHMCS and customer see of an active service.
func (w *world) requireDelivered(id int, status api.Status) {
	w.t.Helper()
	service := w.whmcs().Service(id)
	require.Equal(w.t, "Active", service.Status)
	require.Equal(w.t, status.Server.IP, service.DedicatedIP)
	require.Equal(w.t, strings.Join(status.Server.ExtraIPs, "\n"), service.AssignedIPs)
	mails := w.whmcs().MailsOf(id)
	require.Len(w.t, mails, 1, "one welcome mail")
	require.Equal(w.t, status.Server.IP, mails[0].DedicatedIP, "with the right address")
	require.Equal(w.t, service.AssignedIPs, mails[0].AssignedIPs)
	for _, server := range w.panel().Servers {
		if server.ID != status.Server.ID {
			continue
		}
		require.Contains(w.t, server.Notes, fmt.Sprintf("service-%d active", id))
		require.Equal(w.t, "on", server.Power)
		for _, address := range server.Addresses {
			require.Equal(w.t, service.Domain, address.Domain)
		}
		return
	}
	w.t.Fatalf("the panel has no server %s", status.Server.ID)
}

// requireReleased checks that nothing is left of a service but its record. WHMCS is told
// when the server is back in stock, so it shows the end a moment later.
func (w *world) requireReleased(id int) {
	w.t.Helper()
	panel := w.panel()
	require.Equal(w.t, len(panel.Servers), panel.free())
	for _, server := range panel.Servers {
		require.Len(w.t, server.Addresses, 1)
		require.Equal(w.t, "off", server.Power)
	}
	recorded := func() bool { return strings.Contains(w.whmcs().Service(id).Notes, "metalease: released") }
	require.True(w.t, w.eventually(recorded), "WHMCS has no record of the release")
	w.requireTerminated(id)
}

// requireTerminated waits until WHMCS shows the end of a service.
func (w *world) requireTerminated(id int) {
	w.t.Helper()
	shown := func() bool { return w.whmcs().Service(id).Status == "Terminated" }
	require.True(w.t, w.eventually(shown), "WHMCS does not show Terminated")
}

// blocked waits until panel and WHMCS both show it.
func (w *world) blocked(id int, want bool) {
	w.t.Helper()
	phase, shown := api.PhaseActive, "Active"
	if want {
		phase, shown = api.PhaseBlocked, "Suspended"
	}
	status := w.awaitPhase(id, phase)
	for _, server := range w.panel().Servers {
		if server.ID == status.Server.ID {
			require.Equal(w.t, want, server.Disabled)
		}
	}
	require.True(w.t, w.eventually(func() bool { return w.whmcs().Service(id).Status == shown }), "WHMCS does not show %s", shown)
}

func TestExpiryGraceAndRenewal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(quick, "grace: 1h", "grace: 3s", 1))
	expired, renewed := w.order(simulator.Order{}), w.order(simulator.Order{Grace: "1h"})
	w.awaitPhase(expired, api.PhaseActive)
	w.awaitPhase(renewed, api.PhaseActive)
	w.bill(expired, "overdue")
	w.bill(renewed, "overdue")
	w.awaitPhase(renewed, api.PhaseBlocked)
	w.bill(renewed, "paid")
	w.awaitPhase(renewed, api.PhaseActive)
	w.awaitPhase(expired, api.PhaseReleased)
	w.requireTerminated(expired)
	require.Equal(t, "Active", w.whmcs().Service(renewed).Status)
	require.Len(t, w.whmcs().MailsOf(renewed), 1)
}

func TestCancelledWhileBuilding(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--install-time", "30s")
	id := w.order(simulator.Order{IPv4: 1})
	w.await(id, "installing", func(s api.Status) bool { return s.Step == api.StepInstall && s.Install != nil })
	w.bill(id, "cancel")
	w.awaitPhase(id, api.PhaseReleased)
	require.Equal(t, 30, w.panel().free())
	require.Equal(t, "Cancelled", w.whmcs().Service(id).Status)
	require.Empty(t, w.whmcs().MailsOf(id))
}

func TestManyFirstOrdersOfOneClientEndInOneAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	var placed simulator.Placed
	require.NoError(t, w.AskWHMCS(w.ctx, http.MethodPost, "/_sim/orders", simulator.Order{Services: 10}, &placed))
	for _, service := range placed.Services {
		w.awaitPhase(service.ServiceID, api.PhaseActive)
	}
	names := map[string]bool{}
	for _, service := range placed.Services {
		names[w.whmcs().Service(service.ServiceID).Username] = true
	}
	require.Len(t, names, 1)
	users := 0
	for _, user := range w.panel().Users {
		if user.Level == 16 {
			users++
		}
	}
	require.Equal(t, 1, users)
}

func TestNoFreeServerWaitsUntilARelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--servers", "1")
	first := w.order(simulator.Order{})
	w.awaitPhase(first, api.PhaseActive)
	second := w.order(simulator.Order{})
	status := w.awaitPhase(second, api.PhaseWaiting)
	require.Equal(t, 1, status.Position)
	require.True(t, w.eventually(func() bool { return strings.Contains(w.whmcs().Service(second).Notes, "no free server") }), "WHMCS is told")
	w.bill(first, "terminate")
	w.awaitPhase(second, api.PhaseActive)
	require.True(t, w.eventually(func() bool { return !strings.Contains(w.whmcs().Service(second).Notes, "no free server") }), "and it is taken back")
}
