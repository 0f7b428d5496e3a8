package api

import (
	"fmt"
	"strings"
	"time"
)

// Doing is what the phase means, in a few words: the beginning of the summary.
func (s Status) Doing() string {
	switch s.Phase {
	case PhasePending:
		return "being built, step " + string(s.Step)
	case PhaseWaiting:
		if s.Position > 0 {
			return fmt.Sprintf("waits for a free server, position %d", s.Position)
		}
		return "waits for a free server"
	case PhaseAttention:
		return "the build waits for a person"
	case PhaseActive:
		return "the customer has the server"
	case PhaseBlocked:
		if s.GraceEndsAt != nil {
			return "blocked, released " + moment(*s.GraceEndsAt) + " unless renewed"
		}
		return "blocked until the reason is lifted"
	case PhaseReleasing:
		return "the server is being given back"
	case PhaseReleased:
		return "the server was given back"
	default: // of a worker that is newer than this program
		return "phase " + string(s.Phase)
	}
}

// Detail goes on where Doing ends; empty for nothing more.
func (s Status) Detail() string {
	switch {
	case s.Phase == PhaseAttention && s.Attention != nil:
		return ": " + s.Attention.Message
	case s.Phase == PhasePending && s.Step == StepInstall && s.Install != nil && s.Install.Deadline.After(s.Install.AcceptedAt):
		return ", late after " + moment(s.Install.Deadline)
	case s.Phase == PhaseActive && s.Server != nil:
		return " " + s.Server.ID + ", " + s.Server.IP
	case s.Phase == PhaseBlocked && len(s.Blocks) > 0:
		var reasons []string
		for _, block := range s.Blocks {
			reasons = append(reasons, block.Reason)
		}
		return " (" + strings.Join(reasons, ", ") + ")"
	}
	return ""
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }
