package control

import (
	"fmt"
	"strings"
	"time"

	"metalease/workflows/api"
)

// composed is the status with its summary, and with empty lists where there are none: null
// would be a third thing to programs.
func (s Status) composed() Status {
	if s.Blocks == nil {
		s.Blocks = []api.Block{}
	}
	if s.Events == nil {
		s.Events = []api.EventRecord{}
	}
	if s.Timeline == nil {
		s.Timeline = []api.Entry{}
	}
	if s.Server != nil && s.Server.ExtraIPs == nil {
		s.Server.ExtraIPs = []string{}
	}
	if s.Attention != nil && s.Attention.Actions == nil {
		s.Attention.Actions = []string{}
	}
	s.Summary = Summary(s)
	return s
}

// Summary says in one sentence what goes on with a service and what stands in the way. Command
// line, gateway and the pages of WHMCS show the same. Times are UTC: a text is read later than
// it is written.
func Summary(s Status) string {
	if s.Abandoned() {
		return "the workflow was " + s.Ending + " in phase " + string(s.Phase) + ": nobody looks after this service"
	}
	parts := []string{s.Doing() + s.detail()}
	if s.Attention != nil && s.Phase != api.PhaseAttention {
		parts = append(parts, "a person should look: "+s.Attention.Message)
	}
	if s.Held != "" {
		parts = append(parts, "held ("+s.Held+")")
	}
	if s.Pause != nil {
		parts = append(parts, "panel "+s.Panel+" is paused")
	}
	if len(s.Trouble) > 0 {
		parts = append(parts, fmt.Sprintf("%s, attempt %d", s.Trouble[0].Words(), s.Trouble[0].Attempt))
	}
	return strings.Join(parts, "; ")
}

// Abandoned is a lifecycle that ended without a release.
func (s Status) Abandoned() bool { return s.Closed && s.Phase != api.PhaseReleased }

// Doing is what the phase means, in a few words: the beginning of the summary.
func (s Status) Doing() string {
	switch s.Phase {
	case api.PhasePending:
		return "being built, step " + string(s.Step)
	case api.PhaseWaiting:
		if s.Position > 0 {
			return fmt.Sprintf("waits for a free server, position %d", s.Position)
		}
		return "waits for a free server"
	case api.PhaseAttention:
		return "the build waits for a person"
	case api.PhaseActive:
		return "the customer has the server"
	case api.PhaseBlocked:
		if s.GraceEndsAt != nil {
			return "blocked, released " + moment(*s.GraceEndsAt) + " unless renewed"
		}
		return "blocked until the reason is lifted"
	case api.PhaseReleasing:
		return "the server is being given back"
	case api.PhaseReleased:
		return "the server was given back"
	default: // of a worker that is newer than this program
		return "phase " + string(s.Phase)
	}
}

// detail goes on where Doing ends.
func (s Status) detail() string {
	switch {
	case s.Phase == api.PhaseAttention && s.Attention != nil:
		return ": " + s.Attention.Message
	case s.Phase == api.PhasePending && s.Step == api.StepInstall && s.Install != nil && s.Install.Deadline.After(s.Install.AcceptedAt):
		return ", late after " + moment(s.Install.Deadline)
	case s.Phase == api.PhaseActive && s.Server != nil:
		return " " + s.Server.ID + ", " + s.Server.IP
	case s.Phase == api.PhaseBlocked && len(s.Blocks) > 0:
		var reasons []string
		for _, block := range s.Blocks {
			reasons = append(reasons, block.Reason)
		}
		return " (" + strings.Join(reasons, ", ") + ")"
	}
	return ""
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }
