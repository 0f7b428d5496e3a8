package dci5_test

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
	want := dcim.Record{ID: "5", Label: "A1-05", MAC: "00:25:90:aa:bb:05", Owner: "cust42", Notes: " first\n second & last "}
	read, err := client.Record(t.Context(), "5")
	require.NoError(t, err)
	require.Equal(t, want, read)

	require.NoError(t, client.Update(t.Context(), "5", func(have dcim.Record) (dcim.Change, error) {
		require.Equal(t, want, have)
		return dcim.Assign(dcim.Account{ID: "17"}, "changed"), nil
	}))
	require.Equal(t, url.Values{
		"out": {"xml"}, "func": {"server.edit"}, "authinfo": {apiUser + ":" + apiPassword}, "elid": {"5"}, "sok": {"ok"},
		"name": {"A1-05"}, "mac": {"00:25:90:aa:bb:05"}, "notes": {"changed"}, "type": {"3"}, "owner": {"17"}, "disabled": {"off"},
		"warranty": {"2031 <soon>"}, "empty": {""}, "pdu": {"a", "b"},
	}, panel.last(t).Form)
}

func TestFormWithoutOwner(t *testing.T) {
	for _, shown := range []string{"", "<owner/>", "<owner>no_owner</owner>"} {
		panel := formPanel(t, `<doc><elid>5</elid><name>A</name><mac/><notes/><type>3</type><disabled>on</disabled>`+shown+`</doc>`)
		require.NoError(t, panel.client(t).Update(t.Context(), "5", func(have dcim.Record) (dcim.Change, error) {
			require.Empty(t, have.Owner)
			require.True(t, have.Blocked)
			return dcim.Unassign(have.Notes), nil
		}))
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
		client := formPanel(t, shown).client(t)
		_, err := client.Record(t.Context(), "5")
		require.ErrorIs(t, err, dcim.ErrNotAPanel, name)
		require.ErrorIs(t, save(t.Context(), client, "5", "17", ""), dcim.ErrNotAPanel, name)
	}
}

// TestFormsThatAreNotSaved: nothing leaves for the panel.
func TestFormsThatAreNotSaved(t *testing.T) {
	panel := formPanel(t, form)
	client := panel.client(t)
	refused := func(why string, err error) {
		t.Helper()
		require.ErrorIs(t, err, dcim.ErrValue)
		require.ErrorContains(t, err, why)
		require.False(t, dcim.Uncertain(err) || dcim.Refused(err))
		require.Empty(t, panel.last(t).Form.Get("sok"))
	}
	refused("names no owner", save(t.Context(), client, "5", "", "notes"))
	refused(`server "5" when asked for 6`, save(t.Context(), client, "6", "17", "notes"))

	nameless := formPanel(t, `<doc><name>A</name><mac/><type>3</type></doc>`)
	read, err := nameless.client(t).Record(t.Context(), "5")
	require.NoError(t, err)
	require.Empty(t, read.ID, "the form must show the id itself: it is part of the ownership check")
	refused(`server "" when asked for 5`, save(t.Context(), nameless.client(t), "5", "17", ""))
	require.Empty(t, nameless.last(t).Form.Get("sok"))
}
