package service

import (
	"fmt"

	"go.temporal.io/sdk/temporal"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/holding"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/operation"
)

// takeUp brings the life to where WHMCS and the panel are.
func (l *lifecycle) takeUp(view billing.OrderView, found panel.Found) {
	mark := holding.Mark{State: found.State}
	if l.s.Life.Phase == api.PhaseReleased && found.Server != nil {
		l.s.Life.enter(api.PhasePending)
	}
	switch {
	case l.s.Life.Phase == api.PhaseReleasing:
		l.releaseOn(found)
	case found.Server == nil:
		l.noServer(view)
	case !found.HandedOver && mark.Is(holding.StateReleasing):
		l.halfReleased(view, found)
	case found.HandedOver && !view.Ended && (l.serves() || view.Status == showActive || view.Status == showSuspended):
		l.serveOn(view, found)
	case found.HandedOver && view.Ended:
		l.hold(found)
		l.decideOn(notToBuild(view, "server "+found.Server.ID+" is the customer's: terminate gives it back to stock; or correct WHMCS, then retry"))
	case l.serves():
		l.hold(found)
		l.decideOn(temporal.NewNonRetryableApplicationError("server "+found.Server.ID+
			" belongs to the API account, not to the customer: give it back in the panel, then retry; or terminate the service", edge.ErrOwnership, nil))
	case view.NotPending == "":
		l.buildOn(found)
	case view.Ended:
		l.hold(found)
		l.abandon(view.NotPending)
	default:
		l.hold(found)
		l.decideOn(notToBuild(view, "server "+found.Server.ID+" is being built for it"))
	}
}

// releaseAgain goes on with a release that an earlier run has begun.
func (l *lifecycle) releaseAgain(found panel.Found, stage operation.Stage, asks bool) {
	l.hold(found)
	l.beginRelease(Release{Release: operation.Release{Stage: stage}, Why: "server " + found.Server.ID + " was being released", ForExpiry: asks})
}

func (l *lifecycle) serves() bool {
	return l.s.Life.Phase == api.PhaseActive || l.s.Life.Phase == api.PhaseBlocked
}

// hold takes the server that was found. What is remembered of this very one stays.
func (l *lifecycle) hold(found panel.Found) {
	l.leaveOther(found.Server.ID)
	l.s.Adoption.Pending = nil // it is ours already
	before := l.s.Server
	l.s.Server = newServer(*found.Server)
	l.s.Server.hasAddresses(found.Server.ExtraIPs)
	if before != nil && before.ID == found.Server.ID {
		l.s.Server.Install, l.s.Server.HardwareAccepted, l.s.Server.PowerUnsure = before.Install, before.HardwareAccepted, before.PowerUnsure
	}
	l.s.Server.Blocked = found.Blocked && (found.HandedOver || l.s.wantsBlock())
	if found.HandedOver {
		l.s.Account = found.Account
	}
	if found.State == "" {
		l.note("the notes of server " + found.Server.ID + " have lost our mark: see who edits them")
	}
}

// noServer is a service of which the panel shows no server.
func (l *lifecycle) noServer(view billing.OrderView) {
	missing := "no server on panel " + l.s.Order.Panel + " carries its mark"
	switch {
	case l.s.Life.Phase == api.PhaseReleased:
	case l.s.Adoption.Pending != nil:
		l.s.Adoption.Pending.Status, l.s.Adoption.Pending.Reason = view.Status, view.Reason
	case l.serves() && l.s.Operator.Terminate != nil: // the run before the reset has ended it
		l.foundGivenBack(missing+", and it is to end", l.s.Operator.Terminate.Reason)
	case l.serves() && view.Ended:
		l.foundGivenBack(missing+", and "+view.NotPending, view.NotPending)
	case l.serves():
		l.s.Server = nil
		l.decideOn(temporal.NewNonRetryableApplicationError(missing+", though WHMCS shows it as "+view.Status+": put owner and mark back, then retry; or terminate the service", edge.ErrOwnership, nil))
	case view.NotPending == "":
		l.s.Server = nil
		l.startOver()
	case view.Ended:
		l.s.Server = nil
		l.abandon(view.NotPending)
	default:
		l.s.Server = nil
		l.neverAsks()
		l.decideOn(notToBuild(view, missing+" (starter adopt takes one over)"))
	}
}

// foundGivenBack takes up a release of which nothing is left to do but its record.
func (l *lifecycle) foundGivenBack(seen, why string) {
	l.note(seen + ": it was given back")
	l.beginRelease(Release{Why: why})
	l.givenBack()
}

// startOver begins the build again with what the panel shows.
func (l *lifecycle) startOver() {
	l.s.Life.enter(api.PhasePending)
	l.answered()
	l.s.Life.Ready, l.s.Life.Step = false, api.StepAccount
}

// buildOn goes on with a server that an earlier run has left.
func (l *lifecycle) buildOn(found panel.Found) {
	l.hold(found)
	l.startOver()
	l.note("server " + found.Server.ID + " carries this service's mark (" + found.State + "): adopted")
	mark, byHand := holding.Mark{State: found.State}, l.s.Server.Install.State == operation.InstallByHand
	switch {
	case found.HandedOver || mark.Is(holding.StateActive):
		l.s.Server.Resume = api.StepHandOver
	case byHand:
		l.s.Server.Resume = api.StepAddresses
	case mark.Is(holding.StateInstalling):
		l.s.Server.Install = operation.Install{State: operation.InstallRequested, Number: panel.InstallNumber(mark)}
		l.s.Request.Installs = max(l.s.Request.Installs, 1)
		l.s.Server.Resume = api.StepInstall
	default:
		l.s.Server.Install = operation.Install{}
		l.s.Server.Resume = api.StepAddresses
	}
}

