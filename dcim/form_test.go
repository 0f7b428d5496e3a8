package dcim_test

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

// form has the fields of docs/dcimanager.md 3.3, unknown ones, one field twice, and what is no field.
const form = `<?xml version="1.0" encoding="UTF-8"?>
<doc func="server.edit" lang="en" xmlns:x="http://example.com/x"><metadata name="server.edit"><form><field name="name"/></form></metadata>
<elid>5</elid><name>A1-05</name><mac>00:25:90:aa:bb:05</mac><notes> first
 second &amp; last </notes><type>3</type><owner>cust42</owner><disabled>off</disabled>
<x:warranty><![CDATA[2031 <soon>]]></x:warranty><empty/><pdu>a</pdu><pdu>b</pdu>
<slist name="owner"><val key="17">cust42</val></slist><slist name="none"/><messages/>
<func>user.delete</func><sok>no</sok><authinfo>x:y</authinfo><ok/></doc>`

// formPanel shows the form and takes what is saved.
func formPanel(t *testing.T, shown string) *stub {
	return newStub(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Form.Get("sok") == "" {
			_, _ = io.WriteString(w, shown)
			return
		}
		_, _ = io.WriteString(w, `<doc><ok/></doc>`)
	})
}

func TestFormKeepsWhatItDoesNotKnow(t *testing.T) {
	panel := formPanel(t, form)
	client := panel.client(t)

	read, err := client.Form(t.Context(), "5")
	require.NoError(t, err)
	require.Equal(t, "5", read.ID())
	require.Equal(t, "A1-05", read.Label())
	require.Equal(t, "00:25:90:aa:bb:05", read.MAC())
	require.Equal(t, "3", read.Type())
	require.Equal(t, "cust42", read.Owner())
	require.Equal(t, " first\n second & last ", read.Notes())
	require.False(t, read.Disabled())

	before := read
	read.SetOwner("17")
	read.SetNotes("changed")
	require.Equal(t, "cust42", before.Owner(), "a copy of a form does not change with it")

	require.NoError(t, client.SaveForm(t.Context(), read))
	require.Equal(t, url.Values{
		"out": {"xml"}, "func": {"server.edit"}, "authinfo": {apiUser + ":" + apiPassword}, "elid": {"5"}, "sok": {"ok"},
		"name": {"A1-05"}, "mac": {"00:25:90:aa:bb:05"}, "notes": {"changed"}, "type": {"3"}, "owner": {"17"}, "disabled": {"off"},
		"warranty": {"2031 <soon>"}, "empty": {""}, "pdu": {"a", "b"},
	}, panel.last(t).Form)
}

func TestFormWithoutOwner(t *testing.T) {
	for _, shown := range []string{"", "<owner/>", "<owner>no_owner</owner>"} {
		panel := formPanel(t, `<doc><elid>5</elid><name>A</name><mac/><notes/><type>3</type><disabled>on</disabled>`+shown+`</doc>`)
		client := panel.client(t)
		read, err := client.Form(t.Context(), "5")
		require.NoError(t, err)
		require.Empty(t, read.Owner())
		require.True(t, read.Disabled())

		read.SetNoOwner()
		require.Empty(t, read.Owner())
		require.NoError(t, client.SaveForm(t.Context(), read))
		require.Equal(t, []string{"no_owner"}, panel.last(t).Form["owner"])
	}
}

func TestFormThatIsNone(t *testing.T) {
	for name, shown := range map[string]string{
		"no mac":       `<doc><elid>5</elid><name>A</name><type>3</type></doc>`,
		"no name":      `<doc><elid>5</elid><mac/><type>3</type></doc>`,
		"no type":      `<doc><elid>5</elid><mac/><name>A</name></doc>`,
		"empty":        `<doc/>`,
		"just done":    `<doc><ok/></doc>`,
		"not simple":   `<doc><elid>5</elid><mac><a/></mac><name>A</name><type>3</type></doc>`,
		"another root": `<html><mac/><name/><type/></html>`,
	} {
		_, err := formPanel(t, shown).client(t).Form(t.Context(), "5")
		require.Equal(t, dcim.KindNotAPanel, dcim.KindOf(err), "%s: %v", name, err)
	}
}

func TestFormsThatAreNotSaved(t *testing.T) {
	panel := formPanel(t, form)
	client := panel.client(t)
	refused := func(form dcim.Form, why string) {
		t.Helper()
		asked := len(panel.requests())
		err := client.SaveForm(t.Context(), form)
		require.Equal(t, dcim.KindValue, dcim.KindOf(err), "%v", err)
		require.ErrorContains(t, err, why)
		require.Len(t, panel.requests(), asked, "nothing may be sent")
	}
	var invented dcim.Form
	invented.SetOwner("17")
	refused(invented, "not read")

	unset, err := client.Form(t.Context(), "5")
	require.NoError(t, err)
	refused(unset, "owner was not set")
	unset.SetOwner("")
	refused(unset, "owner was not set")

	another, err := client.Form(t.Context(), "6")
	require.NoError(t, err)
	require.Equal(t, "5", another.ID())
	another.SetOwner("17")
	refused(another, `server "5" when asked for 6`)
}

func TestFormWithoutAnID(t *testing.T) {
	panel := formPanel(t, `<doc><name>A</name><mac/><type>3</type></doc>`)
	client := panel.client(t)
	read, err := client.Form(t.Context(), "5")
	require.NoError(t, err)
	require.Empty(t, read.ID(), "the form must show the id itself: it is part of the ownership check")
	read.SetNoOwner()
	require.Equal(t, dcim.KindValue, dcim.KindOf(client.SaveForm(t.Context(), read)))
}
