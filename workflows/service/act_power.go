package service

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/tenant"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// switchPower switches the server, and waits until the panel shows it.
func (l *lifecycle) switchPower(ctx workflow.Context, a *Action) decision {
	in := tenant.Power{Server: l.tenant(a), Action: a.Wish.Action, Limit: time.Duration(l.s.Settings.PowerTimeout), Unsettled: l.s.Server.PowerUnsure}
	err := l.whileAllowed(ctx, a, l.long(a.What+" of server "+in.ServerID), nil, call.Panel.SwitchPower, in)
	verdict := l.verdictOf(err, "")
	if l.holds(in.ServerID) && verdict.outcome != api.OutcomeIgnored {
		l.s.Server.PowerUnsure = err != nil
	}
	return verdict
}

// switchNetwork opens or closes every switch port of the server; each result is told.
func (l *lifecycle) switchNetwork(ctx workflow.Context, a *Action) decision {
	in := tenant.Network{Server: l.tenant(a), On: a.opens()}
	var ports []tenant.Port
	if err := l.whileAllowed(ctx, a, l.long(a.What+" of server "+in.ServerID), &ports, call.Panel.SwitchNetwork, in); err != nil {
		return l.verdictOf(err, "")
	}
	words := portWords(ports)
	switch {
	case len(ports) == 0:
		return failed("the panel shows no switch port of the server")
	case slices.ContainsFunc(ports, func(p tenant.Port) bool { return p.Problem != "" }):
		return failed(words)
	}
	return applied(words)
}

// opens tells whether an action puts the server on the network.
func (a *Action) opens() bool { return a.Kind == api.SignalNetwork && a.Wish.State == "on" }

// portWords says of each port how it ended.
func portWords(ports []tenant.Port) string {
	var words []string
	for _, p := range ports {
		state := cmp.Or(p.Problem, p.State, "state not known")
		words = append(words, strings.TrimSpace(p.Switch+" port "+cmp.Or(p.Port, "not known"))+": "+state)
	}
	return strings.Join(words, "; ")
}
