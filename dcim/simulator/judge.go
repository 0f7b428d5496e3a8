package simulator

import "slices"

// judgeTrespass is called when somebody is kept off a server. A look is no harm.
func (c *call) judgeTrespass(s *Server) {
	f := functions[c.function]
	if c.ours && (c.saves() || f.touches) {
		c.violate(s, SessionForeign, "%s is not its owner", c.user.Name)
	}
}

// judgeInstall is called when an install is accepted. On a customer's server staff may only install
// anew, under a mark that says so. What a customer asks for is asked for, unless it came through us
// and the mark shows that it was made before.
func (c *call) judgeInstall(s *Server) {
	staff := c.user.ID == c.apiID
	if c.byHand || !staff && !c.ours {
		return
	}
	marks := parseMarks(s.Notes)
	announced := len(marks) == 1 && marks[0].install() != ""
	key := ""
	if announced {
		key = marks[0].holder + " " + marks[0].install()
	}
	switch {
	case !staff:
	case s.Owner == "":
		c.violate(s, InstallForeign, "nobody holds it")
	case s.Owner != c.apiID && !(announced && s.Owner == s.Tenancy.Customer && len(s.Tenancy.Installs) > 0):
		c.violate(s, InstallForeign, "%s owns it", c.userName(s.Owner))
	}
	again := slices.Contains(s.Tenancy.Installs, key)
	switch {
	case announced && again:
		c.violate(s, InstallUnasked, "a second install under the mark %s", marks[0])
	case !staff:
	case len(marks) == 1 && !announced:
		c.violate(s, InstallUnasked, "its mark says %s, not installing", marks[0])
	case !announced && len(s.Tenancy.Installs) > 0:
		c.violate(s, InstallUnasked, "a second install since it was claimed")
	}
	if staff || announced {
		s.Tenancy.Installs = append(s.Tenancy.Installs, key)
	}
}
