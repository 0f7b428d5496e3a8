package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// lostReply is a call that changes something, and whose first replies are lost.
type lostReply struct {
	what, vendor, function string
	// skip leaves calls of the function alone that do something else before.
	skip int
}

// A lost reply to each call that builds a server leads to the end state of a clean run: no
// second account, address, install or mail.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	loseReplies(t, false, []lostReply{
		{"create account", "panel", "user.edit!", 0},
		{"claim", "panel", "server.edit!", 0},
		{"mark of the install", "panel", "server.edit!", 1},
		{"handover", "panel", "server.edit!", 3},
		{"enable", "panel", "server.enable", 0},
		{"power on", "panel", "server.poweron", 0},
		{"add address", "panel", "iplist.edit!", 0},
		{"hostname", "panel", "iplist.edit!", 1},
		{"install", "panel", "server.operations!", 0},
		{"fields in WHMCS", "whmcs", "UpdateClientProduct", 0},
		{"create in WHMCS", "whmcs", "ModuleCreate", 0},
	})
}

// A lost reply to each call that takes a server back leaves as little behind as a clean run.
func TestLostRepliesOfARelease(t *testing.T) {
	t.Parallel()
	loseReplies(t, true, []lostReply{
		{"cut off", "panel", "server.edit!", 0},
		{"block", "panel", "server.disable", 0},
		{"power off", "panel", "server.poweroff", 0},
		{"delete address", "panel", "iplist.delete", 0},
		{"hostname", "panel", "iplist.edit!", 0},
		{"enable", "panel", "server.enable", 0},
		{"release", "panel", "server.edit!", 1},
		{"terminate in WHMCS", "whmcs", "ModuleTerminate", 0},
	})
}

// loseReplies builds and releases a server for each call and each way of losing it: after the
// change was made, and before. Late calls are lost once the service is active.
func loseReplies(t *testing.T, late bool, calls []lostReply) {
	w := newWorld(t, quick)
	for _, lost := range calls {
		for _, effect := range []string{"close-after", "close-before"} {
			t.Run(lost.what+" "+effect, func(t *testing.T) {
				w := w.in(t)
				installs, users := len(w.panel().Installs), len(w.panel().Users)
				if !late {
					w.lose(lost, effect)
				}
				id := w.order(simulator.Order{IPv4: 1})
				status := w.awaitLasting(id, "active", func(s api.Status) bool { return s.Phase == api.PhaseActive || s.Attention != nil })
				if lost.function == "server.operations!" && effect == "close-before" && status.Attention != nil {
					// Nobody can tell an install that was lost on its way from one that the panel has
					// not shown yet: a person looks, and retries.
					require.Equal(t, "install_unknown", status.Attention.Code)
					code, _ := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/retry", id), api.Event{})
					require.Less(t, code, 300)
				}
				status = w.awaitPhase(id, api.PhaseActive)
				require.Len(t, status.Server.ExtraIPs, 1)
				w.requireDelivered(id, status)
				require.Len(t, w.panel().Installs, installs+1)
				require.Len(t, w.panel().Users, users+1)

				if late {
					w.lose(lost, effect)
				}
				code, answer := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/terminate", id), api.Event{})
				require.Less(t, code, 300, string(answer))
				w.awaitPhase(id, api.PhaseReleased)
				w.requireReleased(id)
			})
		}
	}
}

// lose spoils a call, and undoes that at the end of the test.
func (w *world) lose(lost lostReply, effect string) {
	w.t.Helper()
	rule := map[string]any{"function": lost.function, "effect": effect, "count": 2}
	if lost.function == "server.operations!" {
		rule["count"] = 1 // each one that is lost on its way is a person's business
	}
	if lost.skip > 0 {
		rule["skip"] = lost.skip
	}
	ask := w.AskWHMCS
	if lost.vendor == "panel" {
		ask = w.AskPanel
	}
	require.NoError(w.t, ask(w.ctx, http.MethodPost, "/_sim/faults", rule, nil))
	w.t.Cleanup(func() { require.NoError(w.t, ask(w.ctx, http.MethodDelete, "/_sim/faults", nil, nil)) })
}

// A worker that is killed at any step of the path is taken over by the next one.
func TestAWorkerKilledAtEachStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	for _, step := range api.Steps {
		t.Run(string(step), func(t *testing.T) {
			w := w.in(t)
			installs := len(w.panel().Installs)
			id := w.order(simulator.Order{IPv4: 1})
			w.await(id, "at step "+string(step), func(s api.Status) bool { return s.Step == step || s.Phase == api.PhaseActive })
			w.restart()
			unknown := func(s api.Status) bool { return s.Attention != nil && s.Attention.Code == "install_unknown" }
			status := w.awaitLasting(id, "active", func(s api.Status) bool { return s.Phase == api.PhaseActive || unknown(s) })
			asked := 1
			if unknown(status) { // killed in the very instant of the request: a person has to look, and asks for another one
				asked = len(w.panel().Installs) - installs + 1
				require.LessOrEqual(t, asked, 2)
				w.starter("retry", fmt.Sprint(id), "--wait", "20s")
				status = w.awaitPhase(id, api.PhaseActive)
			}
			w.requireDelivered(id, status)
			require.Len(t, w.panel().Installs, installs+asked)

			w.bill(id, "terminate")
			w.restart()
			w.awaitPhase(id, api.PhaseReleased)
			w.requireReleased(id)
		})
	}
}

