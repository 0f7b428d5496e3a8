package simulator

import (
	"slices"
	"strings"
	"time"
)

// operations shows the form of operations, or starts one (docs/dcimanager.md 3.6).
func operations(c *call) (*node, error) {
	s, err := c.server("elid")
	if err != nil {
		return nil, err
	}
	if !c.saves() {
		return c.showOperations(s), nil
	}
	if err := c.mayTouch(s); err != nil {
		return nil, err
	}
	switch operation := c.get("operation"); operation {
	case "ostemplate":
		return c.startInstall(s)
	case "diag":
		return c.startDiagnostics(s)
	case "rescue", "isotemplate":
		s.Tenancy.Touched = true
		return done(), nil
	default:
		return nil, badValue("operation", operation, "there is no such operation")
	}
}

// startDiagnostics wants a template like any other operation, and a server on which none runs.
func (c *call) startDiagnostics(s *Server) (*node, error) {
	switch {
	case c.get("diag") == "":
		return nil, missed("diag", "")
	case c.busy(s):
		return nil, badValue("operation", "diag", "another operation is in progress on the server")
	}
	s.Tenancy.Touched = true
	s.later(c.now.Add(c.cfg.FlagDelay), changeDiagnostics, "")
	s.later(c.now.Add(c.cfg.FlagDelay+c.cfg.DiagnosticsOnRelease), changeDiagnosed, "")
	return done(), nil
}

func (c *call) showOperations(s *Server) *node {
	choices := element("slist").with("name", "ostemplate")
	choices.many = true
	for _, id := range c.cfg.Templates {
		choice := field("val", templateTitle(id)).with("key", id)
		choice.many = true
		choices.add(choice)
	}
	return document(field("elid", s.ID), field("ostemplate", s.Template), choices)
}

// templateTitle is the name behind the repository in REPO__NAME.
func templateTitle(id string) string {
	if _, name, found := strings.Cut(id, "__"); found {
		return name
	}
	return id
}

func (c *call) startInstall(s *Server) (*node, error) {
	if err := c.mayInstall(s); err != nil {
		return nil, err
	}
	fails := s.FailInstalls != 0
	s.FailInstalls = max(s.FailInstalls-1, min(s.FailInstalls, 0))
	c.judgeInstall(s)
	s.Tenancy.Touched = true
	c.recordInstall(s, fails)

	s.drop(changeInstalling, changeInstalled, changeFailed, changeCancelled)
	appears := c.now.Add(c.cfg.FlagDelay)
	s.Operation = Operation{Template: c.get("ostemplate"), Accepted: c.now.UTC(), Ends: appears.Add(c.cfg.InstallTime).UTC()}
	if c.cfg.TemplateOnAccept {
		s.Template = s.Operation.Template
	}
	if c.cfg.ClearFailureOnAccept {
		s.OperationFailed = false
	}
	s.later(appears, changeInstalling, "")
	if fails {
		s.later(s.Operation.Ends, changeFailed, "")
	} else {
		s.later(s.Operation.Ends, changeInstalled, s.Operation.Template)
	}
	s.settle(c.now)
	return done(), nil
}

// mayInstall checks what an install asks for. Both sets of parameters in use are
// taken: the module's, and that of the node client (docs/dcimanager.md 3.6).
func (c *call) mayInstall(s *Server) error {
	template := c.get("ostemplate")
	switch {
	case template == "":
		return missed("ostemplate", "")
	case !slices.Contains(c.cfg.Templates, template):
		return badValue("ostemplate", template, "there is no such template")
	case c.params.Has("recipe") && c.get("recipe") == "":
		return badValue("recipe", "", "no recipe is the word null")
	case c.cfg.DisabledRefusesInstall && s.Disabled:
		return &refusal{typeValue, "disabled", s.ID, "The server is disabled"}
	case s.mainIP() == "":
		return missed("ip", "")
	case s.MAC == "":
		return missed("mac", "")
	case !s.bootsOverNetwork():
		return missed("ipmi", "")
	case c.busy(s) && !c.cfg.InstallWhileInstalling:
		return badValue("operation", "ostemplate", "another operation is in progress on the server")
	}
	if err := c.goodPassword("passwd"); err != nil {
		return err
	}
	for _, again := range []string{"confirm", "checkpasswd"} {
		if c.params.Has(again) && c.get(again) != c.get("passwd") {
			return badValue(again, "", "the passwords differ")
		}
	}
	return nil
}

// installing is true from the moment an install is accepted, though the flag may
// appear late.
func (c *call) installing(s *Server) bool {
	return s.Installing || s.promised(changeInstalling)
}

// busy is true while any operation runs, or has been accepted.
func (c *call) busy(s *Server) bool {
	return c.installing(s) || s.Diagnostics || s.promised(changeDiagnostics, changeDiagnosed)
}

// bootsOverNetwork: an install switches the server by IPMI or a power unit (docs/dcimanager.md 3.6).
func (s *Server) bootsOverNetwork() bool {
	return slices.ContainsFunc(s.Connections, func(x Connection) bool { return x.Type == connectionIPMI || x.Type == connectionPDU })
}

func (c *call) recordInstall(s *Server, fails bool) {
	entry := Install{
		At: c.now.UTC(), Server: s.ID, Template: c.get("ostemplate"), Recipe: c.get("recipe"),
		Password: c.get("passwd"), By: c.user.Name, Fails: fails,
	}
	if marks := parseMarks(s.Notes); len(marks) == 1 {
		entry.Mark = marks[0].String()
	}
	c.installs = append(c.installs, entry)
}

// cancelOperation stops an install or a test; without one it does nothing, or refuses.
func cancelOperation(c *call) (*node, error) {
	mayCancel := func(s *Server) error {
		if c.cfg.CancelNeedsOperation && !c.busy(s) {
			return &refusal{typeValue, "elid", s.ID, "There is no operation to cancel"}
		}
		return nil
	}
	return c.each(mayCancel, func(s *Server) {
		if s.promised(changeDiagnostics, changeDiagnosed) || s.Diagnostics {
			s.drop(changeDiagnostics, changeDiagnosed)
			s.later(c.now.Add(c.cfg.FlagDelay), changeDiagnosed, "")
		}
		if !c.installing(s) {
			s.settle(c.now)
			return
		}
		s.drop(changeInstalling, changeInstalled, changeFailed)
		s.Operation.Ends = time.Time{}
		failed := ""
		if c.cfg.CancelMeansFailed {
			failed = "failed"
		}
		s.later(c.now.Add(c.cfg.FlagDelay), changeCancelled, failed)
		s.settle(c.now)
	})
}

func listTemplates(c *call) (*node, error) {
	doc := list()
	for _, id := range c.cfg.Templates {
		repository, _, _ := strings.Cut(id, "__")
		r := row()
		if !c.cfg.TemplatesWithoutID {
			r.add(field("id", id))
		}
		doc.add(r.add(field("name", id), field("type", "os"), field("status", "ok"), field("source", repository)))
	}
	return doc, nil
}
