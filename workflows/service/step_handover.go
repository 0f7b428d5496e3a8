package service

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// sourcePanel is the source of a block that somebody set in the panel.
const sourcePanel = "panel"

// stepHandOver gives the server to the client: blocked first when there is a
// reason to, then the owner, then what WHMCS shows, then "ready", and last
// WHMCS turns the service Active itself.
func (l *lifecycle) stepHandOver() error {
	if l.s.wantsBlock() && !l.s.Blocked {
		if err := l.block(); temporal.IsCanceledError(err) {
			return nil // something else is wanted now
		} else if err != nil {
			return err
		}
	}
	addresses, err := result[panel.Addresses](l, l.onBuild("hand server "+l.s.Server.ID+" over to "+l.s.Account.Name), call.Panel.HandOver, l.work())
	if err != nil {
		return err
	}
	l.addressed(addresses)
	err = l.perform(l.onWHMCS("tell WHMCS the addresses"), call.Billing.Deliver, billing.Delivery{
		ServiceID: l.s.Order.ServiceID, MainIP: addresses.Main, ExtraIPs: addresses.Extra,
		Domain: l.s.Order.Domain, Username: l.s.Account.Name,
	})
	if err != nil {
		return err
	}
	if l.s.Terminate != nil {
		return nil
	}
	l.s.Ready = true
	if err := l.activate(); err != nil {
		l.s.Ready = false
		return err
	}
	l.clearAttention()
	l.next("", "handed over to account "+l.s.Account.Name+"; Active in WHMCS")
	l.s.Phase = api.PhaseActive
	if l.s.Blocked {
		l.s.Phase = api.PhaseBlocked
		l.followSoon()
	}
	return nil
}

// activate has WHMCS turn the service Active. WHMCS may refuse for a while, most
// often because its callback did not get through; after that a person decides.
func (l *lifecycle) activate() error {
	options := workflow.GetActivityOptions(l.onWHMCS("have WHMCS turn the service Active"))
	options.ScheduleToCloseTimeout = time.Duration(l.settings.ActivationTimeout)
	err := l.perform(workflow.WithActivityOptions(l.ctx, options), call.Billing.Activate, l.ref())
	if temporal.IsTimeoutError(err) {
		return temporal.NewApplicationError("WHMCS did not turn the service Active: "+lastWords(err), edge.ErrWHMCSRefused)
	}
	return err
}

// block and unblock make the panel do what the reasons ask for.
func (l *lifecycle) block() error {
	unsure := l.s.BlockUnsure // an earlier try of ours may be what blocks it
	wanted := func() bool { return l.s.wantsBlock() && l.s.Terminate == nil && l.s.Leaving == nil }
	blocked, err := whileWanted[panel.Blocked](l, l.onUrgent("block server "+l.s.Server.ID), wanted, call.Panel.Block, l.target())
	if err != nil {
		// Only the brakes answer before anything was done.
		l.s.BlockUnsure = l.s.BlockUnsure || call.TypeOf(err) != edge.ErrLimit
		return err
	}
	l.s.Blocked, l.s.BlockUnsure = true, false
	l.note("server " + l.s.Server.ID + " blocked")
	if l.s.Phase == api.PhaseActive {
		l.s.Approved = false // a build needs it for what comes after
		if blocked.ByHand && !unsure {
			l.keepBlockedByHand()
		}
	}
	l.s.startGrace(l.now())
	l.s.settle(applied(""), api.SignalExpire, api.SignalSuspend)
	return nil
}

// keepBlockedByHand makes a block that somebody set in the panel a reason of its own: a
// payment does not lift it, a person's unsuspend does.
func (l *lifecycle) keepBlockedByHand() {
	l.s.Suspensions = append(l.s.Suspensions, api.Block{Reason: "blocked in the panel by hand", Source: sourcePanel, Since: l.now()})
	l.note("server " + l.s.Server.ID + " had been blocked in the panel by hand; a payment does not lift that")
}

func (l *lifecycle) unblock() error {
	if err := l.perform(l.onUrgent("unblock server "+l.s.Server.ID), call.Panel.Unblock, l.target()); err != nil {
		return err
	}
	l.s.Blocked, l.s.BlockUnsure = false, false
	l.note("server " + l.s.Server.ID + " unblocked")
	l.s.settle(applied(""), api.SignalRenew, api.SignalUnsuspend)
	return nil
}
