// Package call is how workflows run activities: their names, options, and the words in which
// an activity's error reaches a person.
package call

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities/billing"
	"metalease/activities/checkout"
	"metalease/activities/engine"
	"metalease/activities/panel"
	"metalease/activities/reconciler"
	"metalease/activities/webhook"
	"metalease/internal/clean"
	"metalease/workflows/api"
)

// Method sets of the activities; the workers hold the real ones.
var (
	Panel      *panel.Panel
	Billing    *billing.WHMCS
	Messenger  *engine.Messenger
	Reconciler *reconciler.Reconciler
	Checkout   *checkout.Checkout
	Webhook    *webhook.Sender
)

// Limits of one attempt. They are far above what a call takes: the clients limit
// each request, and the heartbeat tells a dead worker from a slow panel.
const (
	// OneCall is for one or a few requests.
	OneCall = 5 * time.Minute
	// SomeTime is for what waits for the panel, or reads much of it: 2 000 forms take nine minutes.
	SomeTime = time.Hour
	// LongTime is for what may take days, such as an install that is watched.
	LongTime = 30 * 24 * time.Hour
)

// LongestSummary is of an activity or timer, in characters. It is Markdown.
const LongestSummary = 200

// firstRetry is the pause before the second attempt.
const firstRetry = time.Second

// Options are those of every activity: what a vendor that is down has stopped is repeated for as
// long as it takes, ever more slowly. Limit is for one attempt.
func Options(settings api.Settings, queue string, limit time.Duration, summary string) workflow.ActivityOptions {
	settings = settings.WithDefaults()
	longest := time.Duration(settings.RetryCap)
	return workflow.ActivityOptions{
		TaskQueue: queue, StartToCloseTimeout: limit, HeartbeatTimeout: time.Duration(settings.Heartbeat), Summary: clean.Markdown(summary, LongestSummary),
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: min(firstRetry, longest), BackoffCoefficient: 2, MaximumInterval: longest},
	}
}

// Write are the options of what changes something: a running write is never abandoned, so its
// end is awaited when it is cancelled.
func Write(settings api.Settings, queue string, limit time.Duration, summary string) workflow.ActivityOptions {
	options := Options(settings, queue, limit, summary)
	options.WaitForCancellation = true
	return options
}
