package simulator

import (
	"slices"
	"time"
)

// Change is something that the panel has promised and will do at a time.
type Change struct {
	At   time.Time  `json:"at"`
	What changeKind `json:"what"`
	// Value is the new power state, the template of an install that is done, or the id of a port.
	Value string `json:"value,omitempty"`
}

type changeKind string

const (
	changePower       changeKind = "power"
	changeEnabled     changeKind = "enabled"
	changeDisabled    changeKind = "disabled"
	changeInstalling  changeKind = "installing"
	changeInstalled   changeKind = "installed"
	changeFailed      changeKind = "failed"
	changeCancelled   changeKind = "cancelled"
	changePortOn      changeKind = "port on"
	changePortOff     changeKind = "port off"
	changeDiagnostics changeKind = "diagnostics"
	changeDiagnosed   changeKind = "diagnosed"
)

// later promises a change.
func (s *Server) later(at time.Time, what changeKind, value string) {
	s.Pending = append(s.Pending, Change{at, what, value})
}

// drop forgets promised changes.
func (s *Server) drop(kinds ...changeKind) {
	s.Pending = slices.DeleteFunc(s.Pending, func(c Change) bool { return slices.Contains(kinds, c.What) })
}

func (s *Server) promised(kinds ...changeKind) bool {
	return slices.ContainsFunc(s.Pending, func(c Change) bool { return slices.Contains(kinds, c.What) })
}

// settle does everything that was promised until now, in order of time, and
// tells whether there was anything.
func (s *Server) settle(now time.Time) bool {
	if len(s.Pending) == 0 {
		return false
	}
	var due, rest []Change
	for _, c := range s.Pending {
		if c.At.After(now) {
			rest = append(rest, c)
		} else {
			due = append(due, c)
		}
	}
	slices.SortStableFunc(due, func(a, b Change) int { return a.At.Compare(b.At) })
	s.Pending = rest
	for _, c := range due {
		s.apply(c)
	}
	return len(due) > 0
}

func (s *Server) apply(c Change) {
	switch c.What {
	case changePower:
		s.Power = Power(c.Value)
	case changeEnabled:
		s.Disabled, s.Blocked = false, false
		s.switchPorts(true)
	case changeDisabled:
		s.Disabled = true
		s.switchPorts(false)
	case changeInstalling:
		s.Installing, s.OperationFailed = true, false
	case changeInstalled:
		s.Installing, s.OperationFailed = false, false
		s.Template, s.Power = c.Value, PowerOn
	case changeFailed:
		s.Installing, s.OperationFailed = false, true
	case changeCancelled:
		s.Installing = false
		s.OperationFailed = s.OperationFailed || c.Value != ""
	case changePortOn, changePortOff:
		if port := s.connection(c.Value); port != nil {
			port.On = c.What == changePortOn
		}
	case changeDiagnostics:
		s.Diagnostics = true
	case changeDiagnosed:
		s.Diagnostics = false
	}
}

func (s *Server) switchPorts(on bool) {
	for i := range s.Connections {
		if s.Connections[i].Type == connectionSwitch {
			s.Connections[i].On = on
		}
	}
}
