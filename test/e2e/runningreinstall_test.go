package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// TestReinstallOfARunningServer: the customer's data is lost and nothing else, whatever happens meanwhile.
func TestReinstallOfARunningServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--log", "--servers", "5", "--install-time", "5s")
	var ids []int
	for client := range 4 {
		ids = append(ids, w.order(simulator.Order{ClientID: 70 + client, IPv4: 1}))
	}
	for _, id := range ids {
		w.awaitPhase(id, api.PhaseActive)
	}
	w.secrets = w.servicePasswords() // WHMCS forgets them
	t.Run("unpaid and paid", func(t *testing.T) { w.in(t).reinstalledWhileBlocked(ids[1]) })
	t.Run("terminated", func(t *testing.T) { w.in(t).reinstalledUntilTerminated(ids[2]) })
	t.Run("failed", func(t *testing.T) { w.in(t).reinstalledAgain(ids[3]) })
	// Last: for a while after it nobody may answer for the other services.
	t.Run("worker killed", func(t *testing.T) { w.in(t).reinstalledThroughACrash(ids[0]) })
}

// reinstalled is what a customer asks for, who has typed the host name.
func (w *world) reinstalled(id int) api.Event {
	w.t.Helper()
	return api.Event{EventID: fmt.Sprint("reinstall-", id), OSTemplate: ubuntu, Confirm: w.awaitPhase(id, api.PhaseActive).Server.Hostname, Actor: jane}
}

// typed leaves a root password for the next reinstall, as a customer types it in WHMCS.
func (w *world) typed(id int, password string) {
	w.t.Helper()
	require.NoError(w.t, w.AskWHMCS(w.ctx, http.MethodPost, fmt.Sprintf("/_sim/services/%d/root-password", id), map[string]any{"password": password}, nil))
}

// installsOf are those of one server.
func (w *world) installsOf(server string) []install {
	w.t.Helper()
	var of []install
	for _, i := range w.panel().Installs {
		if i.Server == server {
			of = append(of, i)
		}
	}
	return of
}

func installed(s api.Status) bool { return s.Install != nil && !s.Install.FinishedAt.IsZero() }

func (w *world) reinstalledThroughACrash(id int) {
	const password = "Typed-by-jane-4711"
	before := w.awaitPhase(id, api.PhaseActive)
	machine := w.server(before.Server.ID)
	event := w.reinstalled(id)

	code, answer := w.call(http.MethodPost, fmt.Sprintf("/v1/services/%d/reinstall", id), api.Event{OSTemplate: ubuntu, Actor: jane})
	require.Equal(w.t, http.StatusUnprocessableEntity, code, string(answer))
	require.Contains(w.t, string(answer), `"confirm"`)
	w.refuses(id, api.SignalReinstall, api.Event{OSTemplate: ubuntu, Confirm: "s1.example.org", Actor: jane}, "confirm must be "+before.Server.Hostname)
	require.Len(w.t, w.installsOf(machine.ID), 1)

	w.typed(id, password)
	w.does(id, api.SignalReinstall, event)
	w.does(id, api.SignalReinstall, event) // the same call once more
	w.refuses(id, api.SignalPower, powered("off", jane), "reinstall with "+ubuntu+" is under way")
	w.restart()
	after := w.await(id, "installed", installed)

	installs := w.installsOf(machine.ID)
	require.Len(w.t, installs, 2)
	require.Equal(w.t, install{Server: machine.ID, Template: ubuntu, Password: password, By: before.Account, Mark: installs[1].Mark}, installs[1], "as the customer")
	require.Equal(w.t, api.PhaseActive, after.Phase)
	require.Nil(w.t, after.Attention)
	require.Empty(w.t, after.Action.Problem)
	require.Equal(w.t, ubuntu, after.Order.OSTemplate)
	require.Equal(w.t, before.Server, after.Server)
	is := w.server(machine.ID)
	require.Equal(w.t, machine.Owner, is.Owner)
	require.Equal(w.t, machine.Addresses, is.Addresses)
	require.Equal(w.t, machine.Notes, is.Notes, "its mark is as before")
	require.True(w.t, w.eventually(func() bool { return tells(w.status(id), "the new root password is the service's in WHMCS") }))
	require.Contains(w.t, w.servicePasswords(), password)
	w.requireDelivered(id, after)
}

// holdInstall has the install of a server go on until endInstall.
func (w *world) holdInstall(server string) {
	w.byHand(server, map[string]any{"install_in_progress": true})
}

func (w *world) endInstall(server string) {
	w.byHand(server, map[string]any{"install_in_progress": false, "template": ubuntu})
}

