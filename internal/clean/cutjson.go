package clean

import (
	"strings"
	"unicode/utf8"
)

// CutJSON shortens a text so that its JSON is at most limit bytes long, and makes it valid UTF-8. A
// text that is short enough stays as it is; three dots stand for what was cut.
func CutJSON(text string, limit int) string {
	const dots = "..."
	text = strings.ToValidUTF8(text, "?")
	size, kept := 0, 0
	for i, char := range text {
		size += jsonSize(char)
		if size <= limit-len(dots) {
			kept = i + utf8.RuneLen(char)
		}
		if size > limit {
			return text[:kept] + dots[:min(len(dots), limit)]
		}
	}
	return text
}

// FitsJSON tells whether CutJSON would leave the text as it is.
func FitsJSON(text string, limit int) bool { return CutJSON(text, limit) == text }

// jsonSize is how many bytes encoding/json needs for a character at most.
func jsonSize(char rune) int {
	switch {
	case char < ' ', char == 0x7f, char == '<', char == '>', char == '&', char == 0x2028, char == 0x2029:
		return len(`\u0000`)
	case char == '"', char == '\\':
		return 2
	}
	return utf8.RuneLen(char)
}
