package service

import (
	"cmp"
	"time"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/operation"
)

// stepReady brings the server to its ordered addresses and hostname, and switches it on: one
// activity, for nothing is decided in between. The step shown is that of what takes longer.
func (l *lifecycle) stepReady() error {
	if l.s.Server.Install.State == operation.InstallByHand { // the technician's server stays as it runs
		addresses, err := result[panel.Addresses](l, l.build("assign addresses to server "+l.s.Server.ID), call.Panel.AssignAddresses, l.work())
		if err == nil {
			l.addressed(addresses)
			l.next(api.StepHandOver, "addresses set: "+addresses.Main+plus(len(addresses.Extra)))
		}
		return err
	}
	if l.s.Order.IPv4+l.s.Order.IPv6 == 0 {
		l.powering(l.now())
	}
	ready, err := result[panel.Addresses](l, l.long("set the addresses of server "+l.s.Server.ID+" and power it on"), call.Panel.MakeReady, l.work())
	if err == nil || edge.TypeOf(err) == edge.ErrPower {
		l.powering(cmp.Or(ready.Since, l.now()))
	}
	if err != nil {
		return err
	}
	l.addressed(ready)
	l.note("addresses set: " + ready.Main + plus(len(ready.Extra)))
	l.next(api.StepInstall, "powered on")
	return nil
}

// powering goes on from the addresses to the power.
func (l *lifecycle) powering(at time.Time) {
	if l.s.Life.Step == api.StepAddresses {
		l.s.Life.next(api.StepPower, at)
		l.s.Life.begin(api.StepPower, at)
	}
}

func (l *lifecycle) addressed(a panel.Addresses) {
	l.s.Server.IP, l.s.Server.Hostname = clean.Cut(a.Main, api.LimitID), l.s.Order.Domain
	l.s.Server.hasAddresses(a.Extra)
}