func (w *world) reinstalledWhileBlocked(id int) {
	server := w.awaitPhase(id, api.PhaseActive).Server.ID
	w.does(id, api.SignalReinstall, w.reinstalled(id))
	w.holdInstall(server)
	w.bill(id, "overdue")
	w.blocked(id, true)
	require.False(w.t, installed(w.status(id)), "it is blocked at once, and installs on")
	require.Zero(w.t, w.asked("", "server.opercancel", server))
	w.bill(id, "paid")
	w.blocked(id, false)
	require.False(w.t, installed(w.status(id)))
	w.endInstall(server)
	status := w.await(id, "installed", installed)
	require.Equal(w.t, api.PhaseActive, status.Phase)
	require.Nil(w.t, status.Attention)
	require.Len(w.t, w.installsOf(server), 2)
}

func (w *world) reinstalledUntilTerminated(id int) {
	server := w.awaitPhase(id, api.PhaseActive).Server.ID
	w.does(id, api.SignalReinstall, w.reinstalled(id))
	w.holdInstall(server)
	w.bill(id, "terminate")
	w.awaitPhase(id, api.PhaseReleased)
	require.NotZero(w.t, w.asked(stack.PanelUser, "server.opercancel", server), "what ran is cancelled")
	w.requireTerminated(id)
	is := w.server(server)
	require.Empty(w.t, is.Owner+is.Notes)
	require.Equal(w.t, "free.ds", is.Hostname)
	require.Len(w.t, is.Addresses, 1)
	require.False(w.t, is.Disabled || is.Installing)
}

func (w *world) reinstalledAgain(id int) {
	server := w.awaitPhase(id, api.PhaseActive).Server.ID
	w.byHand(server, map[string]any{"fail_installs": 1})
	event := w.reinstalled(id)
	event.Actor, event.Recipe = admin, "lamp"
	w.does(id, api.SignalReinstall, event)
	status := w.await(id, "in need of a person", func(s api.Status) bool { return s.Attention != nil })
	require.Equal(w.t, api.CodeInstallFailed, status.Attention.Code)
	require.Equal(w.t, api.PhaseActive, status.Phase)
	require.NotEmpty(w.t, status.Action.Problem)
	require.Len(w.t, w.installsOf(server), 2, "it is never repeated by itself")
	w.starter("retry", fmt.Sprint(id), "--attention", fmt.Sprint(status.Attention.Number), "--wait", "20s")
	status = w.await(id, "installed", func(s api.Status) bool { return installed(s) && s.Attention == nil })
	installs := w.installsOf(server)
	require.Len(w.t, installs, 3)
	require.Equal(w.t, ubuntu+" lamp "+stack.PanelUser, installs[2].Template+" "+installs[2].Recipe+" "+installs[2].By)
	require.Empty(w.t, status.Action.Problem)
}

// TestAResetInstallsNothingAgain: what a person typed without a time comes once more with a reset, and looks new.
func TestAResetInstallsNothingAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--servers", "1", "--install-time", "2s")
	id := w.order(simulator.Order{})
	server := w.awaitPhase(id, api.PhaseActive).Server
	workflow := fmt.Sprintf("service-%d", id)
	w.temporal("workflow", "signal", "-w", workflow, "--name", api.SignalHold, "--input", `"VIP"`)
	w.await(id, "held", func(s api.Status) bool { return s.Held != "" && s.Ready }) // the point of the reset
	wish := fmt.Sprintf(`{"os_template":%q,"confirm":%q}`, ubuntu, server.Hostname)
	w.temporal("workflow", "signal", "-w", workflow, "--name", api.SignalReinstall, "--input", wish)
	w.await(id, "installed anew", func(s api.Status) bool { return installed(s) && s.Order.OSTemplate == ubuntu })
	require.Len(t, w.installsOf(server.ID), 2)
	w.temporal("workflow", "reset", "-w", workflow, "--event-id", w.taskBefore(workflow, api.SignalReinstall), "--reason", "test")
	status := w.await(id, "told", func(s api.Status) bool {
		return tells(s, "taken up as it is") && s.Action != nil && !s.Action.EndedAt.IsZero()
	})
	require.Len(t, w.installsOf(server.ID), 2, "its data is lost a second time")
	require.Contains(t, status.Action.Problem, "the service was reset meanwhile")
}

// taskBefore is the last workflow task that ended before a signal came.
func (w *world) taskBefore(workflow, signal string) string {
	w.t.Helper()
	var history struct {
		Events []struct {
			ID     string `json:"eventId"`
			Type   string `json:"eventType"`
			Signal struct {
				Name string `json:"signalName"`
			} `json:"workflowExecutionSignaledEventAttributes"`
		} `json:"events"`
	}
	require.NoError(w.t, json.Unmarshal([]byte(w.temporal("workflow", "show", "-w", workflow, "--output", "json")), &history))
	task := ""
	for _, event := range history.Events {
		switch {
		case event.Signal.Name == signal:
			return task
		case event.Type == "EVENT_TYPE_WORKFLOW_TASK_COMPLETED":
			task = event.ID
		}
	}
	require.Fail(w.t, "no such signal", signal)
	return ""
}
