package panel

import (
	"context"

	"go.temporal.io/sdk/activity"

	"metalease/activities/edge"
)

// unsent is what an attempt leaves that ends in order and has not asked for what must not be asked for
// twice: an install that is announced, or may be, or a reboot.
type unsent struct {
	// Install is its number; 0 is a reboot.
	Install int `json:"install"`
	// Attempt is the one that leaves it. It holds for the very next only: what that one has sent, a
	// third could not know.
	Attempt int32 `json:"attempt"`
}

const unsentKey = "unsent"

func keepUnsent(ctx context.Context, number int) {
	edge.Keep(ctx, unsentKey, unsent{number, activity.GetInfo(ctx).Attempt})
}

func unsentBefore(ctx context.Context, number int) bool {
	left, kept := edge.Recall[unsent](ctx, unsentKey)
	return kept && left.Install == number && left.Attempt+1 == activity.GetInfo(ctx).Attempt
}

// carryUnsent returns what an attempt does that comes to nothing either: the next one is to know
// what this one knew.
func carryUnsent(ctx context.Context) func() {
	left, kept := edge.Recall[unsent](ctx, unsentKey)
	if !kept || !unsentBefore(ctx, left.Install) {
		return func() {}
	}
	return func() { keepUnsent(ctx, left.Install) }
}
