package service

import (
	"metalease/activities/panel"
	"metalease/internal/clean"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/operation"
)

// stepAddresses brings the server to its ordered addresses and hostname.
func (l *lifecycle) stepAddresses() error {
	addresses, err := result[panel.Addresses](l, l.build("assign addresses to server "+l.s.Server.ID), call.Panel.AssignAddresses, l.work())
	if err != nil {
		return err
	}
	l.addressed(addresses)
	step := api.StepPower
	if l.s.Server.Install.State == operation.InstallByHand {
		step = api.StepHandOver
	}
	l.next(step, "addresses set: "+addresses.Main+plus(len(addresses.Extra)))
	return nil
}

func (l *lifecycle) addressed(a panel.Addresses) {
	l.s.Server.IP, l.s.Server.Hostname = clean.Cut(a.Main, api.LimitID), l.s.Order.Domain
	l.s.Server.hasAddresses(a.Extra)
}
