package billing

import (
	"context"
	"time"
)

// Reach is what a worker finds when it asks WHMCS the cheapest question (docs/whmcs-api.md 1.6).
type Reach struct {
	// OK is true when WHMCS took our credentials and answered.
	OK bool `json:"ok"`
	// Problem is why not, in the words of the error.
	Problem string `json:"problem,omitempty"`
	// Worst is what has to be repaired first, where WHMCS answers; nil: nothing that was seen in time.
	Worst *ToRepair `json:"worst,omitempty"`
}

// ToRepair is a line of the table of `starter whmcs check` that is not as it should be.
type ToRepair struct {
	Fact     string `json:"fact"`
	Expected string `json:"expected"`
	Seen     string `json:"seen"`
	// Means is what follows, and the cure.
	Means string `json:"means"`
}

// How long WHMCS may take, to answer and to be asked for everything: a person waits.
const (
	reachTimeout = 4 * time.Second
	lookTimeout  = 6 * time.Second
)

// Reach asks WHMCS whether it is there. One that is down is an answer, not an error.
func (w *WHMCS) Reach(ctx context.Context) (Reach, error) {
	limited, cancel := context.WithTimeout(ctx, reachTimeout)
	defer cancel()
	_, err := w.Client.Version(limited)
	if ctx.Err() != nil {
		return Reach{}, ctx.Err()
	}
	switch {
	case err == nil:
		return Reach{OK: true, Worst: w.worst(ctx)}, nil
	case limited.Err() != nil:
		return Reach{Problem: "WHMCS did not answer within " + reachTimeout.String() + ": " + err.Error()}, nil
	}
	return Reach{Problem: err.Error()}, nil
}

func (w *WHMCS) worst(ctx context.Context) *ToRepair {
	if w.Look == nil {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	return w.Look(limited)
}
