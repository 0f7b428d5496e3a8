package entity

import (
	"fmt"

	"go.temporal.io/sdk/workflow"
)

// WasReset tells whether this run was begun by `temporal workflow reset`. It holds also while the copied
// part of its history is replayed, so it may change what a call is told, but not which calls are made.
func (r *Run) WasReset() bool {
	info := workflow.GetInfo(r.Ctx)
	return info.OriginalRunID != "" && info.OriginalRunID != info.WorkflowExecution.RunID
}

// watchReset calls back in the first workflow task of a run that `temporal workflow reset` has
// begun. What the run remembers then is what was true at the point of the reset; what was done
// after it stays done.
//
// Only a run that was reset has another id than its history began with, so an ordinary run
// records nothing. Its first tasks are copies: a replay finds no marker there, and the first
// new one leaves one (docs/temporal.md 11).
func (r *Run) watchReset(ctx workflow.Context, reset func(runID string)) {
	if reset == nil || !r.WasReset() {
		return
	}
	info := workflow.GetInfo(ctx)
	id := info.WorkflowExecution.RunID
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