// releaseOn goes on with a release that was begun before the reset.
func (l *lifecycle) releaseOn(found panel.Found) {
	switch {
	case l.s.Server == nil:
	case found.Server == nil:
		l.note("server " + l.s.Server.ID + " is not this service's any more: it was given back")
		l.givenBack()
	default:
		l.s.Release.Stage = l.stageOf(found)
		l.hold(found)
	}
}

// stageOf is how far a release has come by what the panel shows. Whether an address was deleted
// nobody knows unless all are there, and then nothing undoes it any more.
func (l *lifecycle) stageOf(found panel.Found) operation.Stage {
	lost := l.s.Server != nil && len(found.Server.ExtraIPs) < len(l.s.Server.ExtraIPs) || len(found.Server.ExtraIPs) < l.s.Order.IPv4+l.s.Order.IPv6
	if !found.HandedOver && (lost || found.Cleared) {
		return operation.StageClearing
	}
	return operation.StageBegun
}

// halfReleased is a server that an earlier run was giving back.
func (l *lifecycle) halfReleased(view billing.OrderView, found panel.Found) {
	// Without a word that it is to end, WHMCS is asked at each step; and who has paid gets it back.
	id, stage, asks := found.Server.ID, l.stageOf(found), l.s.Operator.Terminate == nil && !view.Ended
	switch {
	case l.s.Adoption.Pending != nil && view.Status == showSuspended:
		// Whoever began it is lost, and WHMCS is asked whether it is still due.
		l.s.Account = l.s.Adoption.Pending.Account
		l.s.Blocks.Expiry = &Expiry{Since: l.now(), Grace: l.s.grace(0)}
		l.releaseAgain(found, stage, true)
	case l.serves():
		l.releaseAgain(found, stage, asks)
	case view.NotPending == "":
		l.hold(found)
		l.note("server " + id + " carries this service's mark (" + found.State + "): adopted")
		l.s.Life.enter(api.PhasePending)
		l.abandon("server " + id + " was being released")
		l.s.Release.Rebuild = true
	case view.Ended:
		l.hold(found)
		l.s.Life.enter(api.PhasePending)
		l.abandon(view.NotPending)
	default:
		l.hold(found)
		l.s.Life.enter(api.PhasePending)
		l.decideOn(notToBuild(view, fmt.Sprintf("server %s was being released for it: terminate finishes that", id)))
	}
}

// serveOn takes a server as its customer has it: nothing of it is changed.
func (l *lifecycle) serveOn(view billing.OrderView, found panel.Found) {
	if l.building() {
		l.neverAsks()
	}
	if !l.serves() {
		l.s.Life.enter(api.PhasePending)
	}
	l.hold(found)
	l.answered()
	l.s.Release = Release{}
	l.s.Life.Ready, l.s.Life.Step = true, ""
	l.adoptReinstall(panel.InstallNumber(holding.Mark{State: found.State}))
	l.note(fmt.Sprintf("server %s is the customer's (account %s) and is taken up as it is: %s; WHMCS shows %s", found.Server.ID, found.Account.Name, blockedWord(found.Blocked), view.Status))
	l.takeReasons(view.Status, view.Reason, view.Overdue, found.Blocked)
	if found.Shared != "" && l.s.Attention == nil {
		l.attend(api.CodeClientsShare, found.Shared+": each can reach the other's server")
	}
}

// takeReasons has the reasons to block say what WHMCS and the panel show, and enters the phase that
// follows. A word that has come and is not done yet decides before either.
func (l *lifecycle) takeReasons(status, reason string, overdue, blocked bool) {
	b, shown := &l.s.Blocks, status == showSuspended
	unheard := l.s.Journal.waits(api.SignalExpire, api.SignalRenew, api.SignalSuspend, api.SignalUnsuspend)
	paid := b.Expiry != nil && !shown && !overdue && !unheard // memory never outvotes WHMCS
	if paid {
		l.note("WHMCS shows it as paid, so it is not expired any more")
		b.renewed()
	}
	switch remembered := len(b.reasons()) > 0; {
	case unheard, paid && !remembered: // what blocks it is our block for the expiry
	case !shown && !blocked && !overdue:
		b.Expiry, b.GraceEndsAt, b.Suspensions, b.GraceAsked = nil, nil, nil, false
	case remembered:
	case blocked:
		l.adoptBlock(status, reason)
	}
	if blocked {
		b.startGrace(l.now())
	}
	l.s.Life.enter(l.serving())
	if shown != blocked && !unheard && !paid && (len(b.reasons()) == 0 || blocked && b.byHand()) {
		l.attend(api.CodeAdoptMismatch, "WHMCS shows "+status+", but the server is "+blockedWord(blocked)+"; it was adopted as the panel has it")
		return
	}
	if l.s.Life.Reset != "" || unheard || paid {
		l.followSoon()
	}
}
