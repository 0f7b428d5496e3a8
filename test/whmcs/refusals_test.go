package whmcs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/stack"
	"metalease/workflows/api"
)

// actingFunctions are those that would change something.
var actingFunctions = []string{"CreateAccount", "SuspendAccount", "UnsuspendAccount", "TerminateAccount", "Renew"}

// What the module cannot serve it refuses, in words, and the gateway hears nothing.
func whatIsRefused(t *testing.T, w *world) {
	id := w.place(t, w.client(t), "by hand").ServiceIDs[0]
	var foreign struct{ ID int }
	w.ask(t, "server", record{"name": "Other", "type": "cpanel", "hostname": "127.0.0.1", "port": w.Ports.Gateway,
		"username": stack.Panel, "password": stack.GatewaySecret}, &foreign)
	for name, change := range map[string]record{
		"an addon": {"addonId": 7}, "several on one service": {"qty": 2},
		"an entry of another module": {"serverid": foreign.ID},
		"no entry":                   {"server": false, "serverid": 0, "serverhostname": "", "serverusername": "", "serverpassword": ""},
	} {
		for _, function := range actingFunctions {
			var answer struct{ Result string }
			w.ask(t, "call", record{"function": function, "serviceid": id, "params": change}, &answer)
			require.NotEqual(t, "success", answer.Result, "%s of %s", function, name)
			require.NotContains(t, answer.Result, "Uncaught")
		}
	}
	_, known := w.status(t, id)
	require.False(t, known)
}

// Neither a password nor a package can be changed; the text says so and nothing is.
func whatIsNotSupported(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "unwatched")
	w.requireDelivered(t, id)
	before := w.of(t, id).service(id)
	require.NotEqual(t, "success", w.press(t, id, "changepassword", record{"password": "N3w-password!"}))
	_ = w.press(t, id, "changepackage", nil) // the same number of addresses: nothing to do, or, while the install runs, not now
	require.Equal(t, before, w.of(t, id).service(id))
	var hook struct {
		Results []struct {
			Error    string `json:"errormessage"`
			Packages []any  `json:"upgradepackages"`
		}
	}
	w.ask(t, "hook", record{"point": "ClientAreaPageUpgrade", "vars": record{"id": id, "upgradepackages": []record{{"pid": 1}}}}, &hook)
	require.Len(t, hook.Results, 1, "an upgrade is refused before it is paid")
	require.NotEmpty(t, hook.Results[0].Error)
	require.Empty(t, hook.Results[0].Packages)
	w.awaitPhase(t, id, api.PhaseActive)
}

// A block that did not come through WHMCS is not lifted there, and is named.
func blockedFromOutside(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "unwatched")
	server := w.requireDelivered(t, id)
	out, err := w.TemporalCommand(t.Context(), "workflow", "signal", "-w", fmt.Sprintf("service-%d", id), "--name", "suspend", "--input", `"court order"`)
	require.NoError(t, err, out)
	w.requireBlocked(t, server.ID, true)
	w.awaitShown(t, id, "Suspended")
	require.True(t, eventually(func() bool { return strings.Contains(w.press(t, id, "unsuspend", nil), "court order") }))
	require.True(t, w.panel(t).byID(server.ID).Disabled)
	require.Equal(t, "Suspended", w.of(t, id).service(id).Status)
	out, err = w.TemporalCommand(t.Context(), "workflow", "signal", "-w", fmt.Sprintf("service-%d", id), "--name", "unsuspend")
	require.NoError(t, err, out)
	w.requireBlocked(t, server.ID, false)
	w.awaitShown(t, id, "Active")
}

// What was never ordered is terminated without a word.
func terminatedBeforeItBegan(t *testing.T, w *world) {
	id := w.place(t, w.client(t), "server").ServiceIDs[0]
	w.insist(t, id, "terminate", nil)
	require.Equal(t, "Terminated", w.of(t, id).service(id).Status)
}

// A terminated service is created anew, from the claim, and is a terminated one again.
func createdAgain(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "unwatched")
	server := w.requireDelivered(t, id)
	w.insist(t, id, "terminate", nil)
	w.awaitPhase(t, id, api.PhaseReleased)
	w.requireFree(t, id, server.ID)
	require.NotEqual(t, "success", w.press(t, id, "create", nil), "it is not ready")
	w.awaitShown(t, id, "Active")
	server = w.panel(t).server(id)
	require.NotEmpty(t, server.ID)
	require.True(t, eventually(func() bool { return w.of(t, id).mailsOf(id) == 2 }), "a welcome for each life")
	w.insist(t, id, "terminate", nil)
	w.requireFree(t, id, server.ID)
}

// A service that is deleted while it is built gives its server back.
func deletedWhileBuilding(t *testing.T, w *world) {
	id := w.order(t, w.client(t), "server")
	status := w.awaitStatus(t, id, "installing", func(s api.Status) bool { return s.Step == api.StepInstall && s.Install != nil })
	w.ask(t, "delete", record{"serviceid": id}, nil)
	w.awaitPhase(t, id, api.PhaseReleased)
	w.requireFree(t, id, status.Server.ID)
}
