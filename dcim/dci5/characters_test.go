package dci5

import (
	"encoding/xml"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A list with one bad row between two good ones: whatever stands in it, the others are read, and
// it is read as far as it can be.
func TestWhatIsNoCharacterCostsItself(t *testing.T) {
	for name, c := range map[string]struct{ declared, charset, label, want string }{
		"control characters":     {label: "A\x00\x01\x1b[31m", want: "A\uFFFD\uFFFD\uFFFD[31m"},
		"control references":     {label: "A&#1;&#x1B;&#0;", want: "A\uFFFD\uFFFD\uFFFD"},
		"no characters at all":   {label: "A&#xD800;&#xFFFF;&#1114112;\uFFFE", want: "A" + strings.Repeat("\uFFFD", 8)},
		"wrong UTF-8":            {label: "Z\xfcrich \xff", want: "Z\uFFFDrich \uFFFD"},
		"half a character":       {label: "Z\xc3", want: "Z\uFFFD"},
		"a bare ampersand":       {label: "R&D; a && b &", want: "R&D; a && b &"},
		"an unknown reference":   {label: "&two;&#x;&#;", want: "&two;&#x;&#;"},
		"CDATA":                  {label: "<![CDATA[<&#1;\x01]]>&amp;", want: "<&#1;\uFFFD&"},
		"a private character":    {label: "\U000F0041", want: strings.Repeat("\uFFFD", 4)},
		"Cyrillic":               {declared: "windows-1251", label: "\xd1\xf2\xee\xe9\xea\xe0", want: "Стойка"},
		"Latin":                  {declared: "ISO-8859-1", label: "Z\xfcrich", want: "Zürich"},
		"by the header":          {charset: "koi8-r", label: "\xf3", want: "С"},
		"declared, not header":   {declared: "UTF-8", charset: "koi8-r", label: "é", want: "é"},
		"an unknown encoding":    {declared: "x-nobody-knows", label: "Z\xfc", want: "Z\uFFFD"},
		"UTF-16, which it isn't": {declared: "UTF-16", label: "é", want: "é"},
	} {
		text := "<doc><elem><id>1</id></elem><elem><id>2</id><name>" + c.label + "</name></elem><elem><id>3</id></elem></doc>"
		if c.declared != "" {
			text = `<?xml version="1.0" encoding="` + c.declared + `"?>` + text
		}
		doc, err := decode(strings.NewReader(text), c.charset)
		require.NoError(t, err, name)
		rows := doc.rows()
		require.Len(t, rows, 3, name)
		require.Equal(t, c.want, rows[1].get("name"), name)
		require.Equal(t, "3", rows[2].get("id"), name)
	}
}

func TestByteOrderMarks(t *testing.T) {
	for _, text := range []string{
		"\xEF\xBB\xBF<doc><name>\xc3\xa9</name></doc>",
		"\xFE\xFF" + strings.Join(strings.Split("<doc><name>\xe9</name></doc>", ""), "\x00"),
		"\xFF\xFE" + strings.Join(strings.Split("<doc><name>\xe9</name></doc>", ""), "\x00") + "\x00",
	} {
		if strings.HasPrefix(text, "\xFE\xFF") {
			text = "\xFE\xFF\x00" + text[2:]
		}
		doc, err := decodeText(text)
		require.NoError(t, err)
		require.Equal(t, "é", doc.get("name"))
	}
}

// A document that breaks off says where.
func TestABrokenDocumentNamesTheRow(t *testing.T) {
	_, err := decodeText("<doc><elem><id>16</id></elem><elem><id>17</id></elem><elem><id>18</id><name>a<b</name></elem></doc>")
	require.ErrorContains(t, err, "behind the row of id 17")
}

// A form goes back byte by byte as it came, whatever stands in it, and nobody else sees what is
// no character.
func TestAFormKeepsBytesThatAreNoText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		label := string(rapid.SliceOf(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("\x01\xff\xc3\xa9<&]")))).Draw(t, "label"))
		label = strings.NewReplacer("\r", "", "\x00", "").Replace(label)
		if rapid.Bool().Draw(t, "private") {
			label += "\U000F0041"
		}
		escaped := strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;").Replace(label)
		doc, err := decodeText("<doc><elid>5</elid><type>3</type><mac>m</mac><notes>n</notes><name>" + escaped + "</name></doc>")
		if err != nil {
			t.Fatalf("%q: %v", label, err)
		}
		f := newForm("5", doc)
		if got := f.request().get("name"); got != label {
			t.Fatalf("%q goes back as %q", label, got)
		}
		if shown := f.record().Label; !utf8.ValidString(shown) || strings.ContainsFunc(shown, isKept) {
			t.Fatalf("%q is shown as %q", label, shown)
		}
	})
}

// What is legal goes through as it is.
func TestLegalTextIsUntouched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.StringOfN(rapid.Rune().Filter(func(r rune) bool { return inXML(r) && !isKept(r) && r != '\r' }), 0, 100, -1).Draw(t, "text")
		var b strings.Builder
		if err := xml.EscapeText(&b, []byte(want)); err != nil {
			t.Fatal(err)
		}
		doc, err := decodeText(`<doc><name at="` + b.String() + `">` + b.String() + "</name></doc>")
		if err != nil {
			t.Fatal(err)
		}
		name, _ := doc.child("name")
		if name.raw != want || name.attr("at") != want {
			t.Fatalf("%q became %q and %q", want, name.raw, name.attr("at"))
		}
	})
}
