package gateway

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"go.uber.org/zap"

	"metalease/internal/control"
	"metalease/internal/signing"
)

// systemKept is how long a System URL counts that the namespace was asked about: so much later a move holds in every gateway.
const systemKept = 10 * time.Second

// systems remembers the System URL whose calls are served, so that not every call asks Temporal.
type systems struct {
	mu     sync.Mutex
	served string
	until  time.Time
}

// check refuses the call of a WHMCS that is not the one that this namespace serves: a copy carries the same secret and the same
// name, and must not reach the servers of customers. A caller without a System URL is no WHMCS, and neither is one with a key of its
// own, a shop or a reader: the first address that is asked about counts from then on, and only WHMCS may teach it.
func (s *systems) check(r *http.Request, of Control, now time.Time) error {
	said := r.Header.Get(signing.HeaderSystem)
	if said == "" || r.Header.Get(signing.HeaderKey) != "" || s.serves(said, now) {
		return nil
	}
	if err := of.System(r.Context(), said); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served, s.until = said, now.Add(systemKept)
	return nil
}

func (s *systems) serves(said string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return said == s.served && now.Before(s.until)
}

// foreign answers a call that check has refused, or that could not be checked.
func (g *gateway) foreign(w http.ResponseWriter, r *http.Request, err error) {
	other, is := errors.AsType[*control.OtherSystem](err)
	if is {
		g.Logger.Warn("a call of another WHMCS was refused", zap.String("served", other.Known), zap.String("said", other.Said))
	}
	if is || errors.Is(err, control.ErrNoSystem) {
		g.metrics.refused.WithLabelValues(string(wrongSystem)).Inc()
	}
	g.fail(w, r, err)
}
