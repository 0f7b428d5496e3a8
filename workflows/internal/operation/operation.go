// Package operation holds what is done to one server, whoever asks for it: small machines that
// remember how far they have come, do one step at a time and answer how it ended. What follows
// is decided by the caller: the phase of a life, a repair, the end of a quarantine.
package operation

// Queue is where a step runs.
type Queue string

// Queues of a panel (docs/architecture.md, task queues).
const (
	// Build is for installs and what leads to them.
	Build Queue = "build"
	// Urgent is for what takes a server from a customer: never behind installs.
	Urgent Queue = "urgent"
	// Unblock is for what gives a server back to a customer who has paid: never behind blocks.
	Unblock Queue = "unblock"
	// Watch is for waits that may take days.
	Watch Queue = "watch"
)

// Step is one activity on a server.
type Step struct {
	// Summary is what Temporal's tools show beside it.
	Summary  string
	Queue    Queue
	Activity any
	Input    any
}

// Do runs a step to its end and reads its result, nil for none. How long it may take, and what
// cancels it, is the caller's.
type Do func(step Step, result any) error
