// Package service is the life of one service, from the paid order until its server is back in
// stock: one file per phase, one per step of the build, one per subject that crosses them.
package service

import (
	"time"

	"metalease/activities/edge"
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/entity"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// ServiceLifecycle runs the life of one service, from the paid order until its
// server is back in stock. The result is the last status.
func ServiceLifecycle(ctx workflow.Context, in Input) (api.Status, error) {
	l, err := newLifecycle(ctx, in)
	if err != nil {
		return api.Status{}, err
	}
	var status api.Status
	ended := false
	root := l.ctx
	workflow.GoNamed(root, "life", func(own workflow.Context) {
		l.ctx, l.run.Ctx = own, own
		status, err = l.live()
		ended = true
	})
	workflow.GoNamed(root, "whmcs-notes", l.keepWHMCSTold)
	workflow.GoNamed(root, "whmcs-status", l.keepWHMCSAgreed)
	workflow.GoNamed(root, "whmcs-doubts", l.askWhatIsDoubted)
	workflow.GoNamed(root, "cart", l.keepCartTold)
	workflow.GoNamed(root, "acting", l.keepActing)
	workflow.GoNamed(root, "root-password", l.keepRootPassword)
	_ = workflow.Await(root, func() bool { return ended || l.wasReset })
	if !ended {
		return api.Status{}, l.beginAnew(root)
	}
	return status, err
}

// lifecycle is one run of one service.
type lifecycle struct {
	// ctx is disconnected from the engine's cancel: a cancel releases nothing.
	ctx workflow.Context
	run *entity.Run
	s   *State
	// inbox holds the newest answers of the allocator and the account entity.
	inbox inbox
	// watch is the running AwaitInstall, nil when there is none.
	watch     workflow.Future
	stopWatch workflow.CancelFunc
	// confirming is a question to WHMCS that must not keep an unblock waiting; nil when there is none.
	confirming     workflow.Future
	stopConfirming workflow.CancelFunc
	// acting is true while something is being done with the server, and keeping while WHMCS is told a password.
	acting, keeping bool
	// following is true while WHMCS is compared with what is true.
	following bool
	// asking is true while WHMCS is asked about a signal that is doubted.
	asking bool
	// telling is true while WHMCS is being told.
	telling   bool
	published published
	// movedFrom is the client whose account was asked for last for a service that is not theirs.
	movedFrom int
	// alarm is set while an answer of the account entity or of the allocator is waited for.
	alarm *alarm
	// asked is true while the account entity has a question of the look that nobody waits for yet.
	asked bool
	// wasReset is true in the run that a reset has begun.
	wasReset bool
}

func newLifecycle(ctx workflow.Context, in Input) (*lifecycle, error) {
	if in.State != nil {
		in.State.Version = entity.CheckVersion(in.State.Version, StateVersion)
	}
	l := &lifecycle{s: in.State}
	l.run = entity.New(ctx, entity.Options{Signals: l.signals(), Ignored: l.ignored, Cancelled: l.refuseCancel, Reset: l.reset})
	l.ctx = l.run.Ctx
	if l.s == nil { // the first run
		if faults := in.Order.Faults(); len(faults) > 0 && !in.Adopted {
			return nil, temporal.NewNonRetryableApplicationError(
				"the order is wrong: "+faults[0].Field+" "+faults[0].Reason, edge.ErrBadOrder, nil, faults)
		}
		l.s = newState(in.Start)
		l.s.Life.enter(api.PhasePending)
		l.s.Life.Step, l.s.Life.Unseen = api.StepAccount, in.Adopt == nil || in.Adopt.Look
		if !in.Adopted {
			l.note("order received, paid " + in.Order.PaidAt.UTC().Format(time.RFC3339))
		}
	}
	err := workflow.SetQueryHandlerWithOptions(ctx, api.QueryStatus,
		func() (api.Status, error) { return l.s.status(), nil },
		workflow.QueryHandlerOptions{Description: "Where the service is in its life, and what it waits for."})
	if err == nil {
		err = l.takeSignOns(ctx)
	}
	if err != nil {
		return nil, err
	}
	l.run.TakeAsTheyCome()
	return l, nil
}

// live does one step of the life after another until nothing is left to do.
func (l *lifecycle) live() (api.Status, error) {
	for {
		if l.over() {
			if status := l.end(); l.over() {
				return status, nil
			}
			continue // a word came in the last moment that a person must see
		}
		l.drain()
		if l.mayContinueAsNew() {
			return api.Status{}, l.run.ContinueAsNew(api.TypeServiceLifecycle, Input{State: l.s})
		}
		switch {
		case l.s.Operator.Detach != nil && !l.s.Life.over():
			if l.detach() {
				return l.end(), nil
			}
		case l.s.Life.Unseen && !l.due():
			l.look()
		case l.s.Adoption.Pending != nil:
			l.adoptServer()
		case l.s.Life.Phase == api.PhaseActive || l.s.Life.Phase == api.PhaseBlocked:
			l.serve()
		case l.s.Life.Phase == api.PhaseReleasing:
			l.release()
		case l.s.Life.Phase == api.PhaseReleased:
			l.awaitAcknowledgement()
		default:
			l.provision()
		}
	}
}

// over tells whether the life has ended; with a person to be waited for it has not.
func (l *lifecycle) over() bool {
	return l.s.Life.Phase == api.PhaseReleased && !l.s.Life.Unseen && l.s.Attention == nil && !l.s.Billing.PaidLate && l.agreed()
}

// end drains the channel and answers everything that was still pending.
func (l *lifecycle) end() api.Status {
	l.publish()
	if l.confirming != nil {
		l.stopConfirming()
	}
	l.run.Flush()
	_ = workflow.Await(l.ctx, func() bool {
		return !l.following && !l.asking && !l.telling && !l.acting && !l.keeping && l.told() && !l.owesCart() && workflow.AllHandlersFinished(l.ctx)
	})
	l.drain()
	l.s.Journal.settle(applied("the service has ended"), api.SignalTerminate, api.SignalDetach)
	l.s.Journal.settle(ignored("the service has ended"), api.Signals...)
	l.publish()
	return l.s.status()
}

// mayContinueAsNew waits for a quiet moment: nothing in flight and nothing in the
// inbox that would be lost.
func (l *lifecycle) mayContinueAsNew() bool {
	return l.run.Full() && l.watch == nil && !l.acting && !l.keeping && !l.following && !l.asking && l.confirming == nil && !l.telling && !l.owesCart() && l.inbox.empty() &&
		workflow.AllHandlersFinished(l.ctx)
}

// drain applies every signal that has arrived: before a timer is believed, and
// before the run ends.
func (l *lifecycle) drain() { l.run.Take() }

// refuseCancel answers a cancel request of the engine: it releases nothing.
func (l *lifecycle) refuseCancel() {
	l.note("a cancel request was ignored: it would leave the server in nobody's hands")
	if l.s.Attention == nil {
		l.attend(api.CodeCancelRequested, "Temporal was asked to cancel this service. That releases nothing: use the signal terminate.")
		l.publish()
	}
}

// detach ends the lifecycle and touches nothing but our mark.
func (l *lifecycle) detach() bool {
	l.cancelWatch()
	l.endActing()
	if l.s.Request.Open && !l.withdraw() {
		return false // a server was granted meanwhile; its mark is taken off in the next step
	}
	if l.s.Server != nil {
		if err := l.perform(l.build("take our mark off server "+l.s.Server.ID), call.Panel.Detach, l.target()); err != nil {
			l.s.Operator.Detach = nil
			l.s.Journal.settle(ignored(call.ProblemOf(err).Message), api.SignalDetach)
			l.attendError(err)
			return false
		}
	}
	l.clearAttention()
	l.note("detached: " + l.s.Operator.Detach.Reason)
	l.s.Journal.settle(applied(""), api.SignalDetach)
	return true
}

func (l *lifecycle) note(what string) { l.s.Journal.note(l.now(), what) }

func (l *lifecycle) now() time.Time { return workflow.Now(l.ctx) }
