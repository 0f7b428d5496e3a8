package workflows

import (
	"strings"
	"time"

	"metalease/activities"
)

// Adoption is the start of a lifecycle for a server that its client has already: what the
// old module of the host knew of it. Nothing on the machine is touched.
type Adoption struct {
	ServerID string             `json:"server_id"`
	Account  activities.Account `json:"account"`
	// Status and Reason are those of WHMCS at the adoption.
	Status string `json:"status"`
	Reason string `json:"reason,omitempty"`
}

// codeAdoptMismatch is a service of which panel and WHMCS say different things.
const codeAdoptMismatch = "adopt_mismatch"

// NewAdoption is the argument with which a service is adopted.
func NewAdoption(a activities.Adoption, panel string, now time.Time, grace Duration, settings Settings) Input {
	return Input{
		Order: Order{
			ServiceID: a.ServiceID, ClientID: a.ClientID, OrderID: a.OrderID, PaidAt: now, Panel: panel, Package: a.Package,
			Domain: a.Server.Hostname, ServerID: ID(a.Server.ID), Grace: grace,
		},
		Settings: settings, Adopted: true,
		Adopt: &Adoption{ServerID: a.Server.ID, Account: a.Account, Status: a.Status, Reason: a.Reason},
	}
}

// adoptServer marks the server and takes the service as it is.
func (l *lifecycle) adoptServer() {
	adopt := *l.s.Adopt
	adopted, err := result[activities.Adopted](l, l.onBuild("mark server "+adopt.ServerID), onPanel.Adopt,
		activities.Target{ServiceID: l.s.Order.ServiceID, ServerID: adopt.ServerID, Account: adopt.Account})
	if err != nil {
		l.notAdopted(err)
		return
	}
	l.s.Adopt = nil
	l.s.Account = adopt.Account
	l.hold(adopted.Machine)
	l.s.Server.ExtraIPs = adopted.Machine.ExtraIPs
	l.s.Checked, l.s.Ready, l.s.Step, l.s.Blocked = true, true, "", adopted.Blocked
	l.note("server " + adopt.ServerID + " adopted as it is; WHMCS shows " + adopt.Status)
	l.s.Phase = PhaseActive
	if adopted.Blocked {
		l.s.Phase = PhaseBlocked
		l.adoptBlock(adopt)
	}
	if shown := adopt.Status == "Suspended"; shown != adopted.Blocked {
		l.attend(codeAdoptMismatch, "WHMCS shows "+adopt.Status+", but the server is "+blockedWord(adopted.Blocked)+"; it was adopted as the panel has it",
			SignalSuspend, SignalUnsuspend, SignalAccept)
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
func (l *lifecycle) adoptBlock(adopt Adoption) {
	switch {
	case adopt.Status != "Suspended":
		l.keepBlockedByHand()
	case adopt.Reason == "" || strings.Contains(strings.ToLower(adopt.Reason), "overdue on payment"):
		grace := l.s.Order.Grace
		if grace <= 0 {
			grace = Duration(DefaultGrace)
		}
		l.s.Expiry = &Expiry{Since: l.now(), Grace: grace}
		l.s.startGrace(l.now())
	default:
		l.s.Suspensions = append(l.s.Suspensions, Block{Reason: adopt.Reason, Source: SourceWHMCS, Since: l.now()})
	}
}

// notAdopted waits for a person. Nothing is held, so ending the service ends it at once.
func (l *lifecycle) notAdopted(err error) {
	l.attendError(err, SignalRetry, SignalDetach)
	l.s.Phase = PhaseAttention
	l.await(l.interrupted)
	if l.s.Terminate != nil {
		l.s.Adopt, l.s.Terminate, l.s.Phase = nil, nil, PhaseReleased
		l.s.settle(ignored("it was never adopted: nothing was held, and nothing released"), SignalTerminate)
	}
	l.s.Retry, l.s.Accept = nil, nil
	l.s.settle(applied(""), SignalRetry, SignalAccept)
	l.clearAttention()
}
