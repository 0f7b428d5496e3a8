package simulator

import (
	crand "crypto/rand"
	"fmt"
	"net/url"
)

// actByHand is what a user does in the panel itself, past every client: the owner, if nobody is
// named. The panel refuses it as ever; it is nobody's violation.
func (p *Panel) actByHand(s *Server, change patch) error {
	if change.PowerCommand == nil && change.Install == nil {
		return nil
	}
	name := s.Owner
	set(&name, change.By)
	user := p.userByIDOrName(name)
	switch {
	case user == nil:
		return fmt.Errorf("nobody owns server %s, or %q is no user of the panel: say by whom", s.ID, name)
	case !user.admin() && user.ID != s.Owner:
		return denied("server", s.ID)
	}
	c := &call{Panel: p, user: user, now: p.cfg.Clock(), byHand: true, params: url.Values{}}
	if err := c.mayTouch(s); err != nil {
		return err
	}
	if change.PowerCommand != nil {
		if err := c.powerByHand(s, *change.PowerCommand); err != nil {
			return err
		}
	}
	if change.Install == nil {
		return nil
	}
	c.function = "server.operations"
	c.params = url.Values{"ostemplate": {*change.Install}, "passwd": {crand.Text()}}
	_, err := c.startInstall(s)
	return err
}

func (c *call) powerByHand(s *Server, command string) error {
	want, refuses := PowerOn, c.cfg.DisabledRefusesPowerOn
	switch command {
	case "on", "reboot":
	case "off":
		want, refuses = PowerOff, c.cfg.DisabledRefusesPowerOff
	default:
		return fmt.Errorf("power command is %q: it must be on, off or reboot", command)
	}
	if err := c.unlessDisabled(refuses)(s); err != nil {
		return err
	}
	s.Tenancy.Touched = true
	c.switchPower(s, want)
	return nil
}
