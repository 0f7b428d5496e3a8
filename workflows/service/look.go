package service

import (
	"cmp"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/edge"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
)

// A run that begins looks where the world is before it believes what it remembers: what WHMCS
// shows, and which server of the panel is this service's. look.go asks, seen.go takes up what
// was found.

// reset notes that the run was begun by a reset: what it remembers was true once, and what the run
// before did since is done.
func (l *lifecycle) reset(runID string) {
	l.wasReset = true
	l.s.Life.Reset, l.s.Life.Unseen, l.s.Life.Blind = runID, true, false
	l.s.Life.Settled = l.now().Add(time.Duration(l.s.Settings.WithDefaults().Heartbeat))
	l.note("Temporal has reset this service: it looks at WHMCS and the panel first")
}

// beginAnew leaves whatever a reset run waits for: the next run begins with what is remembered,
// and looks.
func (l *lifecycle) beginAnew(root workflow.Context) error {
	l.run.Take()
	l.dropUnsure()
	return workflow.NewContinueAsNewError(root, api.TypeServiceLifecycle, Input{State: l.s})
}

// look asks WHMCS and the panel once. What they show is taken up, or a person decides.
func (l *lifecycle) look() {
	if l.s.Life.Blind && !l.lookAgain() {
		return
	}
	// What the run before had under way hears within a heartbeat that nobody wants its result.
	l.awaitUntil(l.s.Life.Settled, "let what the run before the reset had begun come to its end", func() bool { return !l.now().Before(l.s.Life.Settled) })
	view, found, err := l.seen()
	switch {
	case temporal.IsCanceledError(err):
		return // a block or unblock comes first
	case err != nil && l.serves() && l.s.Life.Settled.IsZero() && l.s.Server != nil: // what it knows was read once, and holds until the next look
		l.s.Life.Unseen, l.s.Life.Blind = false, true
		l.attendError(err, api.SignalRetry, api.SignalTerminate, api.SignalDetach)
		return
	case err != nil:
		if l.building() {
			l.neverAsks()
		}
		l.decideOn(err)
		return
	}
	l.s.Life.Checked, l.s.Life.Unseen, l.s.Operator.Approved = true, false, false
	l.s.Blocks.Stopped, l.s.Life.Settled = "", time.Time{}
	if l.s.Attention != nil && !l.s.Attention.IsNotice() {
		l.clearAttention()
	}
	l.takeUp(view, found)
	if l.s.Life.Step != api.StepAccount {
		l.inbox.account, l.asked = nil, false // nobody reads it
	}
	if !l.s.Life.Unseen && l.building() {
		l.s.Journal.settle(applied(""), api.SignalRenew, api.SignalUnsuspend)
	}
}

// seen reads WHMCS and the panel. The account, with which a build begins, is asked for at once.
func (l *lifecycle) seen() (view billing.OrderView, found panel.Found, err error) {
	in := panel.LookInput{
		FindInput: panel.FindInput{ServiceID: l.s.Order.ServiceID, ClientID: l.s.Order.ClientID,
			Thorough: l.s.Order.Restart || l.s.Life.Reset != "" || l.s.Life.Checked},
		OnlyClient: !l.followsClient(),
	}
	if l.s.Server != nil {
		in.Remembered = l.s.Server.ID
	}
	if name := l.s.Account.Name; name != "" {
		in.Accounts = []string{name}
	}
	if l.building() && l.s.Adoption.Pending == nil && l.s.Operator.Terminate == nil {
		ask := l.toAccount()
		in.Ask, l.inbox.account = &ask, nil
	}
	var looked panel.Looked
	err = l.whileWanted(l.build("look at the order in WHMCS and for its server"), func() bool { return !l.due() }, &looked, call.Panel.Look, in)
	if err == nil {
		l.asked = looked.Asked
		err = l.followClient(looked.View)
	}
	if err == nil {
		l.s.Billing.Username = looked.View.Username
	}
	return looked.View, looked.Found, err
}

