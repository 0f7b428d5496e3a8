package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/internal/control"
	"metalease/internal/gateway"
	"metalease/internal/hostname"
	"metalease/internal/stack"
	"metalease/whmcs/simulator"
	"metalease/workflows/api"
)

// TestWhatStaffDoWithARunningServer: its network and addresses, what the panel knows of it, and what its
// customer does in the panel meanwhile.
func TestWhatStaffDoWithARunningServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, quick, "--log", "--servers", "4", "--second-ports", "1", "--switch-names", "--install-time", "2s")
	id, other := w.order(simulator.Order{ClientID: 70, IPv4: 1}), w.order(simulator.Order{ClientID: 71})
	w.awaitPhase(id, api.PhaseActive)
	w.awaitPhase(other, api.PhaseActive)
	t.Run("facts and usage", func(t *testing.T) { w.in(t).tellsFactsAndUsage(id, other) })
	t.Run("network", func(t *testing.T) { w.in(t).switchesTheNetwork(id) })
	t.Run("addresses", func(t *testing.T) { w.in(t).changesAddresses(id) })
	t.Run("a reinstall in the panel", func(t *testing.T) { w.in(t).seesAReinstall(other) })
}

// tells reads an answer of the gateway.
func (w *world) tells(path string, answer any) {
	w.t.Helper()
	code, text := w.call(http.MethodGet, path, nil)
	require.Equal(w.t, http.StatusOK, code, string(text))
	require.NoError(w.t, json.Unmarshal(text, answer), string(text))
}

func (w *world) facts(id int) control.Facts {
	w.t.Helper()
	var facts control.Facts
	w.tells(fmt.Sprintf("/v1/services/%d/facts?fresh=true", id), &facts)
	return facts
}

// reports counts what the panel was asked about traffic.
func (w *world) reports() int {
	n := 0
	for _, function := range []string{"trafficburstable", "trafficburstable_pie", "traffic", "trafficpie", "currentdetails"} {
		n += w.asked("", function, "")
	}
	return n
}

func (w *world) tellsFactsAndUsage(id, other int) {
	is := w.server(w.status(id).Server.ID)
	facts := w.facts(id)
	require.Equal(w.t, is.ID+" on", facts.ServerID+" "+*facts.Power)
	require.Equal(w.t, is.MAC, *facts.MAC)
	require.Equal(w.t, is.port("IPMI").Port, *facts.IPMIIP)
	require.NotEmpty(w.t, *facts.Label+*facts.Rack)
	require.Nil(w.t, facts.Operation)
	require.False(w.t, facts.Blocked || facts.AsOf.IsZero())
	require.Len(w.t, facts.Ports, 2)
	require.NotEmpty(w.t, *facts.Ports[0].Switch+*facts.Ports[1].Switch)

	before := w.reports()
	var one control.Usage
	w.tells(fmt.Sprintf("/v1/services/%d/usage", id), &one)
	forOne := w.reports() - before
	var all gateway.PanelUsage
	w.tells("/v1/panels/"+stack.Panel+"/usage", &all)
	require.Equal(w.t, 2*forOne, w.reports()-before, "one question, however many services")
	require.Positive(w.t, forOne)
	require.Len(w.t, all.Services, 2)
	for i, service := range []int{id, other} {
		u := all.Services[i]
		require.Equal(w.t, service, u.ServiceID)
		require.True(w.t, u.InBytes == nil && u.OutBytes == nil && u.P95Mbit == nil && !u.Complete, "whose it was before is counted with it: %+v", u)
	}
	require.Equal(w.t, one.From, all.Services[0].From)
	require.Nil(w.t, one.InBytes)
}

func (w *world) switchesTheNetwork(id int) {
	server := w.status(id).Server.ID
	var ports []string
	for _, c := range w.server(server).Connections {
		if c.Type == "Switch" {
			ports = append(ports, c.ID)
		}
	}
	require.Len(w.t, ports, 2)
	open := func() (states []bool) {
		for _, c := range w.server(server).Connections {
			if c.Type == "Switch" {
				states = append(states, c.On)
			}
		}
		return states
	}
	w.fault("server.connection.off", "error", map[string]any{"element": ports[1]})
	s := w.wants(id, api.SignalNetwork, api.Event{EventID: "half", State: "off", Reason: "attacked", Actor: admin})
	require.Less(w.t, s.Code, 300, "%+v", s)
	became := w.awaitOutcome(id, "half")
	require.Equal(w.t, api.OutcomeFailed, became.Outcome)
	results := strings.Split(became.Reason, "; ")
	require.Len(w.t, results, 2, became.Reason)
	require.True(w.t, strings.HasSuffix(results[0], ": off"), became.Reason)
	require.Contains(w.t, results[1], "Simulated error")
	require.Equal(w.t, []bool{false, true}, open())
	w.mend()
	w.does(id, api.SignalNetwork, api.Event{State: "off", Actor: admin})
	require.Equal(w.t, []bool{false, false}, open())
	require.Equal(w.t, "on", w.server(server).Power)
	require.Equal(w.t, "Active", w.whmcs().Service(id).Status, "it is no suspension")

	w.send(id, api.SignalSuspend)
	w.blocked(id, true)
	w.refuses(id, api.SignalNetwork, api.Event{State: "on", Actor: admin}, "the server is blocked")
	require.Equal(w.t, []bool{false, false}, open())
	w.send(id, api.SignalUnsuspend)
	w.blocked(id, false)
	w.starter("network", fmt.Sprint(id), "on", "--wait", "20s")
	require.Equal(w.t, []bool{true, true}, open())
}

