package dcim

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	doc, err := decode([]byte("\ufeff" + `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE doc [<!ENTITY secret SYSTEM "file:///etc/passwd"><!ENTITY two "2">]>
<x:doc xmlns:x="http://example.com/x" xmlns="http://example.com/y"><!-- comment -->
 <name> a&amp;b&nbsp;<![CDATA[<c>]]> </name><x:name>second</x:name><flag/>
 <elem a="1" x:b="2"><id>1</id><elem><id>2</id></elem></elem></x:doc>`))
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
		`<!DOCTYPE doc [<!ENTITY two "2">]><doc>&two;</doc>`,
		`<!DOCTYPE doc [<!ENTITY x SYSTEM "file:///etc/passwd">]><doc><name>&x;</name></doc>`,
		`<?xml version="1.0" encoding="KOI8-R"?><doc/>`,
		strings.Repeat("<doc>", 100_000),
	} {
		_, err := decode([]byte(text))
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
	client := &Client{config: Config{Name: "dc1", User: "api", Password: "S3cret-password"}}
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := decode(text)
		if err != nil {
			_ = describe(text)
			_ = isSixError(text)
			return
		}
		require.Equal(t, "doc", doc.name())
		require.GreaterOrEqual(t, len(doc.nestedRows()), len(doc.rows()))
		for _, row := range doc.nestedRows() {
			_ = newServer(row)
		}
		if failure, failed := doc.child("error"); failed {
			refused := client.refused(order("server.disable", "elid", "5"), failure)
			require.NotEqual(t, KindNone, KindOf(refused))
			require.NotContains(t, refused.Error(), "S3cret-password")
			require.NotContains(t, refused.Error(), "\n")
		}
	})
}
