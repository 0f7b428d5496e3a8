package clean

import (
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// hostile draws texts of pieces with which pages, terminals and eyes are deceived.
var hostile = rapid.Custom(func(t *rapid.T) string {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"<script>alert(1)</script>", "<img src=x onerror=a>", "&lt;b&gt;", "&amp;lt;", "&#x202e;", "&#60;script&#62;", "&", "amp;", "lt;", "#x3c;",
		"[here](https://evil.example)", "](", "![", "[a]: http://x", "`rm -rf`", "**bold**", "http://evil.example", "www.evil.example", "a@b.example",
		"\x1b[31m", "\x1b]8;;http://x\x07", "\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\r\n", "\xff", "\u0085", "\u2028", "\U000e0041", "\\", "\"", "'", "\t", "~~", "|", "# ",
	}))
	return strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " "}).Draw(t, "joint"))
})

// deceives tells whether a reader or a terminal could be deceived by a text.
func deceives(text string) bool {
	return !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Cs, unicode.Zl, unicode.Zp) || unicode.Is(unicode.Bidi_Control, r)
	})
}

func TestVisibleKeepsColumnsAndNothingElse(t *testing.T) {
	require.Equal(t, "  a b", Visible("\t\na\u3000b\u200b\u202e"))
	rapid.Check(t, func(t *rapid.T) {
		if text := hostile.Draw(t, "text"); deceives(Visible(text)) || Visible(Visible(text)) != Visible(text) {
			t.Fatalf("%q is shown as %q", text, Visible(text))
		}
	})
}

// What a browser would make of it: tags are gone, and no reference becomes one.
func TestAPageMeansNothingToHTMLOrMarkdown(t *testing.T) {
	require.Equal(t, "R&D ‹b›x‹/b› [here] (https://x.example)", Page("R&amp;D <b>x</b>\n[here](https://x.example)", 100))
	require.Equal(t, "Overdue on Payment", Page("Overdue on Payment", 100))
	rapid.Check(t, func(t *rapid.T) {
		text, limit := hostile.Draw(t, "text"), rapid.IntRange(0, 200).Draw(t, "limit")
		page := Page(text, limit)
		switch {
		case deceives(page), strings.ContainsAny(page, "<>`"), strings.Contains(page, "]("), utf8.RuneCountInString(page) > limit:
			t.Fatalf("%q is shown as %q", text, page)
		case deceives(html.UnescapeString(page)), strings.ContainsAny(html.UnescapeString(page), "<>"):
			t.Fatalf("%q is shown as %q, in a browser as %q", text, page, html.UnescapeString(page))
		case Page(page, limit) != page:
			t.Fatalf("%q becomes %q, then %q", text, page, Page(page, limit))
		}
	})
}

// unescaped is what Markdown means something by: a sign without a backslash before it.
var unescaped = regexp.MustCompile(`(?:^|[^\\])(?:\\\\)*[*\x60\[\]<>&~|!@]|://|www\.`)

// Markdown shows the line as it is: without its backslashes it is the line again.
func TestMarkdownMeansNothing(t *testing.T) {
	require.Equal(t, `server A1-05, server5.example.com, 192.0.2.5`, Markdown("server A1-05, server5.example.com, 192.0.2.5", 100))
	require.Equal(t, `\[here\](https:\//x.example)`, Markdown("[here](https://x.example)", 100))
	backslash := regexp.MustCompile(`\\(.)`)
	rapid.Check(t, func(t *rapid.T) {
		text := hostile.Draw(t, "text")
		shown := Markdown(text, 200)
		if deceives(shown) || unescaped.MatchString(shown) || backslash.ReplaceAllString(shown, "$1") != Line(text, 200) {
			t.Fatalf("%q is written as %q", text, shown)
		}
	})
}

// An encoded document stays one, and says the same but for what deceives.
func TestJSONIsCleanAndTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := hostile.Draw(t, "text")
		document, err := json.Marshal(map[string]any{"text": text, "list": []any{text, 5, true, nil}})
		if err != nil {
			t.Fatal(err)
		}
		var decoded struct {
			Text string
			List []any
		}
		if err := json.Unmarshal(JSON(document), &decoded); err != nil {
			t.Fatalf("%q: %v", JSON(document), err)
		}
		want := strings.Map(func(r rune) rune {
			switch {
			case r == '\n' || r == '\r' || r == '\t' || shown(r):
				return r
			case unicode.IsSpace(r) || unicode.IsControl(r):
				return ' '
			}
			return -1
		}, text)
		if decoded.Text != want || decoded.List[0] != want {
			t.Fatalf("%q is shown as %q, not %q", text, decoded.Text, want)
		}
	})
	require.Equal(t, `{"a":"\ud83d\ude00 x"}`, string(JSON([]byte("{\"a\":\"\\ud83d\\ude00\u202e\\u0007x\\ud800\"}"))))
}