// extras are the addresses of a server beyond its main one.
func (s server) extras() []string {
	var ips []string
	for _, a := range s.Addresses {
		if !a.Main {
			ips = append(ips, a.IP)
		}
	}
	return ips
}

func (w *world) changesAddresses(id int) {
	server := w.status(id).Server.ID
	free, first := w.panel().Pool.FreeIPv4, w.server(server).extras()
	count := func(n int) api.Event { return api.Event{IPv4: &n, Actor: api.Actor{Name: "WHMCS"}} }
	w.fault("iplist.edit!", "close-after", map[string]any{"count": 1})
	w.does(id, api.SignalAddresses, count(3))
	w.mend()
	extras := w.server(server).extras()
	require.Len(w.t, extras, 3, "a lost reply adds none")
	require.Equal(w.t, free-2, w.panel().Pool.FreeIPv4)
	w.follows(id, extras)
	require.Equal(w.t, 3, w.status(id).Order.IPv4)

	w.does(id, api.SignalAddresses, count(1))
	status := w.await(id, "in need of a person", func(s api.Status) bool { return s.Attention != nil })
	require.Equal(w.t, api.CodeAddressesLeft, status.Attention.Code)
	for _, ip := range extras {
		require.Equal(w.t, ip != first[0], strings.Contains(status.Attention.Message, ip), "%s in: %s", ip, status.Attention.Message)
	}
	require.Equal(w.t, extras, w.server(server).extras(), "nothing is taken without a word")
	w.starter("accept", fmt.Sprint(id), "--attention", fmt.Sprint(status.Attention.Number), "--wait", "20s")
	require.True(w.t, w.eventually(func() bool { return len(w.server(server).extras()) == 1 }), "they are not taken")
	require.Equal(w.t, first, w.server(server).extras(), "exactly those that were named")
	require.Equal(w.t, free, w.panel().Pool.FreeIPv4)
	w.follows(id, first)
	require.Nil(w.t, w.await(id, "done", func(s api.Status) bool { return s.Order.IPv4 == 1 }).Attention)

	const extraName, mainName = "mail.example.com", "www.example.com"
	main := w.status(id).Server.IP
	w.does(id, api.SignalAddresses, api.Event{Actor: jane, Domains: hostname.Names{{IP: first[0], Name: extraName}, {IP: main, Name: mainName}}})
	for _, a := range w.server(server).Addresses {
		require.Equal(w.t, map[bool]string{true: mainName, false: extraName}[a.Main], a.Domain)
	}
	require.Equal(w.t, mainName, w.status(id).Server.Hostname, "the name of the main address is the host name")
	require.True(w.t, w.eventually(func() bool { return w.whmcs().Service(id).Domain == mainName }), "WHMCS does not show the new name")
	s := w.wants(id, api.SignalAddresses, api.Event{EventID: "foreign", Actor: jane, Domains: hostname.Names{{IP: "192.0.2.254", Name: extraName}}})
	require.True(w.t, s.Code == http.StatusConflict || s.Result.Outcome == api.OutcomeFailed, "%+v", s)
	require.Len(w.t, w.server(server).Addresses, 2)
}

// follows waits until service and WHMCS show these extra addresses.
func (w *world) follows(id int, extras []string) {
	w.t.Helper()
	require.True(w.t, w.eventually(func() bool {
		return slices.Equal(extras, w.status(id).Server.ExtraIPs) && w.whmcs().Service(id).AssignedIPs == strings.Join(extras, "\n")
	}), "WHMCS shows %q, not %v", w.whmcs().Service(id).AssignedIPs, extras)
}

// seesAReinstall: what a customer does in the panel is shown, not fought, and is no drift.
func (w *world) seesAReinstall(id int) {
	server := w.status(id).Server.ID
	w.byHand(server, map[string]any{"install": ubuntu})
	w.holdInstall(server)
	shown := func(runs bool) {
		w.t.Helper() // the list that facts read may be some seconds old
		require.True(w.t, w.eventually(func() bool { return (w.facts(id).Operation != nil) == runs }), "the facts never show what runs: %t", runs)
	}
	w.refuses(id, api.SignalPower, powered("reboot", jane), "an operation runs on server "+server)
	shown(true)
	w.refuses(id, api.SignalReinstall, w.reinstalled(id), "an operation runs on server "+server)
	require.Contains(w.t, w.starter("drift", "--now"), "no drift")
	w.endInstall(server)
	w.does(id, api.SignalPower, powered("reboot", jane))
	shown(false)
	require.Contains(w.t, w.starter("drift", "--now"), "no drift")
	status := w.status(id)
	require.Equal(w.t, api.PhaseActive, status.Phase)
	require.Nil(w.t, status.Attention)
	require.Zero(w.t, w.asked("", "server.opercancel", server))
	require.Len(w.t, w.installsOf(server), 2)
	require.Len(w.t, w.whmcs().MailsOf(id), 1)
}
