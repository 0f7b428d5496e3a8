package dci5

import (
	"encoding/xml"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"metalease/dcim"
)

func decodeText(text string) (node, error) { return decode(strings.NewReader(text), "") }

func TestDecode(t *testing.T) {
	doc, err := decodeText("\ufeff" + `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE doc [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY two "2">]>
<x:doc xmlns:x="http://example.com/x" xmlns="http://example.com/y"><!-- comment -->
 <name> a&amp;b&nbsp;<![CDATA[<c>]]> </name><x:name>second</x:name><flag/>
 <elem a="1" x:b="2"><id>1</id><elem><id>2</id></elem></elem></x:doc>`)
	require.NoError(t, err)
	require.Equal(t, "a&b\u00a0<c>", doc.get("name"))
	require.True(t, doc.has("flag"))
	require.False(t, doc.has("id"))
	require.Empty(t, doc.get("id"))
	require.Len(t, doc.rows(), 1)
	require.Len(t, doc.nestedRows(), 2)
	require.Equal(t, "2", doc.rows()[0].attr("b"))
}

func TestDecodeRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "{}", "<docs/>", "<doc>", "<doc></elem></doc>", "<doc><a></doc>", "<doc a=1></doc>",
		strings.Repeat("<doc>", 100_000),
	} {
		_, err := decodeText(text)
		require.Error(t, err, "%.40q", text)
	}
}

// FuzzDecode: whatever a server sends, reading it ends, and what was read can be
// looked through and sent back.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		`<doc><elem><id>5</id><poweron>on</poweron></elem></doc>`,
		`<doc><error type="value" object="name"><param name="value">x</param><msg>bad</msg></error></doc>`,
		`<!DOCTYPE doc [<!ENTITY a "b">]><doc>&a;</doc>`,
		`<doc xmlns="urn:x"><![CDATA[<]]><slist name="ostemplate"><val key="A">a</val></slist></doc>`,
		"\xff<doc>", `<html><body>`, `{"doc":{}}`,
	} {
		f.Add([]byte(text))
	}
	f.Add([]byte(`<?xml version="1.0" encoding="windows-1251"?><doc><elem><id>&#1;</id><name>` + "\xcf\x01\xf0" + `</name></elem></doc>`))
	client := &Client{config: Config{Name: "dc1", User: "api", Password: "S3cret-password"}}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := decodeText(string(text))
		if err != nil {
			_ = describe(text, err)
			_ = isSixError(text)
			return
		}
		require.Equal(t, "doc", doc.name)
		require.GreaterOrEqual(t, len(doc.nestedRows()), len(doc.rows()))
		for _, row := range doc.nestedRows() {
			_ = newServer(row)
		}
		if failure, failed := doc.child("error"); failed {
			refused := client.refused(write("server.disable", "elid", "5"), failure)
			require.NotEqual(t, dcim.KindNone, dcim.KindOf(refused))
			require.NotContains(t, refused.Error(), "S3cret-password")
			require.NotContains(t, refused.Error(), "\n")
		}
	})
}

// FuzzForm: a form that is read and saved loses nothing and gains nothing, whatever stands in
// its fields, and its owner and notes become what the change says.
func FuzzForm(f *testing.F) {
	f.Add("A1-05", "00:25:90:aa:bb:05", " first\n second & last ", "cust42", "unknown", "2031 <soon>", "17", "new notes")
	f.Add("", "", "", "no_owner", "notes", "twice", "", "")
	f.Add("\u2028", "&amp;", "]]>", "17", "elid", "9", "no_owner", "metalease:main/service-7 active")
	f.Fuzz(func(t *testing.T, name, mac, notes, owner, extra, value, to, written string) {
		var text strings.Builder
		text.WriteString("<doc><elid>5</elid><type>3</type>")
		add := func(field, value string) {
			text.WriteString("<" + field + ">")
			require.NoError(t, xml.EscapeText(&text, []byte(value)))
			text.WriteString("</" + field + ">")
		}
		add("name", name)
		add("mac", mac)
		add("notes", notes)
		add("owner", owner)
		if regexp.MustCompile(`^[a-z_]{1,20}$`).MatchString(extra) && extra != "owner" && extra != "notes" {
			add(extra, value)
		}
		text.WriteString("</doc>")
		doc, err := decodeText(text.String())
		require.NoError(t, err)
		read := newForm("5", doc)
		require.Empty(t, read.missing())
		before := slices.Clone(read.fields)
		change := dcim.Unassign(written)
		want := noOwner
		if to != "" {
			change, want = dcim.Assign(dcim.Account{ID: to}, written), to
		}
		read.apply(change)
		if extra == "elid" {
			require.Equal(t, "5", read.id, "the first one counts, and no field is one of the client's own names")
		}
		require.Empty(t, read.unfit())
		sent := read.request()
		require.Equal(t, []param{{"elid", "5"}, {"sok", "ok"}}, sent.params[:2])
		fields := sent.params[2:]
		require.Len(t, fields, len(before))
		for i, field := range fields {
			switch field.name {
			case "owner":
				require.Equal(t, want, field.value)
			case "notes":
				require.Equal(t, written, field.value)
			default:
				require.Equal(t, before[i], field)
				require.NotContains(t, notFields, field.name)
			}
		}
		body, err := url.ParseQuery(sent.encode("api:pw"))
		require.NoError(t, err)
		require.Equal(t, []string{written}, body["notes"])
	})
}
