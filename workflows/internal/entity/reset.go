package entity

import (
	"fmt"

	"go.temporal.io/sdk/workflow"
)

// watchReset calls back in the first workflow task of a run that `temporal workflow reset` has
// begun. What the run remembers then is what was true at the point of the reset; what was done
// after it stays done.
//
// Only a run that was reset has another id than its history began with, so an ordinary run
// records nothing. Its first tasks are copies: a replay finds no marker there, and the first
// new one leaves one (docs/temporal.md 11).
func (r *Run) watchReset(ctx workflow.Context, reset func(runID string)) {
	info := workflow.GetInfo(ctx)
	id := info.WorkflowExecution.RunID
	if reset == nil || info.OriginalRunID == "" || info.OriginalRunID == id {
		return
	}
	workflow.GoNamed(ctx, "reset", func(own workflow.Context) {
		for seen := 0; ; {
			_ = workflow.Await(own, func() bool { return info.GetCurrentHistoryLength() != seen })
			seen = info.GetCurrentHistoryLength()
			if workflow.GetVersion(own, fmt.Sprintf("reset-%d", seen), workflow.DefaultVersion, 1) != workflow.DefaultVersion {
				reset(id)
				return
			}
		}
	})
}
