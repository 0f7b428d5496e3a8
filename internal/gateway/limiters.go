package gateway

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiters bound how often each of many may call.
type limiters[K comparable] struct {
	mu    sync.Mutex
	known map[K]*rate.Limiter
	swept time.Time
}

// mostLimited bounds the memory; beyond it all are forgotten, and begin anew.
const mostLimited = 10_000

// wait takes a call into account; above zero it is refused, and is how long to wait.
func (l *limiters[K]) wait(who K, perSecond float64, burst int, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil || len(l.known) >= mostLimited || now.Sub(l.swept) > time.Hour {
		l.known, l.swept = map[K]*rate.Limiter{}, now
	}
	limiter := l.known[who]
	if limiter == nil {
		limiter = rate.NewLimiter(rate.Limit(perSecond), burst)
		l.known[who] = limiter
	}
	reserved := limiter.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait > 0 {
		reserved.CancelAt(now)
	}
	return wait
}
