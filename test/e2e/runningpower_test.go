package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// TestPowerOfARunningServer: as the customer, awaited, once for two clicks, and refused with the reason when
// it is not the customer's to switch.
func TestPowerOfARunningServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, strings.Replace(quick, "power_timeout: 30s", "power_timeout: 9s", 1), "--log", "--servers", "3", "--power-time", "300ms")
	id, other := w.order(simulator.Order{ClientID: 70}), w.order(simulator.Order{ClientID: 71})
	w.refuses(other, api.SignalPower, powered(running.PowerOff, jane), "the server is being built")
	status := w.awaitPhase(id, api.PhaseActive)
	server, account := status.Server.ID, status.Account

	w.does(id, api.SignalPower, powered(running.PowerOff, jane))
	require.Equal(t, "off", w.server(server).Power, "the answer waits for it")
	w.does(id, api.SignalPower, powered(running.PowerOn, jane))
	require.Equal(t, "on", w.server(server).Power)
	require.Equal(t, 1, w.asked(account, "server.poweroff", server), "in the customer's session")
	require.Equal(t, 1, w.asked(account, "server.poweron", server))
	require.True(t, tells(w.status(id), "power off, asked for by client jane@example.com: applied"))
	w.does(id, api.SignalPower, powered(running.PowerOff, admin))
	require.Equal(t, 1, w.asked(stack.PanelUser, "server.poweroff", server), "staff come as the API account")
	w.temporal("workflow", "signal", "-w", api.ServiceWorkflowID(id), "--name", api.SignalPower, "--input", `{"event_id":"by-hand","action":"on"}`)
	require.Equal(t, api.OutcomeApplied, w.awaitOutcome(id, "by-hand").Outcome)
	require.Equal(t, "on", w.server(server).Power)
	w.starter("power", fmt.Sprint(id), "off", "--wait", "20s")
	require.Equal(t, "off", w.server(server).Power)
	w.does(id, api.SignalPower, powered(running.PowerOn, admin))

	w.clicksTwice(id, server, account)
	w.refusesPower(id, other)
	w.powerTroubles(id, server)
}

// clicksTwice has a customer click twice, and somebody else want something meanwhile.
func (w *world) clicksTwice(id int, server, account string) {
	w.t.Helper()
	w.fault("server.reboot", "slow", map[string]any{"delay": "3s", "count": 1})
	var clicks sync.WaitGroup
	for _, event := range []string{"click-1", "click-2"} {
		clicks.Go(func() {
			w.wants(id, api.SignalPower, api.Event{EventID: event, Action: running.PowerReboot, Actor: jane})
		})
	}
	w.await(id, "rebooting", func(s api.Status) bool { return s.Action != nil && s.Action.What == "reboot" && len(s.Events) > 1 })
	w.refuses(id, api.SignalPower, powered(running.PowerOff, admin), "reboot is under way since")
	clicks.Wait()
	for _, event := range []string{"click-1", "click-2"} {
		require.Equal(w.t, api.OutcomeApplied, w.awaitOutcome(id, event).Outcome)
	}
	require.Equal(w.t, 1, w.asked(account, "server.reboot", server), "two clicks are one reboot")
	w.mend()
}

// refusesPower asks for what is not done now; the other service is given back on the way.
func (w *world) refusesPower(id, other int) {
	w.t.Helper()
	w.send(id, api.SignalSuspend)
	w.blocked(id, true)
	before := w.asked("", "server.reboot", "")
	w.refuses(id, api.SignalPower, powered(running.PowerReboot, jane), "the server is blocked: Suspended by staff")
	w.refuses(id, api.SignalReinstall, api.Event{OSTemplate: ubuntu, Confirm: w.status(id).Server.Hostname, Actor: admin}, "the server is blocked")
	w.refuses(id, api.SignalNetwork, api.Event{State: "on", Actor: admin}, "the server is blocked")
	w.send(id, api.SignalUnsuspend)
	w.blocked(id, false)

	otherServer := w.awaitPhase(other, api.PhaseActive).Server.ID
	w.fault("server.poweroff", "http500", map[string]any{"server": otherServer})
	w.send(other, api.SignalTerminate)
	w.awaitPhase(other, api.PhaseReleasing)
	w.refuses(other, api.SignalPower, powered(running.PowerReboot, jane), "the server is being given back")
	w.mend()
	w.awaitPhase(other, api.PhaseReleased)
	require.Equal(w.t, http.StatusConflict, w.wants(other, api.SignalPower, powered(running.PowerReboot, admin)).Code)
	require.Equal(w.t, before, w.asked("", "server.reboot", ""))
}

