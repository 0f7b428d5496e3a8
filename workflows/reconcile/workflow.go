// Package reconcile compares panel, WHMCS and lifecycles, and repairs one difference when a
// person says so.
package reconcile

import (
	"go.temporal.io/sdk/workflow"

	"metalease/activities/drift"
	"metalease/workflows/api/fleet"
	"metalease/workflows/internal/call"
)

// Reconcile compares a panel with WHMCS and the workflows once. It writes nothing; its
// result is the report that people read, and what the schedule's next run knows of it.
func Reconcile(ctx workflow.Context, in fleet.ReconcileInput) (drift.Report, error) {
	var last, report drift.Report
	if workflow.HasLastCompletionResult(ctx) {
		// A report that cannot be read any more only costs the times of first sight.
		_ = workflow.GetLastCompletionResult(ctx, &last)
	}
	var known []drift.Known
	for _, d := range last.Drifts {
		known = append(known, drift.Known{ID: d.ID, Since: d.Since})
	}
	ctx = workflow.WithActivityOptions(ctx, call.Options(in.Settings, fleet.WatchQueue(in.Panel), call.SomeTime, "compare panel "+in.Panel))
	err := workflow.ExecuteActivity(ctx, call.Reconciler.Compare, drift.CompareInput{Known: known}).Get(ctx, &report)
	return report, err
}