// restart kills the worker as a power cut would, and starts it again.
func (w *world) restart() {
	w.t.Helper()
	w.Worker.Kill()
	require.NoError(w.t, w.AwaitWorker(w.ctx))
}

// Signals sent while no worker runs are applied in the order in which they were sent.
func TestSignalsWhileNoWorkerRuns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	id := w.order(simulator.Order{})
	w.awaitPhase(id, api.PhaseActive)
	w.Worker.Stop()
	workflow := fmt.Sprintf("service-%d", id)
	for _, signal := range [][2]string{
		{"suspend", `"first"`}, {"unsuspend", `{"event_id":"two"}`},
		{"expire", `{"event_id":"three","due":"2026-01-01"}`}, {"renew", `{"event_id":"four","expires_at":"2026-02-01"}`},
		{"terminate", `["not an input"]`}, {"suspend", `{"event_id":"six","reason":"last"}`},
	} {
		w.temporal("workflow", "signal", "-w", workflow, "--name", signal[0], "--input", signal[1])
	}
	code, _ := w.call(http.MethodGet, "/v1/services/"+fmt.Sprint(id), nil)
	require.Equal(t, http.StatusServiceUnavailable, code, "nobody can answer, which is not the same as unknown")
	require.NoError(t, w.AwaitWorker(w.ctx))
	status := w.awaitPhase(id, api.PhaseBlocked)
	var kinds []string
	for _, event := range status.Events {
		kinds = append(kinds, event.Kind+" "+string(event.Outcome))
	}
	require.Equal(t, []string{"suspend superseded", "unsuspend applied", "expire superseded", "renew applied", "terminate ignored", "suspend applied"}, kinds)
	require.Equal(t, "last", status.Blocks[0].Reason)
	require.Len(t, status.Blocks, 1)
}

// A panel or a WHMCS that answers nonsense is retried, named, and nothing is lost.
func TestNonsenseIsWaitedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	for _, effect := range []string{"http500", "garbage", "close-before"} {
		require.NoError(t, w.AskPanel(w.ctx, http.MethodPost, "/_sim/faults", map[string]any{"effect": effect}, nil))
		id := w.order(simulator.Order{})
		require.True(t, w.eventually(func() bool {
			out, err := w.Starter(w.ctx, "status", fmt.Sprint(id))
			return err == nil && containsAny(out, "panel demo")
		}), "the trouble with the panel is not shown")
		require.NoError(t, w.AskPanel(w.ctx, http.MethodDelete, "/_sim/faults", nil, nil))
		w.awaitPhase(id, api.PhaseActive)

		require.NoError(t, w.AskWHMCS(w.ctx, http.MethodPost, "/_sim/faults", map[string]any{"effect": effect, "count": 6}, nil))
		next := w.order(simulator.Order{})
		w.awaitPhase(next, api.PhaseActive)
		require.Len(t, w.whmcs().MailsOf(next), 1)
	}
}

func TestAFailedInstallIsRetriedOnAnotherServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--fail-installs", "1")
	id := w.order(simulator.Order{InstallAttempts: 2})
	status := w.awaitPhase(id, api.PhaseActive)
	require.NotEqual(t, "1", status.Server.ID)
	for _, server := range w.panel().Servers {
		if server.ID == "1" {
			require.Contains(t, server.Notes, "quarantine")
			require.True(t, server.Disabled)
		}
	}
}

// 720 seconds, shortened: an error is shown, the server stays claimed, and the
// service goes on by itself when the install ends well after all.
func TestALateInstall(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--install-time", "6s")
	id := w.order(simulator.Order{InstallTimeout: "2s"})
	status := w.await(id, "late", func(s api.Status) bool { return s.Attention != nil })
	require.Equal(t, "install_late", status.Attention.Code)
	require.Equal(t, "Pending", w.whmcs().Service(id).Status)
	require.True(t, w.eventually(func() bool { return containsAny(w.whmcs().Service(id).Notes, "has not finished within 2s") }))
	w.awaitPhase(id, api.PhaseActive)
	require.True(t, w.eventually(func() bool { return !containsAny(w.whmcs().Service(id).Notes, "needs attention") }), "the error is taken back")
	require.Len(t, w.panel().Installs, 1)
}

func TestBadInputChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick)
	code, answer := w.call(http.MethodPost, "/v1/services", map[string]any{"service_id": 7, "ipv4": -1, "panel": "nowhere", "colour": "red"})
	require.Equal(t, http.StatusUnprocessableEntity, code)
	for _, field := range []string{"client_id", "ipv4", "panel", "package", "paid_at", "domain", "os_template"} {
		require.Contains(t, string(answer), `"`+field+`"`)
	}
	code, _ = w.call(http.MethodGet, "/v1/services/424242", nil)
	require.Equal(t, http.StatusNotFound, code)

	resp, err := http.Get(w.GatewayURL("/v1/services/1"))
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)

	out, err := w.Starter(w.ctx, "status", "424242")
	require.Error(t, err)
	require.Contains(t, out, "424242")
	id := w.order(simulator.Order{OS: "ISPsystem__No-such-OS"})
	status := w.await(id, "in need of a person", func(s api.Status) bool { return s.Attention != nil })
	require.Equal(t, "panel_refused", status.Attention.Code)
	code, answer = w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/retry", id), map[string]any{"order": map[string]any{"os_template": "ISPsystem__Debian-12-x86_64"}})
	require.Less(t, code, 300, string(answer))
	w.awaitPhase(id, api.PhaseActive)
}
