package dcim

import (
	"context"
	"fmt"
)

// Install is an OS install (docs/dcimanager.md 3.6).
type Install struct {
	// Template is a template's id, such as ISPsystem__Debian-12-x86_64.
	Template string
	// Recipe is empty for none.
	Recipe   string
	Password string `json:"-"`
	// ClearDisks has the panel clear the disks before (field clearhdd, docs/dcimanager.md 3.6; what it
	// clears is [UNCONFIRMED]).
	ClearDisks bool
}

// Format prints the install without its password, whatever the verb.
func (i Install) Format(state fmt.State, _ rune) {
	_, _ = fmt.Fprintf(state, "install of %s (recipe %q)", i.Template, i.Recipe)
}

// noRecipe is the panel's word for none: the text, not an empty value.
const noRecipe = "null"

// Install asks for an OS install. The panel answers at once; Installing shows in
// the list some time later [UNCONFIRMED how much].
func (c *Client) Install(ctx context.Context, serverID string, in Install) error {
	if in.Recipe == "" {
		in.Recipe = noRecipe
	}
	r := order("server.operations", "sok", "ok", "elid", serverID, "operation", "ostemplate", "ostemplate", in.Template,
		"passwd", in.Password, "confirm", in.Password, "checkpasswd", in.Password, "recipe", in.Recipe)
	if in.ClearDisks {
		r.params = append(r.params, param{"clearhdd", "on"})
	}
	_, err := c.do(ctx, r)
	return err
}

// diagnosticTemplate is the panel's own (docs/dcimanager.md 3.6, [node]).
const diagnosticTemplate = "ISPsystem__Diag-x86_64"

// Diagnose asks for a test of the hardware: Diagnostics shows in the list some time later,
// and HardwareProblem at the end if it found one (docs/dcimanager.md 3.6; the operation's name is
// [UNCONFIRMED]).
func (c *Client) Diagnose(ctx context.Context, serverID string) error {
	_, err := c.do(ctx, order("server.operations", "sok", "ok", "elid", serverID, "operation", "diag", "diag", diagnosticTemplate))
	return err
}

// CancelOperation stops the operation that runs on the server (docs/dcimanager.md 3.6).
func (c *Client) CancelOperation(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.opercancel", serverID)
}

// Progress is the panel's text about the operation that runs (docs/dcimanager.md 3.2).
func (c *Client) Progress(ctx context.Context, serverID string) (string, error) {
	doc, err := c.do(ctx, ask("server", "elid", serverID, "clickstat", "title", "hint_field", "install_in_progress"))
	return doc.get("value"), err
}

// OSTemplate is a template that can be installed.
type OSTemplate struct{ ID, Title string }

// CurrentTemplate returns the id of the server's template and those that it can
// have (docs/dcimanager.md 3.6).
func (c *Client) CurrentTemplate(ctx context.Context, serverID string) (current string, choices []OSTemplate, err error) {
	doc, err := c.do(ctx, ask("server.operations", "elid", serverID))
	if err != nil {
		return "", nil, err
	}
	for _, list := range doc.Children {
		if list.name() != "slist" || list.attr("name") != "ostemplate" {
			continue
		}
		for _, choice := range list.Children {
			if choice.name() == "val" {
				choices = append(choices, OSTemplate{choice.attr("key"), choice.text()})
			}
		}
	}
	return doc.get("ostemplate"), choices, nil
}

// OSTemplates lists the panel's templates of all kinds. The names of their fields
// are [UNCONFIRMED] (docs/dcimanager.md 3.10), so a row without an id goes by its name.
func (c *Client) OSTemplates(ctx context.Context) ([]OSTemplate, error) {
	doc, err := c.do(ctx, ask("osmgr"))
	if err != nil {
		return nil, err
	}
	var templates []OSTemplate
	for _, row := range doc.rows() {
		template := OSTemplate{row.get("id"), row.get("name")}
		if template.ID == "" {
			template.ID = template.Title
		}
		templates = append(templates, template)
	}
	return templates, nil
}
