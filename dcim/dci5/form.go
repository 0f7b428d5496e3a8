package dci5

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"metalease/dcim"
)

// form is the form of one server, as the panel showed it. Saving blanks what is
// not sent (docs/dcimanager.md 3.3), so it keeps every field, known or not, in order, down to
// the bytes that are no text.
type form struct {
	asked, id string
	fields    []param
}

// notFields are elements of a form document that are no fields of the form, and
// names that the client itself sends.
var notFields = []string{
	"elid", "id", "plid", "ok", "doc", "error", "metadata", "messages", "slist", "list", "elem", "tparams", "saved_filters",
	"func", "out", "sok", "lang", "clicked_button", "auth", "authinfo",
}

// required are the fields without which a form was not really read.
var required = []string{"mac", "name", "type"}

// newForm reads a document. Elements with children are no fields.
func newForm(asked string, doc node) form {
	f := form{asked: asked, id: doc.get("elid")}
	if f.id == "" {
		f.id = doc.get("id")
	}
	for _, child := range doc.children {
		if len(child.children) == 0 && !slices.Contains(notFields, child.name) {
			f.fields = append(f.fields, param{child.name, child.raw})
		}
	}
	return f
}

// missing is the first required field that the form lacks.
func (f form) missing() string {
	for _, name := range required {
		if f.find(name) < 0 {
			return name
		}
	}
	return ""
}

func (f form) find(name string) int {
	return slices.IndexFunc(f.fields, func(p param) bool { return p.name == name })
}

// get is a field as people may read it.
func (f form) get(name string) string {
	if i := f.find(name); i >= 0 {
		return readable(f.fields[i].value)
	}
	return ""
}

func (f *form) set(name, value string) {
	if i := f.find(name); i >= 0 {
		f.fields[i].value = value
		return
	}
	f.fields = append(f.fields, param{name, value})
}

// record is what the form says. Whether it shows the owner by id or by name is not confirmed;
// a checkbox is text (docs/dcimanager.md 4).
func (f form) record() dcim.Record {
	return dcim.Record{
		ID: f.id, Owner: owner(strings.TrimSpace(f.get("owner"))), Notes: f.get("notes"),
		Label: strings.TrimSpace(f.get("name")), MAC: strings.TrimSpace(f.get("mac")),
		Blocked: strings.TrimSpace(f.get("disabled")) == "on",
	}
}

// apply sets what a change says.
func (f *form) apply(change dcim.Change) {
	id, nobody := change.Owner()
	if nobody {
		id = noOwner
	}
	f.set("owner", id)
	f.set("notes", change.Notes())
}

// unfit is why the form must not be saved; empty when it may.
func (f form) unfit() string {
	switch {
	case f.id != f.asked:
		return fmt.Sprintf("the panel showed the form of server %q when asked for %s", f.id, f.asked)
	case f.get("owner") == "":
		return "the change names no owner"
	}
	return ""
}

// request is the save of the whole form.
func (f form) request() request {
	r := write("server.edit", "elid", f.id, "sok", "ok")
	for _, field := range f.fields {
		r.params = append(r.params, param{field.name, asReceived(field.value)})
	}
	return r
}

// form reads the form of a server. A document without the fields mac, name and
// type is KindNotAPanel.
func (c *Client) form(ctx context.Context, serverID string) (form, error) {
	r := read("server.edit", "elid", serverID)
	doc, err := c.do(ctx, r)
	if err != nil {
		return form{}, err
	}
	f := newForm(serverID, doc)
	if missing := f.missing(); missing != "" {
		return form{}, c.fail(r, dcim.KindNotAPanel, "the form has no field "+missing+", so it is not one of a server")
	}
	return f, nil
}

// Record implements dcim.Backend.
func (c *Client) Record(ctx context.Context, serverID string) (dcim.Record, error) {
	f, err := c.form(ctx, serverID)
	if err == nil {
		c.saw("owner-in-form", f.record().Owner)
	}
	return f.record(), err
}

// Update implements dcim.Backend: the form is read, and sent back whole with what changed. A
// form of another server, or a change without an owner, is KindValue and not sent.
func (c *Client) Update(ctx context.Context, serverID string, decide func(dcim.Record) (dcim.Change, error)) error {
	return c.Turn(ctx, serverID, 2, func(ctx context.Context) error { return c.update(ctx, serverID, decide) })
}

func (c *Client) update(ctx context.Context, serverID string, decide func(dcim.Record) (dcim.Change, error)) error {
	f, err := c.form(ctx, serverID)
	if err != nil {
		return err
	}
	change, err := decide(f.record())
	if err != nil || change == (dcim.Change{}) {
		return err
	}
	f.apply(change)
	why := f.unfit()
	if why == "" {
		why = c.tooLong(change.Notes())
	}
	if why != "" {
		return c.fail(f.request(), dcim.KindValue, why+"; nothing was written")
	}
	_, err = c.do(ctx, f.request())
	return err
}
