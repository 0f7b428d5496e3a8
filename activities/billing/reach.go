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
}

// reachTimeout is how long WHMCS may take: a person waits for the answer.
const reachTimeout = 4 * time.Second

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
		return Reach{OK: true}, nil
	case limited.Err() != nil:
		return Reach{Problem: "WHMCS did not answer within " + reachTimeout.String() + ": " + err.Error()}, nil
	}
	return Reach{Problem: err.Error()}, nil
}
