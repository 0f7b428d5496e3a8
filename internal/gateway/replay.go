package gateway

import (
	"net/http"
	"sync"
	"time"

	"metalease/internal/signing"
)

// replays remembers the signatures of calls that change something, for as long as they could be sent again. Calls that only
// ask may repeat: two of one second have the same signature, and a copy of one changes nothing.
type replays struct {
	mu   sync.Mutex
	seen map[string]time.Time
	// swept is when the old ones were last forgotten.
	swept time.Time
}

func newReplays() *replays { return &replays{seen: map[string]time.Time{}} }

// again tells whether a call with a right signature was here before. It is remembered from now on.
func (r *replays) again(req *http.Request, now time.Time) bool {
	if req.Method == http.MethodGet {
		return false
	}
	signature, at := signing.Signed(req)
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.swept) > signing.Tolerance {
		for old, until := range r.seen {
			if until.Before(now) {
				delete(r.seen, old)
			}
		}
		r.swept = now
	}
	_, there := r.seen[signature]
	r.seen[signature] = at.Add(signing.Tolerance)
	return there
}
