package secret

import (
	"strings"
	"unicode"
)

// Clean makes text that others wrote fit for one line that people read: white space
// becomes single spaces, and what a terminal, a page or an eye could be deceived by
// is left out (control and ESC characters, bidirectional and zero-width ones, what
// is not UTF-8). It is cut at limit characters, the last of which is then "…".
// Clean of a cleaned text changes nothing.
func Clean(text string, limit int) string {
	var kept []rune
	space := false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if !shown(r) {
			continue
		}
		if space && len(kept) > 0 {
			kept = append(kept, ' ')
		}
		space = false
		kept = append(kept, r)
		if len(kept) > limit {
			return cut(kept, limit)
		}
	}
	return string(kept)
}

func cut(text []rune, limit int) string {
	if limit < 1 {
		return ""
	}
	return strings.TrimRight(string(text[:limit-1]), " ") + "…"
}

// shown tells whether a character is one that a reader sees. Fillers and variation
// selectors count as letters and marks, but show nothing.
func shown(r rune) bool {
	return unicode.IsPrint(r) && r != unicode.ReplacementChar &&
		!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && !unicode.Is(unicode.Variation_Selector, r)
}
