// Package call is how workflows run activities: their names, options, and the words in which
// an activity's error reaches a person.
package call

import (
	"metalease/activities/billing"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/activities/reconciler"
	"metalease/workflows/api"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// EntityContext has the activity options of the entities that serve many services.
func EntityContext(ctx workflow.Context, settings api.Settings, queue, summary string) workflow.Context {
	settings = settings.WithDefaults()
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           queue,
		StartToCloseTimeout: OneCall,
		HeartbeatTimeout:    time.Duration(settings.Heartbeat),
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: min(FirstRetry, time.Duration(settings.RetryCap)), BackoffCoefficient: 2, MaximumInterval: time.Duration(settings.RetryCap),
		},
	})
}

// Method sets of the activities; the workers hold the real ones.
var (
	Panel     *panel.Panel
	Billing   *billing.WHMCS
	Messenger *engine.Messenger
)

// compareLimit is for one attempt: 2 000 forms take nine minutes, and a report's suspects
// two more.
const compareLimit = time.Hour

// Reconciler is the method set of the activities; the workers hold the real ones.
var Reconciler *reconciler.Reconciler

// ReconcileOptions repeat what a vendor that is down has stopped, for as long as it takes.
func ReconcileOptions(settings api.Settings, queue, summary string) workflow.ActivityOptions {
	settings = settings.WithDefaults()
	return workflow.ActivityOptions{
		TaskQueue: queue, StartToCloseTimeout: compareLimit, HeartbeatTimeout: time.Duration(settings.Heartbeat), Summary: summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: min(FirstRetry, time.Duration(settings.RetryCap)), BackoffCoefficient: 2, MaximumInterval: time.Duration(settings.RetryCap),
		},
	}
}

// Limits of one attempt. They are far above what a call takes: the clients limit
// each request, and the heartbeat tells a dead worker from a slow panel.
const (
	OneCall  = 5 * time.Minute
	SomeTime = time.Hour
	LongTime = 30 * 24 * time.Hour
	// FirstRetry is the pause before the second attempt.
	FirstRetry = time.Second
)
