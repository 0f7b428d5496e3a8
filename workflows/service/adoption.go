package service

import (
	"strings"

	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// codeAdoptMismatch is a service of which panel and WHMCS say different things.
const codeAdoptMismatch = "adopt_mismatch"

// adoptServer marks the server and takes the service as it is.
func (l *lifecycle) adoptServer() {
	adopt := *l.s.Adopt
	adopted, err := result[panel.Adopted](l, l.onBuild("mark server "+adopt.ServerID), call.Panel.Adopt,
		panel.Target{ServiceID: l.s.Order.ServiceID, ServerID: adopt.ServerID, Account: adopt.Account})
	if err != nil {
		l.notAdopted(err)
		return
	}
	l.s.Adopt = nil
	l.s.Account = adopt.Account
	l.hold(adopted.Server)
	l.s.Server.ExtraIPs = adopted.Server.ExtraIPs
	l.s.Checked, l.s.Ready, l.s.Step, l.s.Blocked = true, true, "", adopted.Blocked
	l.note("server " + adopt.ServerID + " adopted as it is; WHMCS shows " + adopt.Status)
	l.s.Phase = api.PhaseActive
	if adopted.Blocked {
		l.s.Phase = api.PhaseBlocked
		l.adoptBlock(adopt)
	}
	if shown := adopt.Status == "Suspended"; shown != adopted.Blocked {
		l.attend(codeAdoptMismatch, "WHMCS shows "+adopt.Status+", but the server is "+blockedWord(adopted.Blocked)+"; it was adopted as the panel has it",
			api.SignalSuspend, api.SignalUnsuspend, api.SignalAccept)
	}
}

// endMismatch ends the attention of an adoption when somebody has decided, or the block has
// been switched since. What the panel has is then what is wanted, and WHMCS follows it.
func (l *lifecycle) endMismatch() {
	if l.s.Attention == nil || l.s.Attention.Code != codeAdoptMismatch {
		return
	}
	if l.s.SuspendedAt.IsZero() && l.s.FollowAt == nil && l.following == nil {
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
func (l *lifecycle) adoptBlock(adopt api.Adoption) {
	switch {
	case adopt.Status != "Suspended":
		l.keepBlockedByHand()
	case adopt.Reason == "" || strings.Contains(strings.ToLower(adopt.Reason), "overdue on payment"):
		grace := l.s.Order.Grace
		if grace <= 0 {
			grace = api.Duration(api.DefaultGrace)
		}
		l.s.Expiry = &Expiry{Since: l.now(), Grace: grace}
		l.s.startGrace(l.now())
	default:
		l.s.Suspensions = append(l.s.Suspensions, api.Block{Reason: adopt.Reason, Source: SourceWHMCS, Since: l.now()})
	}
}

// notAdopted waits for a person. Nothing is held, so ending the service ends it at once.
func (l *lifecycle) notAdopted(err error) {
	l.attendError(err, api.SignalRetry, api.SignalDetach)
	l.s.Phase = api.PhaseAttention
	l.await(l.interrupted)
	if l.s.Terminate != nil {
		l.s.Adopt, l.s.Terminate, l.s.Phase = nil, nil, api.PhaseReleased
		l.s.settle(ignored("it was never adopted: nothing was held, and nothing released"), api.SignalTerminate)
	}
	l.s.Retry, l.s.Accept = nil, nil
	l.s.settle(applied(""), api.SignalRetry, api.SignalAccept)
	l.clearAttention()
}
