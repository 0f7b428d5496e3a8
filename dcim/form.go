package dcim

import (
	"context"
	"fmt"
)

// Form is the whole form of a server. Saving it blanks every field that is not
// sent (reference 3.3), so it keeps all that were read, in their order.
type Form struct {
	id     string
	fields []field
	// owned is true once the owner was set. The form may show the owner as a name
	// where saving wants an id (unconfirmed), so an unset owner is never sent back.
	owned bool
}

type field struct{ name, value string }

// notFields are simple elements of a form document that are no fields.
var notFields = map[string]bool{"elid": true, "id": true, "ok": true, "plid": true, "title": true, "tparams": true}

// required are the fields without which a form was not really read.
var required = []string{"mac", "name", "type"}

// NoOwner is the owner of a server that nobody rents, as saved.
const noOwner = "no_owner"

// Form reads the form of a server.
func (c *Client) Form(ctx context.Context, serverID string) (Form, error) {
	doc, err := c.read(ctx, "server.edit", "elid", serverID)
	if err != nil {
		return Form{}, err
	}
	form := Form{id: doc.get("elid")}
	if form.id == "" {
		form.id = doc.get("id")
	}
	if form.id == "" {
		form.id = serverID // the panel answered the question as it was asked
	}
	for _, child := range doc.Children {
		if len(child.Children) == 0 && !notFields[child.name()] {
			form.fields = append(form.fields, field{child.name(), child.Text})
		}
	}
	for _, name := range required {
		if _, there := form.find(name); !there {
			return Form{}, c.fail("server.edit", KindNotAPanel, fmt.Sprintf("the form of server %s has no field %s", serverID, name))
		}
	}
	return form, nil
}

func (f *Form) find(name string) (int, bool) {
	for i := range f.fields {
		if f.fields[i].name == name {
			return i, true
		}
	}
	return 0, false
}

func (f *Form) get(name string) string {
	if i, there := f.find(name); there {
		return f.fields[i].value
	}
	return ""
}

func (f *Form) set(name, value string) {
	fields := append([]field(nil), f.fields...) // the caller's copy of the form stays as it was
	f.fields = fields
	if i, there := f.find(name); there {
		f.fields[i].value = value
		return
	}
	f.fields = append(f.fields, field{name, value})
}

// ID is the server's id, as the form shows it.
func (f Form) ID() string { return f.id }

// Label is the text on the machine.
func (f Form) Label() string { return f.get("name") }

// MAC is the server's network address.
func (f Form) MAC() string { return f.get("mac") }

// Notes is free text, our mark among it.
func (f Form) Notes() string { return f.get("notes") }

// Type is the form's value of the server type, which need not be the list's text.
func (f Form) Type() string { return f.get("type") }

// Owner is the owner's id or name; empty when there is none.
func (f Form) Owner() string {
	if owner := f.get("owner"); owner != noOwner {
		return owner
	}
	return ""
}

// Disabled is the form's checkbox (reference 4.3).
func (f Form) Disabled() bool { return f.get("disabled") == "on" }

// SetOwner sets the owner by user id.
func (f *Form) SetOwner(userID string) {
	f.set("owner", userID)
	f.owned = true
}

// SetNoOwner frees the server.
func (f *Form) SetNoOwner() { f.SetOwner(noOwner) }

// SetNotes replaces the notes.
func (f *Form) SetNotes(notes string) { f.set("notes", notes) }

// SaveForm saves a form that Form has read and whose owner was set.
func (c *Client) SaveForm(ctx context.Context, form Form) error {
	if form.id == "" || len(form.fields) == 0 || !form.owned {
		return c.fail("server.edit", KindValue, "a form is saved only after it was read and its owner was set; nothing was written")
	}
	params := []string{"sok", "ok", "elid", form.id}
	for _, f := range form.fields {
		params = append(params, f.name, f.value)
	}
	_, err := c.change(ctx, "server.edit", params...)
	return err
}
