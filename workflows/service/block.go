package service

import (
	"go.temporal.io/sdk/temporal"

	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// serving is the phase of a service whose customer has the server.
func (l *lifecycle) serving() api.Phase {
	if l.s.blocked() {
		return api.PhaseBlocked
	}
	return api.PhaseActive
}

// switchBlock makes the panel do what the reasons ask for.
func (l *lifecycle) switchBlock() {
	act, stopped := l.unblock, stoppedUnblock
	if l.s.wantsBlock() {
		act, stopped = l.block, stoppedBlock
	}
	switch err := act(); {
	case err == nil:
		l.s.Life.enter(l.serving())
		l.followSoon()
	case temporal.IsCanceledError(err):
		l.switchedOtherwise()
	case edge.TypeOf(err) == edge.ErrNotDue:
		l.blockNotDue(call.ProblemOf(err).Message)
	default:
		l.s.Operator.Approved = false
		l.s.Blocks.Stopped = stopped
		l.attendError(err)
	}
}

// switchedOtherwise notes that a block or unblock was given up on its way: something else is
// wanted by now.
func (l *lifecycle) switchedOtherwise() {
	if l.s.wantsBlock() && !l.s.Server.Blocked { // it is to be blocked still, or again
		return
	}
	l.s.Operator.Approved = false // it was for this block, which is not wanted any more
	l.note("the block was given up: it is not wanted any more")
}

// blockNotDue stops a block because WHMCS shows by now that somebody paid, or says something
// else that a person must see. WHMCS is asked until when it is paid, which ends the expiry.
func (l *lifecycle) blockNotDue(why string) {
	if !l.s.blockForExpiry() {
		return // a person's word has come meanwhile, which needs no debt
	}
	l.s.Operator.Approved = false
	l.s.Blocks.Stopped = stoppedExpiry
	l.note("nothing was blocked: " + why)
	l.undue(api.CodeNotDue, "the service was to be blocked because nobody paid, but: "+why)
}

// blockForExpiry tells whether nothing but an expiry asks for a block. It is then due only
// while WHMCS shows that nobody paid (docs/architecture.md, rule 9b). Of an order that is being
// built WHMCS shows nothing of the kind.
func (s *State) blockForExpiry() bool {
	served := s.Life.Phase == api.PhaseActive || s.Life.Phase == api.PhaseBlocked
	return served && s.Blocks.Expiry != nil && len(s.Blocks.Suspensions) == 0
}

// forgetBlock goes on when the block that stopped the service is not wanted any more, or for
// another reason than it was: neither a payment nor an abuser waits for a person.
func (l *lifecycle) forgetBlock() {
	if l.blockForgotten() {
		l.s.Blocks.Stopped, l.s.Blocks.Undue, l.s.Operator.Approved = "", nil, false
		l.clearAttention()
	}
}

func (l *lifecycle) blockForgotten() bool {
	switch l.s.Blocks.Stopped {
	case stoppedBlock:
		return !l.s.wantsBlock()
	case stoppedExpiry:
		return !l.s.wantsBlock() || !l.s.blockForExpiry()
	}
	return false
}

// block cuts the server off the network, and gives up when that is not wanted any more.
func (l *lifecycle) block() error {
	if now := l.s.Acting.Now; now != nil && now.opens() {
		l.endActing() // it may open a port behind the block
	}
	unsure := l.s.Server.BlockUnsure // an earlier try of ours may be what blocks it
	target := l.target()
	target.ForExpiry = l.s.blockForExpiry()
	wanted := func() bool {
		return l.s.wantsBlock() && l.s.blockForExpiry() == target.ForExpiry && l.s.Operator.Terminate == nil && l.s.Operator.Detach == nil
	}
	var blocked panel.Blocked
	err := l.whileWanted(l.urgent("block server "+l.s.Server.ID), wanted, &blocked, call.Panel.Block, target)
	if err != nil {
		// Only the brakes answer before anything was done.
		l.s.Server.BlockUnsure = unsure || edge.TypeOf(err) != edge.ErrLimit
		return err
	}
	l.s.Server.Blocked, l.s.Server.BlockUnsure = true, false
	l.note("server " + l.s.Server.ID + " blocked")
	l.markLost(blocked.MarkLost)
	if l.s.Life.Phase == api.PhaseActive {
		l.s.Operator.Approved = false // a build needs it for what comes after
		if blocked.ByHand && !unsure {
			l.keepBlockedByHand()
		}
	}
	l.s.Blocks.startGrace(l.now())
	l.s.settleReached(api.SignalExpire, api.SignalSuspend)
	return nil
}

// markLost has staff told, once for each time, that somebody edits the notes of a customer's
// server. What was wanted is done all the same (docs/architecture.md, rule 9a).
func (l *lifecycle) markLost(lost bool) {
	if !lost {
		return
	}
	words := "the notes of server " + l.s.Server.ID + " had lost our mark, which was written again: see who edits them"
	l.note(words)
	l.s.Billing.Aside = &Announced{Code: api.CodeMarkLost, Message: words}
}

// keepBlockedByHand makes a block that somebody set in the panel a reason of its own: a
// payment does not lift it, a person's unsuspend does.
func (l *lifecycle) keepBlockedByHand() {
	l.s.Blocks.suspend("blocked in the panel by hand", sourcePanel, l.now())
	l.note("server " + l.s.Server.ID + " had been blocked in the panel by hand; a payment does not lift that")
}

// unblock puts the server back on the network, and gives up when there is a reason to block it
// again: an outage may hold it up, and must not end with an abuser online.
func (l *lifecycle) unblock() error {
	wanted := func() bool { return !l.s.wantsBlock() }
	var unblocked panel.Remarked
	err := l.whileWanted(l.first("unblock server "+l.s.Server.ID), wanted, &unblocked, call.Panel.Unblock, l.target())
	if temporal.IsCanceledError(err) { // what it has changed is not known
		l.s.Server.Blocked, l.s.Server.BlockUnsure = false, true
	}
	if err != nil {
		return err
	}
	l.s.Server.Blocked, l.s.Server.BlockUnsure, l.s.Operator.Approved = false, false, false
	l.note("server " + l.s.Server.ID + " unblocked")
	l.markLost(unblocked.MarkLost)
	l.s.settleReached(api.SignalRenew, api.SignalUnsuspend)
	return nil
}
