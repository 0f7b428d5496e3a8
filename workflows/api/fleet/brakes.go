package fleet

import "time"

// Signals of the brakes, from a person.
const (
	SignalPause  = "pause"
	SignalResume = "resume"
)

// QueryBrakes answers a BrakesView.
const QueryBrakes = "brakes"

// Pause is a person's stop of everything that destroys on a panel.
type Pause struct {
	Reason string    `json:"reason"`
	By     string    `json:"by,omitempty"`
	Since  time.Time `json:"since,omitzero"`
}

// BrakesView is what people see of the brakes.
type BrakesView struct {
	Panel  string `json:"panel"`
	Paused *Pause `json:"paused,omitempty"`
	// Releases and Blocks count the services of the last hour.
	Releases int `json:"releases_last_hour"`
	Blocks   int `json:"blocks_last_hour"`
}
