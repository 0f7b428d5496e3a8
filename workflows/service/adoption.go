package service

import (
	"strings"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// adoptServer marks the server and takes the service as it is.
func (l *lifecycle) adoptServer() {
	adopt := *l.s.Adoption.Pending
	adopted, err := result[panel.Adopted](l, l.build("mark server "+adopt.ServerID), call.Panel.Adopt,
		panel.Target{ServiceID: l.s.Order.ServiceID, ServerID: adopt.ServerID, Account: adopt.Account})
	if err != nil {
		l.notAdopted(err)
		return
	}
	l.s.Adoption.Pending = nil
	l.s.Account = adopt.Account
	l.s.Server = newServer(adopted.Server)
	l.s.Server.hasAddresses(adopted.Server.ExtraIPs)
	l.s.Life.Checked, l.s.Life.Ready, l.s.Life.Step = true, true, ""
	l.s.Server.Blocked = adopted.Blocked
	l.note("server " + adopt.ServerID + " adopted as it is; WHMCS shows " + adopt.Status)
	l.takeReasons(adopt.Status, adopt.Reason, false, adopted.Blocked)
}

// endMismatch ends the attention of an adoption when somebody has decided, or the block has
// been switched since. What the panel has is then what is wanted, and WHMCS follows it.
func (l *lifecycle) endMismatch() {
	if !l.attends(api.CodeAdoptMismatch) {
		return
	}
	if l.s.Blocks.SuspendedAt.IsZero() && l.agreed() {
		return
	}
	l.clearAttention()
	l.followSoon()
}

func blockedWord(blocked bool) string {
	if blocked {
		return "blocked"
	}
	return "not blocked"
}

// adoptBlock keeps the reason of a block that was there before. An unpaid service has its
// grace period from now on: nobody knows since when it is blocked.
func (l *lifecycle) adoptBlock(status, reason string) {
	switch {
	case status != showSuspended:
		l.keepBlockedByHand()
	case reason == "" || strings.Contains(strings.ToLower(reason), "overdue on payment"):
		l.s.Blocks.Expiry = &Expiry{Since: l.now(), Grace: l.s.grace(0)}
		l.s.Blocks.startGrace(l.now())
	default:
		l.s.Blocks.suspend(reason, api.SourceWHMCS, l.now())
	}
}

// notAdopted waits for a person. Nothing is held, so ending the service ends it at once.
func (l *lifecycle) notAdopted(err error) {
	l.attendError(err, api.SignalRetry, api.SignalTerminate, api.SignalDetach)
	l.s.Life.enter(api.PhaseAttention)
	l.await(func() bool { return l.interrupted() || l.mayContinueAsNew() })
	if !l.interrupted() {
		return // the next run tries again
	}
	if l.s.Operator.Terminate != nil {
		l.s.Adoption.Pending, l.s.Operator.Terminate = nil, nil
		l.s.Life.enter(api.PhaseReleased)
		l.s.Journal.settle(ignored("it was never adopted: nothing was held, and nothing released"), api.SignalTerminate)
	}
	l.s.Operator.Retry, l.s.Operator.Accept = nil, nil
	l.s.Journal.settle(applied(""), api.SignalRetry, api.SignalAccept)
	l.clearAttention()
}
