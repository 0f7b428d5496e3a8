// Package service is the life of one service, from the paid order until its server is back in
// stock: one file per phase, one per step of the build, one per subject that crosses them.
package service

import (
	"metalease/workflows/api"
	"metalease/workflows/internal/call"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// ServiceLifecycle runs the life of one service, from the paid order until its
// server is back in stock. The result is the last status.
func ServiceLifecycle(ctx workflow.Context, in State) (api.Status, error) {
	l, err := newLifecycle(ctx, in)
	if err != nil {
		return api.Status{}, err
	}
	return l.run()
}

// lifecycle is one run of one service.
type lifecycle struct {
	// ctx is disconnected from the engine's cancel: a cancel releases nothing.
	ctx      workflow.Context
	s        *State
	settings api.Settings
	events   workflow.ReceiveChannel
	// inbox holds the newest answers of the allocator and the account entity.
	inbox inbox
	// watch is the running AwaitInstall, nil when there is none.
	watch     workflow.Future
	stopWatch workflow.CancelFunc
	// following and confirming are questions to WHMCS that must not keep an unblock
	// waiting; nil when there is none.
	following, confirming workflow.Future
	stopConfirming        workflow.CancelFunc
	// telling is true while WHMCS is being told.
	telling   bool
	published published
}

func newLifecycle(ctx workflow.Context, in State) (*lifecycle, error) {
	if faults := in.Order.Faults(); len(faults) > 0 && !in.Adopted {
		return nil, temporal.NewNonRetryableApplicationError(
			"the order is wrong: "+faults[0].Field+" "+faults[0].Reason, "BadOrder", nil, faults)
	}
	disconnected, _ := workflow.NewDisconnectedContext(ctx)
	l := &lifecycle{
		ctx: disconnected, s: &in, settings: in.Settings.WithDefaults(),
		events: workflow.GetSignalChannel(ctx, orderedSignals),
	}
	if l.s.Phase == "" {
		l.s.Phase, l.s.Step = api.PhasePending, api.StepAccount
		if !in.Adopted {
			l.note("order received, paid " + in.Order.PaidAt.UTC().Format(time.RFC3339))
		}
	}
	err := workflow.SetQueryHandlerWithOptions(ctx, api.QueryStatus,
		func() (api.Status, error) { return l.s.status(), nil },
		workflow.QueryHandlerOptions{Description: "Where the service is in its life, and what it waits for."})
	if err != nil {
		return nil, err
	}
	workflow.GoNamed(l.ctx, "signals", l.pump)
	workflow.GoNamed(l.ctx, "whmcs-notes", l.keepWHMCSTold)
	workflow.GoNamed(l.ctx, "cancel-requests", func(own workflow.Context) { l.refuseCancel(own, ctx.Done()) })
	return l, nil
}

// run does one step of the life after another until nothing is left to do.
func (l *lifecycle) run() (api.Status, error) {
	for {
		if l.over() {
			if status := l.end(); l.over() {
				return status, nil
			}
			continue // a word came in the last moment that a person must see
		}
		l.drain()
		if l.mayContinueAsNew() {
			return api.Status{}, workflow.NewContinueAsNewError(l.ctx, api.TypeServiceLifecycle, *l.s)
		}
		switch {
		case l.s.Leaving != nil && l.s.Phase != api.PhaseReleasing && l.s.Phase != api.PhaseReleased:
			if l.detach() {
				return l.end(), nil
			}
		case l.s.Adopt != nil:
			l.adoptServer()
		case l.s.Phase == api.PhaseActive || l.s.Phase == api.PhaseBlocked:
			l.serve()
		case l.s.Phase == api.PhaseReleasing:
			l.release()
		case l.s.Phase == api.PhaseReleased:
			l.awaitAcknowledgement()
		default:
			l.provision()
		}
	}
}

// over tells whether the life has ended; with a person to be waited for it has not.
func (l *lifecycle) over() bool {
	return l.s.Phase == api.PhaseReleased && l.s.Attention == nil && !l.s.PaidLate
}

// end drains the channel and answers everything that was still pending.
func (l *lifecycle) end() api.Status {
	l.publish()
	l.followed()
	if l.confirming != nil {
		l.stopConfirming()
	}
	_ = workflow.Await(l.ctx, func() bool { return !l.telling && l.told() && workflow.AllHandlersFinished(l.ctx) })
	l.drain()
	l.s.settle(applied("the service has ended"), api.SignalTerminate, api.SignalDetach)
	l.s.settle(ignored("the service has ended"), api.Signals...)
	l.publish()
	return l.s.status()
}

// mayContinueAsNew waits for a quiet moment: nothing in flight and nothing in the
// inbox that would be lost. Signals were drained in this task; should another one
// arrive with it, the server has the task done again.
func (l *lifecycle) mayContinueAsNew() bool {
	return workflow.GetInfo(l.ctx).GetContinueAsNewSuggested() && l.watch == nil && l.following == nil && l.confirming == nil && !l.telling && l.inbox.empty() &&
		workflow.AllHandlersFinished(l.ctx)
}

// pump applies signals as they come, so that the status shows them while the
// main loop is busy.
func (l *lifecycle) pump(ctx workflow.Context) {
	for {
		var e envelope
		l.events.Receive(ctx, &e)
		l.take(e)
	}
}

// drain applies every signal that has arrived: before a timer is believed, and
// before the run ends.
func (l *lifecycle) drain() {
	var e envelope
	for l.events.ReceiveAsync(&e) {
		l.take(e)
		e = envelope{}
	}
}

func (l *lifecycle) take(e envelope) {
	if l.inbox.take(l.s, e) {
		return
	}
	if !l.s.receive(e.Name, e.Input, e.Fault, workflow.Now(l.ctx)) {
		workflow.GetMetricsHandler(l.ctx).WithTags(map[string]string{"signal": e.Name}).Counter(metricUndecodable).Inc(1)
	}
}

// metricUndecodable counts signals whose input could not be decoded.
const metricUndecodable = "metalease_undecodable_signals"

// refuseCancel answers a cancel request of the engine: it releases nothing.
func (l *lifecycle) refuseCancel(ctx workflow.Context, cancelled workflow.Channel) {
	cancelled.Receive(ctx, nil)
	l.note("a cancel request was ignored: it would leave the server in nobody's hands")
	if l.s.Attention == nil {
		l.attend(api.CodeCancelRequested, "Temporal was asked to cancel this service. That releases nothing: use the signal terminate.",
			api.SignalTerminate, api.SignalAccept)
	}
}

// detach ends the lifecycle and touches nothing but our mark.
func (l *lifecycle) detach() bool {
	l.cancelWatch()
	if l.s.Asking && !l.withdraw() {
		return false // a server was granted meanwhile; the next round takes its mark off
	}
	if l.s.Server != nil {
		if err := l.perform(l.onBuild("take our mark off server "+l.s.Server.ID), call.Panel.Detach, l.target()); err != nil {
			l.s.Leaving = nil
			l.s.settle(ignored(call.ProblemOf(err).Message), api.SignalDetach)
			l.attendError(err)
			return false
		}
	}
	l.clearAttention()
	l.note("detached: " + l.s.Leaving.Reason)
	l.s.settle(applied(""), api.SignalDetach)
	return true
}

func (l *lifecycle) note(what string) { l.s.note(workflow.Now(l.ctx), what) }

func (l *lifecycle) now() time.Time { return workflow.Now(l.ctx) }
