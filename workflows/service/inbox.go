package service

import (
	"slices"

	"metalease/activities/panel"
	"metalease/workflows/internal/message"
)

// The words between a lifecycle, the allocator and the account entity.

// inbox holds the newest answers until the main loop reads them.
type inbox struct {
	granted   *message.Reply
	refused   *message.Reply
	withdrawn bool
	account   *message.AccountReply
	// askAgain is true when a new allocator, which knows of nobody, calls.
	askAgain bool
	// stray are grants that nobody waits for; they are given back.
	stray []panel.Server
}

func (in *inbox) empty() bool {
	return in.granted == nil && in.refused == nil && in.account == nil && !in.withdrawn && len(in.stray) == 0
}

func (in *inbox) takeReply(s *State, name string, r message.Reply) {
	current := s.Request.Open && r.Ask == s.Request.Number
	switch {
	case name == message.SignalGranted && current && in.granted == nil:
		in.granted = &r
	case name == message.SignalGranted:
		holds := s.Server != nil && s.Server.ID == r.Server.ID
		waits := in.granted != nil && in.granted.Server.ID == r.Server.ID
		if !holds && !waits && !in.returns(r.Server.ID) {
			in.stray = append(in.stray, r.Server)
		}
	case !current:
	case name == message.SignalRefused:
		in.refused = &r
	case name == message.SignalQueued:
		s.Request.Position = r.Position
	case name == message.SignalWithdrawn:
		in.withdrawn = true
	}
}

// returns tells whether a server is to be given back already.
func (in *inbox) returns(id string) bool {
	return slices.ContainsFunc(in.stray, func(s panel.Server) bool { return s.ID == id })
}
