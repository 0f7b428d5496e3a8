package service

import (
	"time"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/billing"
	"metalease/activities/panel"
	"metalease/workflows/internal/call"
)

// stepHandOver gives the server to the client: blocked first when there is a
// reason to, then the owner and what WHMCS shows, then "ready", and last
// WHMCS turns the service Active itself.
func (l *lifecycle) stepHandOver() error {
	if l.s.wantsBlock() && !l.s.Server.Blocked {
		if err := l.block(); temporal.IsCanceledError(err) {
			return nil // something else is wanted now
		} else if err != nil {
			return err
		}
	}
	addresses, err := result[panel.Addresses](l, l.build("hand server "+l.s.Server.ID+" over to "+l.s.Account.Name), call.Panel.HandOver, l.work())
	if err != nil {
		return err
	}
	l.addressed(addresses)
	if l.s.Operator.Terminate != nil {
		return nil
	}
	l.s.Life.Ready = true
	if err := l.activate(); err != nil {
		l.s.Life.Ready = false
		return err
	}
	l.clearAttention()
	l.next("", "handed over to account "+l.s.Account.Name+"; Active in WHMCS")
	l.s.Life.enter(l.serving())
	if l.s.Server.Blocked {
		l.followSoon()
	}
	return nil
}

// activate has WHMCS turn the service Active. WHMCS may refuse for a while, most often because
// its callback did not get through; after that a person decides. One that is down is waited for.
func (l *lifecycle) activate() error {
	return l.perform(l.whmcs("have WHMCS turn the service Active"), call.Billing.Activate,
		billing.Activation{ServiceRef: l.ref(), Patience: time.Duration(l.s.Settings.ActivationTimeout)})
}
