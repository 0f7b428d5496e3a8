package dcim

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Form is the form of one server, as the panel showed it. Saving blanks what is
// not sent (docs/dcimanager.md 3.3), so it keeps every field, known or not, in order.
type Form struct {
	asked, id string
	fields    []param
	ownerSet  bool
}

// notFields are elements of a form document that are no fields of the form, and
// names that the client itself sends.
var notFields = []string{
	"elid", "id", "plid", "ok", "doc", "error", "metadata", "messages", "slist", "list", "elem", "tparams", "saved_filters",
	"func", "out", "sok", "lang", "clicked_button", "auth", "authinfo",
}

// required are the fields without which a form was not really read.
var required = []string{"mac", "name", "type"}

// Form reads the form of a server. A document without the fields mac, name and
// type is KindNotAPanel.
func (c *Client) Form(ctx context.Context, serverID string) (Form, error) {
	r := ask("server.edit", "elid", serverID)
	doc, err := c.do(ctx, r)
	if err != nil {
		return Form{}, err
	}
	form := Form{asked: serverID, id: doc.get("elid")}
	if form.id == "" {
		form.id = doc.get("id")
	}
	for _, child := range doc.Children {
		if len(child.Children) == 0 && !slices.Contains(notFields, child.name()) {
			form.fields = append(form.fields, param{child.name(), child.Text})
		}
	}
	if missing := form.missing(); missing != "" {
		return Form{}, c.fail(r, KindNotAPanel, "the form has no field "+missing+", so it is not one of a server")
	}
	return form, nil
}

// missing is the first required field that the form lacks.
func (f Form) missing() string {
	for _, name := range required {
		if f.find(name) < 0 {
			return name
		}
	}
	return ""
}

func (f Form) find(name string) int {
	return slices.IndexFunc(f.fields, func(p param) bool { return p.name == name })
}

func (f Form) get(name string) string {
	if i := f.find(name); i >= 0 {
		return f.fields[i].value
	}
	return ""
}

// set leaves copies of the form as they were.
func (f *Form) set(name, value string) {
	f.fields = slices.Clone(f.fields)
	if i := f.find(name); i >= 0 {
		f.fields[i].value = value
		return
	}
	f.fields = append(f.fields, param{name, value})
}

// ID is the server's id as the form shows it; empty when it shows none.
func (f Form) ID() string { return f.id }

// Label is the text on the machine.
func (f Form) Label() string { return strings.TrimSpace(f.get("name")) }

// MAC is the hardware address of the server's first port.
func (f Form) MAC() string { return strings.TrimSpace(f.get("mac")) }

// Notes is free text, our mark among it.
func (f Form) Notes() string { return f.get("notes") }

// Type is the form's value of the server type, which need not be the list's text.
func (f Form) Type() string { return strings.TrimSpace(f.get("type")) }

// Owner is the owner's id or name ([UNCONFIRMED] which); empty when there is none.
func (f Form) Owner() string { return owner(strings.TrimSpace(f.get("owner"))) }

// Disabled is the form's checkbox (docs/dcimanager.md 4.3).
func (f Form) Disabled() bool { return strings.TrimSpace(f.get("disabled")) == "on" }

// SetOwner sets the owner by user id.
func (f *Form) SetOwner(userID string) {
	f.set("owner", userID)
	f.ownerSet = userID != ""
}

// SetNoOwner frees the server.
func (f *Form) SetNoOwner() { f.SetOwner(noOwner) }

// SetNotes replaces the notes.
func (f *Form) SetNotes(notes string) { f.set("notes", notes) }

// SaveForm sends the whole form back. It refuses (KindValue, nothing is sent) a
// form that Client.Form did not read, or that shows another id than the one asked
// for, or whose owner was not set: the form may show the owner as a name where
// saving takes an id [UNCONFIRMED], so sending back what was read could give the
// server to the wrong user or to nobody. Whoever saves says whose it is to be.
func (c *Client) SaveForm(ctx context.Context, form Form) error {
	r := order("server.edit", "elid", form.id, "sok", "ok")
	r.params = append(r.params, form.fields...)
	if why := form.unfit(); why != "" {
		return c.fail(r, KindValue, why+"; nothing was written")
	}
	_, err := c.do(ctx, r)
	return err
}

func (f Form) unfit() string {
	switch missing := f.missing(); {
	case f.asked == "":
		return "the form was not read from the panel"
	case f.id != f.asked:
		return fmt.Sprintf("the panel showed the form of server %q when asked for %s", f.id, f.asked)
	case missing != "":
		return "the form has no field " + missing
	case !f.ownerSet:
		return "the form's owner was not set"
	}
	return ""
}
