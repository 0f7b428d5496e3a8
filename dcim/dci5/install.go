package dci5

import (
	"context"

	"metalease/dcim"
)

// noRecipe is the panel's word for none: the text, not an empty value.
const noRecipe = "null"

// Install implements dcim.Backend (docs/dcimanager.md 3.6). The panel answers at once;
// Installing shows some time later, how much is not confirmed.
func (c *Client) Install(ctx context.Context, serverID string, in dcim.Install) error {
	if in.Recipe == "" {
		in.Recipe = noRecipe
	}
	r := installation(serverID, in)
	r.params = append(r.params, param{"recipe", in.Recipe})
	_, err := c.do(ctx, r)
	return err
}

// installation is the request of an install without a recipe.
func installation(serverID string, in dcim.Install) request {
	r := write("server.operations", "sok", "ok", "elid", serverID, "operation", "ostemplate", "ostemplate", in.Template,
		"passwd", in.Password, "confirm", in.Password, "checkpasswd", in.Password)
	if in.ClearDisks {
		r.params = append(r.params, param{"clearhdd", "on"})
	}
	return r
}

// diagnosticTemplate is the panel's own, as a public client sends it (docs/dcimanager.md 3.6).
const diagnosticTemplate = "ISPsystem__Diag-x86_64"

// Diagnose implements dcim.Backend. The operation's name is not confirmed
// (docs/dcimanager.md 3.6).
func (c *Client) Diagnose(ctx context.Context, serverID string) error {
	_, err := c.do(ctx, write("server.operations", "sok", "ok", "elid", serverID, "operation", "diag", "diag", diagnosticTemplate))
	return err
}

// CancelOperation implements dcim.Backend (docs/dcimanager.md 3.6).
func (c *Client) CancelOperation(ctx context.Context, serverID string) error {
	return c.act(ctx, "server.opercancel", serverID)
}

// Progress implements dcim.Backend (docs/dcimanager.md 3.2).
func (c *Client) Progress(ctx context.Context, serverID string) (string, error) {
	doc, err := c.do(ctx, read("server", "elid", serverID, "clickstat", "title", "hint_field", "install_in_progress"))
	return doc.get("value"), err
}

// InstalledTemplate implements dcim.Backend (docs/dcimanager.md 3.6).
func (c *Client) InstalledTemplate(ctx context.Context, serverID string) (string, error) {
	current, _, err := c.InstallChoices(ctx, serverID)
	return current, err
}

// InstallChoices is InstalledTemplate with the templates that this server can have. It is not
// part of dcim.Backend.
func (c *Client) InstallChoices(ctx context.Context, serverID string) (current string, choices []dcim.Template, err error) {
	doc, err := c.do(ctx, read("server.operations", "elid", serverID))
	if err != nil {
		return "", nil, err
	}
	for _, list := range doc.children {
		if list.name != "slist" || list.attr("name") != "ostemplate" {
			continue
		}
		for _, choice := range list.children {
			if choice.name == "val" {
				choices = append(choices, dcim.Template{ID: choice.attr("key"), Title: choice.text()})
			}
		}
	}
	return doc.get("ostemplate"), choices, nil
}

// Templates implements dcim.Backend: those of all kinds. The names of their fields are not
// confirmed (docs/dcimanager.md 3.10), so a row without an id goes by its name.
func (c *Client) Templates(ctx context.Context) ([]dcim.Template, error) {
	doc, err := c.do(ctx, read("osmgr"))
	if err != nil {
		return nil, err
	}
	var templates []dcim.Template
	for _, row := range doc.rows() {
		template := dcim.Template{ID: row.get("id"), Title: row.get("name")}
		if template.ID == "" {
			template.ID = template.Title
		}
		templates = append(templates, template)
	}
	return templates, nil
}
