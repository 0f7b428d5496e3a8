// Package inquiry runs one read-only question about a panel or WHMCS, so that no program but the worker
// holds a vendor's credentials.
package inquiry

import (
	"encoding/json"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"metalease/workflows/api"
	"metalease/workflows/api/fleet"
)

// Limits of an inquiry: somebody waits for the answer, so what cannot be told soon is
// told as an error. The caller sets the limit of the whole.
const (
	attempts  = 2
	limit     = 5 * time.Minute
	heartbeat = 30 * time.Second
)

// Inquiry runs one read-only activity on a panel's watch queue, or on WHMCS's queue when it names no panel, and returns its
// answer as it is. Vendor access stays with the workers: the command line and the gateway hold no
// credentials of a panel.
func Inquiry(ctx workflow.Context, in fleet.InquiryInput) (json.RawMessage, error) {
	queue, summary := fleet.WatchQueue(in.Panel), in.Activity+" on panel "+in.Panel
	if in.Panel == "" {
		queue, summary = api.QueueWHMCS, in.Activity+" on WHMCS"
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: queue, StartToCloseTimeout: limit, HeartbeatTimeout: heartbeat,
		Summary:     summary,
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: attempts, InitialInterval: time.Second},
	})
	var args []any
	if len(in.Input) > 0 {
		args = append(args, in.Input)
	}
	var answer json.RawMessage
	err := workflow.ExecuteActivity(ctx, in.Activity, args...).Get(ctx, &answer)
	return answer, err
}
