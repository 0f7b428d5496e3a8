package operation

import (
	"fmt"
	"time"

	"metalease/activities/panel"
	"metalease/workflows/internal/call"
)

// InstallState is what is known of the newest install of a server.
type InstallState string

// States of an install.
const (
	// InstallNone: none was asked for.
	InstallNone InstallState = ""
	// InstallRequested: it was asked for; whether the panel has heard it is not known yet.
	InstallRequested InstallState = "requested"
	// InstallRunning: the panel was seen to run it, and it is watched until it ends.
	InstallRunning InstallState = "running"
	// InstallUnwatched: the panel was seen to run it, and nobody watches it any more.
	InstallUnwatched InstallState = "unwatched"
	// InstallFailed: the panel reports that it failed.
	InstallFailed InstallState = "failed"
	// InstallFinished: it ended well.
	InstallFinished InstallState = "finished"
	// InstallByHand: a person has said that they installed this very server.
	InstallByHand InstallState = "by-hand"
)

// Install is the OS install of one server. It is born with the claim of the server and gone
// with it.
type Install struct {
	State InstallState `json:"state,omitempty"`
	// Number counts the installs of this server, from 1. It stands in the mark, so that a
	// repeat of one install is told from the next one.
	Number     int       `json:"number,omitempty"`
	AcceptedAt time.Time `json:"accepted_at,omitzero"`
	Deadline   time.Time `json:"deadline,omitzero"`
	FinishedAt time.Time `json:"finished_at,omitzero"`
	// Anew is true for an install of a server that its customer has; RequestAnew sets it.
	Anew bool `json:"anew,omitempty"`
}

// Asked tells whether the panel was asked for an install whose end is not known.
func (i *Install) Asked() bool {
	return i.State == InstallRequested || i.State == InstallRunning || i.State == InstallUnwatched
}

// Seen tells whether the panel was seen to run the newest install.
func (i *Install) Seen() bool {
	switch i.State {
	case InstallRunning, InstallUnwatched, InstallFailed, InstallFinished:
		return true
	case InstallNone, InstallRequested, InstallByHand:
	}
	return false
}

// Request gives the install its number, unless one is under way, which keeps its own.
func (i *Install) Request() {
	if !i.Asked() {
		*i = Install{State: InstallRequested, Number: i.Number + 1}
	}
}

// Start has the panel install, or only looks when this install was asked for before. Limit is
// how long it may take from the moment in which the panel accepted it.
func (i *Install) Start(do Do, b panel.Build, limit time.Duration) error {
	var started panel.Started
	step := Step{fmt.Sprintf("install %s on server %s", b.OSTemplate, b.ServerID), Build, call.Panel.StartInstall, b}
	if err := do(step, &started); err != nil {
		return err
	}
	i.accepted(started, limit)
	return nil
}

func (i *Install) accepted(started panel.Started, limit time.Duration) {
	i.AcceptedAt = started.AcceptedAt
	i.Extend(started.AcceptedAt, limit)
	i.Number = max(i.Number, started.Number) // after a reset the mark may have counted further
}

// Extend has an install that runs be waited for from now on, for that long.
func (i *Install) Extend(now time.Time, limit time.Duration) {
	i.State, i.Deadline = InstallRunning, now.Add(limit)
	if i.AcceptedAt.IsZero() { // nobody has seen the panel accept it
		i.AcceptedAt = now
	}
}

// Took is how long the install has taken; 0 when nobody saw it accepted.
func (i *Install) Took() time.Duration {
	if i.AcceptedAt.IsZero() || i.FinishedAt.Before(i.AcceptedAt) {
		return 0
	}
	return i.FinishedAt.Sub(i.AcceptedAt).Round(time.Second)
}

// Inspect reads what became of the install.
func (i *Install) Inspect(do Do, b panel.Build) (panel.Watched, error) {
	var seen panel.Watched
	err := do(Step{"look at the install of server " + b.ServerID, Build, call.Panel.InspectInstall, b}, &seen)
	return seen, err
}

// End takes the end that was seen.
func (i *Install) End(seen panel.Watched) {
	if seen.Progress == panel.InstallFinished {
		i.State, i.FinishedAt = InstallFinished, seen.FinishedAt
		return
	}
	i.State = InstallFailed
}

// Cancel has the panel stop the install, and waits until it is seen to be gone.
func (i *Install) Cancel(do Do, b panel.Build) error {
	return do(Step{"cancel the late install of server " + b.ServerID, Build, call.Panel.CancelOperation, b.Target}, nil)
}

// Unwatch notes that nobody watches any more.
func (i *Install) Unwatch() {
	if i.State == InstallRunning {
		i.State = InstallUnwatched
	}
}

// Rewatch notes that an install which nobody watched is watched again.
func (i *Install) Rewatch() {
	if i.State == InstallUnwatched {
		i.State = InstallRunning
	}
}

// Forget has the next Request ask for a new install.
func (i *Install) Forget() { i.State = InstallFailed }
