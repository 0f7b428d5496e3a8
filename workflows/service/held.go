package service

import (
	"time"

	"metalease/workflows/api"
	"metalease/workflows/api/running"
)

// held tells since when the customer has the server. What is not certain is later than it was, never earlier: a panel counts
// traffic by server, and what came before is somebody else's.
func (s *State) held(now time.Time) running.Held {
	switch s.Life.Phase {
	case api.PhaseActive, api.PhaseBlocked:
		if s.Life.Since.IsZero() {
			s.Life.Since = now
		}
	case api.PhaseReleasing: // a payment may still bring it back
	default:
		s.Life.Since = time.Time{}
	}
	if s.Server == nil || s.Life.Since.IsZero() {
		return running.Held{}
	}
	return running.Held{ServerID: s.Server.ID, Since: s.Life.Since, AccountID: s.Account.ID, AccountName: s.Account.Name}
}