// powerTroubles has the panel be down, lose a reply, and not do what it has accepted.
func (w *world) powerTroubles(id int, server string) {
	w.t.Helper()
	offs, ons := w.asked("", "server.poweroff", server), w.asked("", "server.poweron", server)
	w.fault("", "http500", nil)
	s := w.wantsWithin(id, api.SignalPower, api.Event{EventID: "while-down", Action: running.PowerOff, Actor: admin}, "1s")
	require.Equal(w.t, http.StatusAccepted, s.Code, "%+v", s)
	require.True(w.t, w.eventually(func() bool { return len(w.fullStatus(id).Trouble) > 0 }), "the panel's trouble is shown")
	w.mend()
	require.Equal(w.t, api.OutcomeApplied, w.awaitOutcome(id, "while-down").Outcome)
	require.Equal(w.t, "off", w.server(server).Power)
	require.Equal(w.t, offs+1, w.asked("", "server.poweroff", server))

	// Nobody waits for a wish of five minutes ago: it ends while the panel is down, and is not done when it comes back.
	w.fault("", "http500", nil)
	late := api.Moment{Time: time.Now().Add(6*time.Second - running.WishLasts)}
	w.wantsWithin(id, api.SignalPower, api.Event{EventID: "too-late", At: late, Action: running.PowerOn, Actor: admin}, "1s")
	became := w.awaitOutcome(id, "too-late")
	require.Equal(w.t, api.OutcomeIgnored, became.Outcome, became.Reason)
	w.mend()
	w.refuses(id, api.SignalPower, api.Event{At: late, Action: running.PowerOn, Actor: admin}, "ask again")
	require.Equal(w.t, "off", w.server(server).Power)
	w.does(id, api.SignalPower, powered(running.PowerOn, admin))
	require.Equal(w.t, ons+1, w.asked("", "server.poweron", server), "the one that was too late was not done")

	reboots := w.asked("", "server.reboot", server)
	w.fault("server.reboot", "close-after", map[string]any{"count": 1})
	s = w.wants(id, api.SignalPower, api.Event{EventID: "lost", Action: running.PowerReboot, Actor: admin})
	require.Less(w.t, s.Code, 300, "%+v", s)
	became = w.awaitOutcome(id, "lost")
	require.Equal(w.t, api.OutcomeFailed, became.Outcome)
	require.Contains(w.t, became.Reason, "nobody can tell whether it was rebooted")
	w.wants(id, api.SignalPower, api.Event{EventID: "lost", Action: running.PowerReboot, Actor: admin})
	require.Equal(w.t, reboots+1, w.asked("", "server.reboot", server), "it is not asked again")
	w.mend()

	w.fault("server.poweroff", "ignore", nil)
	s = w.wants(id, api.SignalPower, api.Event{EventID: "ignored", Action: running.PowerOff, Actor: admin})
	require.Less(w.t, s.Code, 300, "%+v", s)
	became = w.awaitOutcome(id, "ignored")
	require.Equal(w.t, api.OutcomeFailed, became.Outcome)
	require.Contains(w.t, became.Reason, "did not power off server "+server+" within 9s")
	require.Equal(w.t, became.Reason, w.status(id).Action.Problem)
	w.mend()
	w.does(id, api.SignalPower, powered(running.PowerOn, admin))
	require.Nil(w.t, w.status(id).Attention)
}
