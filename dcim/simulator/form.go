package simulator

import "strings"

// noOwner is the owner of a server that nobody rents, in forms.
const noOwner = "no_owner"

// editServer shows or saves the server form. Saving blanks every field of the
// form that is not sent, as the official module fears (docs/dcimanager.md 3.3), but an
// owner that is not sent stays, and the checkbox disabled is only shown.
func editServer(c *call) (*node, error) {
	s, err := c.server("elid")
	if err != nil {
		return nil, err
	}
	switch {
	case !c.saves():
		return c.showForm(s), nil
	case !c.user.admin():
		return c.saveNotes(s)
	}
	owner, err := c.wantedOwner(s)
	if err != nil {
		return nil, err
	}
	before := s.clone()
	s.MAC, s.Name, s.Notes, s.TypeID = c.get("mac"), c.get("name"), c.keptNotes(), c.get("type")
	s.Owner = owner
	c.judgeSave(&before, s)
	if before.Owner != "" && s.Owner == "" {
		c.diagnose(s)
	}
	return done(field("elid", s.ID)), nil
}

func (c *call) showForm(s *Server) *node {
	owner := noOwner
	if s.Owner != "" {
		owner = c.ownerText(s.Owner, c.cfg.FormOwnerAsName)
	}
	doc := document(field("elid", s.ID), field("name", s.Name), field("mac", s.MAC), field("notes", s.Notes),
		field("type", s.TypeID), field("owner", owner))
	if s.Disabled {
		doc.add(field("disabled", "on"))
	}
	return doc
}

// keptNotes is what the panel keeps of notes (docs/dcimanager.md 3.3).
func (c *call) keptNotes() string {
	notes := c.get("notes")
	if c.cfg.NotesCRLF {
		notes = strings.ReplaceAll(strings.ReplaceAll(notes, "\r\n", "\n"), "\n", "\r\n")
	}
	if kept := []rune(notes); c.cfg.NotesLimit > 0 && len(kept) > c.cfg.NotesLimit {
		notes = string(kept[:c.cfg.NotesLimit])
	}
	return notes
}

// wantedOwner reads the owner as saved: a user id or the word for none.
func (c *call) wantedOwner(s *Server) (string, error) {
	owner := c.get("owner")
	switch {
	case !c.params.Has("owner"):
		return s.Owner, nil
	case owner == noOwner:
		return "", nil
	case c.userByID(owner) == nil:
		return "", badValue("owner", owner, "there is no such user")
	}
	return owner, nil
}

// saveNotes is what a customer may change of the own server.
func (c *call) saveNotes(s *Server) (*node, error) {
	if owner := c.get("owner"); owner != "" && owner != s.Owner {
		return nil, denied("owner", "")
	}
	s.Notes = c.keptNotes()
	return done(field("elid", s.ID)), nil
}

// diagnose starts the diagnostics of a released server, if the policy is on.
func (c *call) diagnose(s *Server) {
	if c.cfg.DiagnosticsOnRelease <= 0 {
		return
	}
	begin := c.now.Add(c.cfg.FlagDelay)
	s.later(begin, changeDiagnostics, "")
	s.later(begin.Add(c.cfg.DiagnosticsOnRelease), changeDiagnosed, "")
	s.settle(c.now)
}
