package service

import (
	"context"
	"slices"
	"time"

	"github.com/stretchr/testify/mock"

	"metalease/activities/billing"
	"metalease/activities/panel"
	"metalease/activities/tenant"
	"metalease/workflows/internal/call"
)

// tenants plays the panel of servers that customers have.
func (w *world) tenants() {
	any2 := []any{mock.Anything, mock.Anything}
	takes := func(name string) func() time.Duration {
		return func() time.Duration { // in the moment in which it begins
			if w.cut && slices.Contains([]string{"SwitchPower", "SwitchNetwork", "ChangeAddresses", "StartReinstall"}, name) {
				w.whileCut = append(w.whileCut, name)
			}
			return w.delays[name]
		}
	}
	w.OnActivity(call.Panel.SwitchPower, any2...).Maybe().AfterFn(takes("SwitchPower")).Return(func(_ context.Context, in tenant.Power) error {
		note(w, &w.powered, in)
		return w.did("SwitchPower " + in.Action)
	})
	w.OnActivity(call.Panel.SwitchNetwork, any2...).Maybe().AfterFn(takes("SwitchNetwork")).Return(func(_ context.Context, in tenant.Network) ([]tenant.Port, error) {
		return w.ports, w.did("SwitchNetwork")
	})
	w.OnActivity(call.Panel.ChangeAddresses, any2...).Maybe().AfterFn(takes("ChangeAddresses")).Return(func(_ context.Context, in tenant.Addresses) (tenant.Changed, error) {
		note(w, &w.changes, in)
		err := w.did("ChangeAddresses")
		if w.changed == nil {
			return tenant.Changed{Main: "192.0.2." + in.ServerID, Hostname: in.Hostname}, err
		}
		return w.changed(in), err
	})
	w.OnActivity(call.Panel.StartReinstall, any2...).Maybe().AfterFn(takes("StartReinstall")).Return(func(_ context.Context, in tenant.Reinstall) (panel.Started, error) {
		note(w, &w.reinstalls, in)
		return panel.Started{AcceptedAt: w.Now(), Progress: panel.InstallRunning}, w.did("StartReinstall")
	})
	w.OnActivity(call.Panel.AwaitReinstall, any2...).Maybe().AfterFn(func() time.Duration { return w.takes }).Return(func(context.Context, tenant.Reinstall) (panel.Watched, error) {
		seen := panel.Watched{Progress: panel.InstallFinished, FinishedAt: w.Now()}
		if w.reinstallFails != "" {
			seen = panel.Watched{Progress: panel.InstallFailed, Words: w.reinstallFails}
		}
		return seen, w.did("AwaitReinstall")
	})
	w.OnActivity(call.Panel.InspectReinstall, any2...).Maybe().AfterFn(takes("InspectReinstall")).Return(func(context.Context, tenant.Reinstall) (panel.Watched, error) {
		progress := w.inspected
		if progress == "" {
			progress = panel.InstallFailed
		}
		return panel.Watched{Progress: progress, FinishedAt: w.Now()}, w.did("InspectReinstall")
	})
	w.OnActivity(call.Panel.SignOn, any2...).Maybe().AfterFn(takes("SignOn")).Return(func(_ context.Context, in tenant.SignOn) ([]byte, error) {
		note(w, &w.signOns, in)
		return []byte("sealed"), w.did("SignOn")
	})
	w.OnActivity(call.Billing.Readdress, any2...).Maybe().AfterFn(takes("Readdress")).Return(func(_ context.Context, in billing.Delivery) error {
		note(w, &w.delivered, in)
		return w.did("Readdress")
	})
	w.OnActivity(call.Billing.KeepRootPassword, any2...).Maybe().AfterFn(takes("KeepRootPassword")).Return(func(context.Context, billing.ServiceRef) error {
		return w.did("KeepRootPassword")
	})
}

// note keeps what an activity was asked for: one that was given up may still run beside the next.
func note[T any](w *world, list *[]T, in T) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*list = append(*list, in)
}
