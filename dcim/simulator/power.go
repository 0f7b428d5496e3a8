package simulator

// enable and disable answer at once. The flag follows after the delay, and the
// switch ports are busy for twice as long (docs/dcimanager.md 3.4 and 4).

func enable(c *call) (*node, error)  { return c.gate(changeEnabled) }
func disable(c *call) (*node, error) { return c.gate(changeDisabled) }

func (c *call) gate(what changeKind) (*node, error) {
	return c.each(allowed, func(s *Server) {
		s.later(c.now.Add(c.cfg.FlagDelay), what, "")
		for i := range s.Connections {
			if s.Connections[i].Type == connectionSwitch {
				s.Connections[i].BusyUntil = c.now.Add(2 * c.cfg.FlagDelay)
			}
		}
		s.settle(c.now)
	})
}

func allowed(*Server) error { return nil }

func powerOn(c *call) (*node, error) {
	return c.each(c.unlessDisabled(c.cfg.DisabledRefusesPowerOn), func(s *Server) { c.switchPower(s, PowerOn) })
}

func powerOff(c *call) (*node, error) {
	return c.each(c.unlessDisabled(c.cfg.DisabledRefusesPowerOff), func(s *Server) { c.switchPower(s, PowerOff) })
}

func reboot(c *call) (*node, error) { return powerOn(c) }

func (c *call) unlessDisabled(refuses bool) func(*Server) error {
	return func(s *Server) error {
		if refuses && s.Disabled {
			return &refusal{typeValue, "disabled", s.ID, "The server is disabled"}
		}
		return nil
	}
}

// switchPower promises a new state of power. The newest command counts.
func (c *call) switchPower(s *Server, want Power) {
	s.drop(changePower)
	if s.FailPower != 0 {
		s.FailPower = max(s.FailPower-1, -1)
		want = PowerError
	}
	s.later(c.now.Add(c.cfg.FlagDelay+c.cfg.PowerTime), changePower, string(want))
	s.settle(c.now)
}
