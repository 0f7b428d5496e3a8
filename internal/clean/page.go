package clean

import (
	"html"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// longest is how many characters of a text are looked at.
const longest = 4096

// Page is a Line that means nothing to HTML or Markdown: references are resolved first, and then
// tags and the joints of links are gone. It is for fields of which nobody knows who will render
// them. Page of a page's line changes nothing.
func Page(text string, limit int) string {
	text = Line(text, longest)
	// A reference may hide a character that Line takes out, and that one another reference.
	for plain := ""; plain != text; {
		plain, text = text, Line(html.UnescapeString(text), longest)
	}
	return Line(disarmed.Replace(text), limit)
}

// disarmed replaces what begins a tag or a reference, and parts what makes a link of Markdown.
var disarmed = strings.NewReplacer("<", "‹", ">", "›", "&#", "& #", "](", "] (", "][", "] [", "]:", "] :", "`", "'")

// Markdown is a Line that Markdown shows as it is: what could be a link, code, HTML or emphasis
// is escaped. It is cut before, so that no escape is halved.
func Markdown(text string, limit int) string {
	text = Line(text, limit)
	var b strings.Builder
	for i, r := range text {
		if strings.ContainsRune("\\`*[]<>&~|!", r) || r == '/' && strings.HasPrefix(text[i:], "//") ||
			r == '.' && i >= 3 && strings.EqualFold(text[i-3:i], "www") || r == '@' || i == 0 && strings.ContainsRune("#+-=>", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// JSON takes out of the texts of an encoded document what Visible takes out of a text; tabs and
// line breaks stay. What is no text stays as it is.
func JSON(document []byte) []byte {
	out := make([]byte, 0, len(document))
	for len(document) > 0 {
		r, size, escaped := nextInJSON(document)
		switch {
		case shown(r), r == '\n', r == '\r', r == '\t':
			out = append(out, document[:size]...)
		case unicode.IsSpace(r), unicode.IsControl(r):
			out = append(out, ' ')
		case !escaped && size == 1: // wrong UTF-8, which no encoder writes
			out = append(out, '?')
		}
		document = document[size:]
	}
	return out
}

// nextInJSON is the character that begins an encoded document, with the bytes that stand for it.
func nextInJSON(document []byte) (r rune, size int, escaped bool) {
	if document[0] != '\\' || len(document) < 2 {
		r, size = utf8.DecodeRune(document)
		return r, size, false
	}
	if i := strings.IndexByte("bfnrt", document[1]); i >= 0 {
		return rune("\b\f\n\r\t"[i]), 2, true
	}
	if document[1] != 'u' {
		return rune(document[1]), 2, true
	}
	r = hexRune(document)
	if utf16.IsSurrogate(r) && len(document) >= 12 {
		if both := utf16.DecodeRune(r, hexRune(document[6:])); both != utf8.RuneError {
			return both, 12, true
		}
	}
	return r, min(6, len(document)), true
}

// hexRune reads \u0041; anything else is U+FFFD.
func hexRune(document []byte) rune {
	if len(document) < 6 || document[0] != '\\' || document[1] != 'u' {
		return utf8.RuneError
	}
	n, err := strconv.ParseUint(string(document[2:6]), 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}
