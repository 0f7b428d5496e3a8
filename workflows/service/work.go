package service

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
	"metalease/workflows/internal/operation"
)

func (l *lifecycle) options(queue, summary string, limit time.Duration) workflow.Context {
	return workflow.WithActivityOptions(l.ctx, call.Write(l.s.Settings, queue, limit, summary))
}

func (l *lifecycle) build(summary string) workflow.Context {
	return l.options(fleet.PanelQueue(l.s.Order.Panel), summary, call.SomeTime)
}

func (l *lifecycle) urgent(summary string) workflow.Context {
	return l.options(fleet.UrgentQueue(l.s.Order.Panel), summary, call.SomeTime)
}

// first is for what gives a server back to a customer who has paid: never behind blocks.
func (l *lifecycle) first(summary string) workflow.Context {
	return l.options(fleet.UnblockQueue(l.s.Order.Panel), summary, call.SomeTime)
}

func (l *lifecycle) long(summary string) workflow.Context {
	return l.options(fleet.WatchQueue(l.s.Order.Panel), summary, call.LongTime)
}

func (l *lifecycle) whmcs(summary string) workflow.Context {
	return l.options(api.QueueWHMCS, summary, call.OneCall)
}

// perform runs an activity without a result.
func (l *lifecycle) perform(ctx workflow.Context, activity any, args ...any) error {
	l.publish()
	return workflow.ExecuteActivity(ctx, activity, args...).Get(l.ctx, nil)
}

// result runs an activity and returns its result.
func result[T any](l *lifecycle, ctx workflow.Context, activity any, args ...any) (T, error) {
	l.publish()
	var value T
	err := workflow.ExecuteActivity(ctx, activity, args...).Get(l.ctx, &value)
	return value, err
}

// whileWanted runs an activity and reads its result. When it is not wanted any more it is
// cancelled, whether it runs or waits for its next attempt, and its end is awaited: a payment
// must not wait for a block or a release that a pause or an outage holds up. What a
// cancelled activity has changed is not known.
func (l *lifecycle) whileWanted(ctx workflow.Context, wanted func() bool, answer, activity any, args ...any) error {
	l.publish()
	ctx, stop := workflow.WithCancel(ctx)
	defer stop()
	future := workflow.ExecuteActivity(ctx, activity, args...)
	_ = workflow.Await(l.ctx, func() bool { return future.IsReady() || !wanted() })
	if !future.IsReady() {
		stop()
	}
	return future.Get(l.ctx, answer)
}

// do runs a step of an operation on the service's server.
func (l *lifecycle) do(step operation.Step, answer any) error {
	l.publish()
	return workflow.ExecuteActivity(l.queue(step), step.Activity, step.Input).Get(l.ctx, answer)
}

// doUnlessUndone is do for a release, which a payment in time or a hold gives up.
func (l *lifecycle) doUnlessUndone(step operation.Step, answer any) error {
	wanted := func() bool { return !l.s.undone() && !l.s.heldBack() }
	return l.whileWanted(l.queue(step), wanted, answer, step.Activity, step.Input)
}

func (l *lifecycle) queue(step operation.Step) workflow.Context {
	switch step.Queue {
	case operation.Urgent:
		return l.urgent(step.Summary)
	case operation.Unblock:
		return l.first(step.Summary)
	case operation.Watch:
		return l.long(step.Summary)
	case operation.Build:
	}
	return l.build(step.Summary)
}

// tell signals an entity of ours: through the engine when it runs, else by an activity that starts it.
func (l *lifecycle) tell(summary string, message engine.Message) error {
	l.publish()
	if workflow.SignalExternalWorkflow(l.ctx, message.WorkflowID, "", message.Signal, message.Input).Get(l.ctx, nil) == nil {
		return nil
	}
	message.TaskQueue = api.QueueWorkflows
	return l.perform(l.options(api.QueueWorkflows, summary, call.OneCall), call.Messenger.Tell, message)
}

// await blocks until the condition holds.
func (l *lifecycle) await(condition func() bool) {
	l.publish()
	l.run.Await(condition)
}

// awaitUntil blocks until the condition holds or the time has come, and tells whether the
// condition holds. A payment in the same moment wins.
func (l *lifecycle) awaitUntil(deadline time.Time, summary string, condition func() bool) bool {
	l.publish()
	return l.run.AwaitUntil(deadline, summary, condition)
}

func (l *lifecycle) target() panel.Target {
	target := panel.Target{ServiceID: l.s.Order.ServiceID, Account: l.s.Account, Approved: l.s.Operator.Approved}
	if l.s.Server != nil {
		target.ServerID = l.s.Server.ID
	}
	return target
}

func (l *lifecycle) ref() billing.ServiceRef {
	return billing.ServiceRef{ServiceID: l.s.Order.ServiceID, ClientID: l.s.Order.ClientID}
}

// work describes the order to the building activities.
func (l *lifecycle) work() panel.Build {
	o := l.s.Order
	return panel.Build{
		Target: l.target(), ClientID: o.ClientID, Hostname: o.Domain, Named: l.s.Server.Hostname,
		IPv4: o.IPv4, IPv6: o.IPv6, AddressGroup: o.AddressGroup,
		OSTemplate: o.OSTemplate, Recipe: o.Recipe,
		BrokenAccepted: l.s.Server.HardwareAccepted,
		KeepBlocked:    l.s.Server.Blocked || l.s.Server.BlockUnsure,
		Install:        l.s.Server.Install.Number, Limit: time.Duration(l.s.Settings.PowerTimeout),
	}
}
