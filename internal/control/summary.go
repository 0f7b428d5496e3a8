package control

import (
	"fmt"
	"strings"

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
// line, gateway and the pages of WHMCS show the same; its first part stands on the workflow's page in Temporal too. Times are UTC: a text is read later than
// it is written.
func Summary(s Status) string {
	if s.Abandoned() {
		return "the workflow was " + s.Ending + " in phase " + string(s.Phase) + ": nobody looks after this service"
	}
	parts := []string{s.Status.Doing() + s.Status.Detail()}
	switch {
	case s.Attention == nil:
	case s.Phase == api.PhaseAttention:
		parts[0] = s.Status.Doing() + ": " + Numbered(*s.Attention) + s.Attention.Message
	default:
		parts = append(parts, "a person should look: "+Numbered(*s.Attention)+s.Attention.Message)
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

// Numbered is the number of an attention, before its message: a person's word names it. One of an older build has none.
func Numbered(a api.Attention) string {
	if a.Number == 0 {
		return ""
	}
	return fmt.Sprintf("no. %d, ", a.Number)
}

// Abandoned is a lifecycle that ended without a release.
func (s Status) Abandoned() bool { return s.Closed && s.Phase != api.PhaseReleased }
