package workflows

import (
	"encoding/json"

	"metalease/activities"
)

// The words between a lifecycle, the allocator and the account entity.

// serverRequest asks an allocator for a server. The same request gets the same answer.
type serverRequest struct {
	ServiceID int      `json:"service_id"`
	ClientID  int      `json:"client_id"`
	Ask       int      `json:"ask"`
	RunID     string   `json:"run_id"`
	Package   string   `json:"package"`
	PaidAt    Moment   `json:"paid_at"`
	ServerID  string   `json:"server_id,omitempty"`
	Exclude   []string `json:"exclude,omitempty"`
}

// withdrawal takes a request back.
type withdrawal struct {
	ServiceID int `json:"service_id"`
	Ask       int `json:"ask"`
	// RunID is the run that asked; empty when it never did.
	RunID string `json:"run_id,omitempty"`
}

// reply is every answer to a serverRequest.
type reply struct {
	Ask      int                `json:"ask"`
	Machine  activities.Machine `json:"machine,omitzero"`
	Code     string             `json:"code,omitempty"`
	Why      string             `json:"why,omitempty"`
	Position int                `json:"position,omitempty"`
}

// accountReply is the answer of an account entity.
type accountReply struct {
	Account activities.Account `json:"account,omitzero"`
	Code    string             `json:"code,omitempty"`
	Why     string             `json:"why,omitempty"`
}

// inbox holds the newest answers until the main loop reads them.
type inbox struct {
	granted   *reply
	refused   *reply
	withdrawn bool
	account   *accountReply
	// askAgain is true when a new allocator, which knows of nobody, calls.
	askAgain bool
	// stray are grants that nobody waits for; they are given back.
	stray []activities.Machine
}

func (in *inbox) empty() bool {
	return in.granted == nil && in.refused == nil && in.account == nil && !in.withdrawn && len(in.stray) == 0
}

// take keeps an answer of one of our own workflows; false is a public signal.
func (in *inbox) take(s *Input, e envelope) bool {
	switch e.Name {
	case signalGranted, signalRefused, signalQueued, signalWithdrawn:
		var r reply
		if json.Unmarshal(e.Input, &r) == nil {
			in.takeReply(s, e.Name, r)
		}
		return true
	case signalAskAgain:
		in.askAgain = true
		return true
	case signalAccount:
		var r accountReply
		if json.Unmarshal(e.Input, &r) == nil && s.Step == StepAccount { // later ones are repeats
			in.account = &r
		}
		return true
	}
	return false
}

func (in *inbox) takeReply(s *Input, name string, r reply) {
	current := s.Asking && r.Ask == s.Ask
	switch {
	case name == signalGranted && current && in.granted == nil:
		in.granted = &r
	case name == signalGranted:
		holds := s.Server != nil && s.Server.ID == r.Machine.ID
		waits := in.granted != nil && in.granted.Machine.ID == r.Machine.ID
		if !holds && !waits {
			in.stray = append(in.stray, r.Machine)
		}
	case !current:
	case name == signalRefused:
		in.refused = &r
	case name == signalQueued:
		s.Position = r.Position
	case name == signalWithdrawn:
		in.withdrawn = true
	}
}
