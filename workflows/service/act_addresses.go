package service

import (
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/tenant"
	"metalease/internal/clean"
	"metalease/internal/hostname"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// changeAddresses brings the server to the wanted addresses and names, and WHMCS after it. Counts are a
// state that is wanted: what is there is counted before each one is added.
func (l *lifecycle) changeAddresses(ctx workflow.Context, a *Action) decision {
	w := a.Wish
	in := tenant.Addresses{
		Server: l.tenant(a), IPv4: w.IPv4, IPv6: w.IPv6, Group: l.s.Order.AddressGroup,
		Hostname: l.s.Server.Hostname, Domains: w.Names, Take: a.Take,
	}
	var changed tenant.Changed
	err := l.whileAllowed(ctx, a, l.long("change the addresses of server "+in.ServerID), &changed, call.Panel.ChangeAddresses, in)
	if err == nil && l.holds(in.ServerID) {
		l.readdressed(changed)
		err = l.tellAddresses(ctx, a)
	}
	verdict := l.verdictOf(err, "")
	switch {
	case temporal.IsCanceledError(err), l.s.ends() != "": // it goes on when it may, or never
	case verdict.outcome != api.OutcomeApplied && (w.IPv4 != nil || w.IPv6 != nil): // paid for, and not done
		p := call.ProblemOf(err)
		l.stopAction(*a, p.Code, "the addresses of server "+in.ServerID+" were not changed as ordered: "+p.Message, nil)
	case !l.holds(in.ServerID): // what it has is nobody's business here any more
	case verdict.outcome == api.OutcomeApplied && len(changed.Surplus) > 0:
		return l.surplus(a, changed.Surplus)
	case verdict.outcome == api.OutcomeApplied:
		l.counted(w)
		l.forgetStopped(api.SignalAddresses)
	}
	return verdict
}

// holds tells whether the service has this server still.
func (l *lifecycle) holds(id string) bool { return l.s.Server != nil && l.s.Server.ID == id }

// readdressed takes what the server has now. A name of the main address is its host name.
func (l *lifecycle) readdressed(changed tenant.Changed) {
	server := l.s.Server
	server.hasAddresses(changed.Extra)
	if changed.Main != "" {
		server.IP = clean.Cut(changed.Main, api.LimitID)
	}
	if name := clean.Cut(changed.Hostname, api.LimitName); name != "" && !hostname.Same(name, server.Hostname) {
		l.note("the host name is " + name + " now")
		server.Hostname, l.s.Order.Domain = name, name
	}
}

// tellAddresses has WHMCS show what the server has now, however long WHMCS is down.
func (l *lifecycle) tellAddresses(ctx workflow.Context, a *Action) error {
	server := l.s.Server
	limited, stop := workflow.WithCancel(l.whmcs("tell WHMCS the addresses"))
	defer stop()
	future := workflow.ExecuteActivity(limited, call.Billing.Readdress, billing.Delivery{
		ServiceID: l.s.Order.ServiceID, MainIP: server.IP, ExtraIPs: server.ExtraIPs, Domain: l.s.Order.Domain, Username: l.s.Account.Name,
	})
	_ = workflow.Await(ctx, func() bool { return future.IsReady() || l.s.ends() != "" })
	if !future.IsReady() {
		stop()
	}
	return future.Get(ctx, nil)
}

// counted has the order say what was reached.
func (l *lifecycle) counted(w Wish) {
	if w.IPv4 != nil {
		l.s.Order.IPv4 = *w.IPv4
	}
	if w.IPv6 != nil {
		l.s.Order.IPv6 = *w.IPv6
	}
}

// surplus leaves what is more than wanted with its customer until staff have agreed.
func (l *lifecycle) surplus(a *Action, all []string) decision {
	var named []string
	for _, ip := range all[:min(len(all), keepSurplus)] {
		named = append(named, clean.Cut(ip, api.LimitID))
	}
	more := ""
	if rest := len(all) - len(named); rest > 0 {
		more = fmt.Sprintf(" (%d more after these)", rest)
	}
	a.Take = nil
	l.stopAction(*a, api.CodeAddressesLeft, fmt.Sprintf("server %s has %d addresses more than are ordered now; nothing is taken before somebody accepts it: %s%s",
		l.s.Server.ID, len(all), strings.Join(named, ", "), more), named)
	return applied(fmt.Sprintf("%d addresses are more than wanted, and stay until staff have agreed to take them", len(all)))
}
