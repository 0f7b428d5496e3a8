package service

import (
	"time"

	"metalease/workflows/api"
)

// decideRunning is not built yet: nothing is done with a running server.
func (s *State) decideRunning(api.Event, time.Time) decision {
	return ignored("this build does nothing with a running server")
}
