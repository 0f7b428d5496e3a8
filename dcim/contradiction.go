package dcim

import "time"

// Contradiction is a line of a panel's profile that is not true any more (docs/panel-facts.md).
type Contradiction struct {
	// Fact is the line, Was what it says, Is what the panel shows.
	Fact  string    `json:"fact"`
	Was   string    `json:"was"`
	Is    string    `json:"is"`
	Since time.Time `json:"since"`
}
