package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/activities"
)

// Types of the reconciler's workflows.
const (
	TypeReconcile = "Reconcile"
	TypeRepair    = "Repair"
)

// ReconcileScheduleID is the id of the schedule that compares a panel, and the beginning of
// the ids of its runs.
func ReconcileScheduleID(panel string) string { return "reconcile-" + panel }

// ReconcileInput is the argument of Reconcile. Fields are only ever added.
type ReconcileInput struct {
	Panel    string   `json:"panel"`
	Settings Settings `json:"settings,omitzero"`
}

// compareLimit is for one attempt: 2 000 forms take nine minutes, and a report's suspects
// two more.
const compareLimit = time.Hour

// Reconcile compares a panel with WHMCS and the workflows once. It writes nothing; its
// result is the report that people read, and what the schedule's next run knows of it.
func Reconcile(ctx workflow.Context, in ReconcileInput) (activities.DriftReport, error) {
	var last, report activities.DriftReport
	if workflow.HasLastCompletionResult(ctx) {
		// A report that cannot be read any more only costs the times of first sight.
		_ = workflow.GetLastCompletionResult(ctx, &last)
	}
	var known []activities.KnownDrift
	for _, d := range last.Drifts {
		known = append(known, activities.KnownDrift{ID: d.ID, Since: d.Since})
	}
	ctx = workflow.WithActivityOptions(ctx, reconcileOptions(in.Settings, WatchQueue(in.Panel), "compare panel "+in.Panel))
	err := workflow.ExecuteActivity(ctx, reconciler.Compare, activities.CompareInput{Known: known}).Get(ctx, &report)
	return report, err
}

// reconciler is the method set of the activities; the workers hold the real ones.
var reconciler *activities.Reconciler

// reconcileOptions repeat what a vendor that is down has stopped, for as long as it takes.
func reconcileOptions(settings Settings, queue, summary string) workflow.ActivityOptions {
	settings = settings.withDefaults()
	return workflow.ActivityOptions{
		TaskQueue: queue, StartToCloseTimeout: compareLimit, HeartbeatTimeout: time.Duration(settings.Heartbeat), Summary: summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: min(firstRetry, time.Duration(settings.RetryCap)), BackoffCoefficient: 2, MaximumInterval: time.Duration(settings.RetryCap),
		},
	}
}
