// Package inquiry runs one read-only question about a panel, so that no program but the worker
// holds a vendor's credentials.
package inquiry

import (
	"encoding/json"
	"metalease/workflows/api/fleet"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// Limits of an inquiry: somebody waits for the answer, so what cannot be told soon is
// told as an error. The caller sets the limit of the whole.
const (
	attempts  = 2
	limit     = 5 * time.Minute
	heartbeat = 30 * time.Second
)

// Inquiry runs one read-only activity on a panel's watch queue and returns its answer as
// it is. Vendor access stays with the workers: the command line and the gateway hold no
// credentials of a panel.
func Inquiry(ctx workflow.Context, in fleet.InquiryInput) (json.RawMessage, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: fleet.WatchQueue(in.Panel), StartToCloseTimeout: limit, HeartbeatTimeout: heartbeat,
		Summary:     in.Activity + " on panel " + in.Panel,
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
