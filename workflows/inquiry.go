package workflows

import (
	"encoding/json"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// InquiryInput is a question of a person or of the gateway that only a worker can
// answer: Activity names a read-only activity of the panel, Input is its argument.
type InquiryInput struct {
	Panel    string          `json:"panel"`
	Activity string          `json:"activity"`
	Input    json.RawMessage `json:"input,omitempty"`
}

// Limits of an inquiry: somebody waits for the answer, so what cannot be told soon is
// told as an error. The caller sets the limit of the whole.
const (
	inquiryAttempts = 2
	inquiryLimit    = 5 * time.Minute
	inquiryBeat     = 30 * time.Second
)

// Inquiry runs one read-only activity on a panel's watch queue and returns its answer as
// it is. Vendor access stays with the workers: the command line and the gateway hold no
// credentials of a panel.
func Inquiry(ctx workflow.Context, in InquiryInput) (json.RawMessage, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue: WatchQueue(in.Panel), StartToCloseTimeout: inquiryLimit, HeartbeatTimeout: inquiryBeat,
		Summary:     in.Activity + " on panel " + in.Panel,
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: inquiryAttempts, InitialInterval: time.Second},
	})
	var args []any
	if len(in.Input) > 0 {
		args = append(args, in.Input)
	}
	var answer json.RawMessage
	err := workflow.ExecuteActivity(ctx, in.Activity, args...).Get(ctx, &answer)
	return answer, err
}