// followsClient tells whether the service may go on under another client: an order that was never
// seen before may be meant for another service.
func (l *lifecycle) followsClient() bool { return l.s.Life.Checked || l.s.Operator.Approved }

// followClient takes the client whom WHMCS shows, unless a person has to say that the order is not
// meant for another service.
func (l *lifecycle) followClient(view billing.OrderView) error {
	ordered := l.s.Order.ClientID
	switch {
	case view.ClientID == 0 || view.ClientID == ordered:
		return nil
	case !l.followsClient():
		return temporal.NewNonRetryableApplicationError(fmt.Sprintf("service %d belongs to client %d in WHMCS, not to client %d: was the order meant for another service? retry builds it for client %d",
			l.s.Order.ServiceID, view.ClientID, ordered, view.ClientID), edge.ErrClient, nil)
	}
	l.note(fmt.Sprintf("WHMCS shows the service under client %d, not %d any more: taken over", view.ClientID, ordered))
	l.s.Order.ClientID = view.ClientID
	return nil
}

// noticeClient has the service look again when an answer of WHMCS names another client.
func (l *lifecycle) noticeClient(client int) {
	if client != 0 && client != l.s.Order.ClientID && l.serves() {
		l.s.Life.lookSoon()
	}
}

// due tells whether a service has to be blocked or unblocked before it looks again: neither a
// payer nor an abuser waits for a WHMCS that is down. After a reset nothing comes before the look.
func (l *lifecycle) due() bool {
	return l.serves() && !l.s.Life.Blind && l.s.Life.Settled.IsZero() && l.s.Server != nil && l.s.Blocks.Stopped == "" && l.s.unsettled()
}

// building tells whether the service has not reached its customer yet.
func (l *lifecycle) building() bool {
	switch l.s.Life.Phase {
	case api.PhasePending, api.PhaseWaiting, api.PhaseAttention:
		return true
	case api.PhaseActive, api.PhaseBlocked, api.PhaseReleasing, api.PhaseReleased:
	}
	return false
}

// decideOn has a person decide on what the look has shown, or could not see.
func (l *lifecycle) decideOn(err error) {
	l.s.Life.Unseen, l.s.Life.Blind = true, true
	if l.building() {
		l.s.Life.enter(api.PhasePending)
		l.stuck(err)
		return
	}
	l.attendError(err, api.SignalRetry, api.SignalTerminate, api.SignalDetach)
}

// lookAgain waits for the person who decides; true looks once more.
func (l *lifecycle) lookAgain() bool {
	o := &l.s.Operator
	l.await(func() bool { return l.interrupted() || l.mayContinueAsNew() })
	switch {
	case l.interrupted() && l.s.Life.over() && (o.Detach != nil || o.Terminate != nil): // the release does what was said
		l.s.Life.Unseen, l.s.Life.Blind = false, false
		if o.Detach == nil {
			l.clearAttention()
		}
		return false
	case !l.interrupted() || o.Detach != nil:
		return false // the next run waits on, or the main loop detaches
	case o.Terminate != nil: // what is remembered is given back, as far as the panel shows it as ours
		l.s.Life.Unseen, l.s.Life.Blind = false, false
		return false
	}
	l.approve()
	o.Retry, o.Accept = nil, nil
	l.s.Life.Blind = false
	l.clearAttention()
	l.s.Journal.settle(applied(""), api.SignalRetry, api.SignalAccept)
	return true
}

// notToBuild is the error of a service that WHMCS does not want built, and why not simply so.
func notToBuild(view billing.OrderView, why string) error {
	kind := edge.ErrStatus
	if view.Ended {
		kind = edge.ErrNotPending
	}
	return temporal.NewNonRetryableApplicationError(cmp.Or(view.NotPending, "WHMCS shows it as "+view.Status)+"; "+why, kind, nil)
}
