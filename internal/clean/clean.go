// Package clean makes text of others fit to be shown, and short enough to be kept.
//
// What leaves metalease towards people goes through one of these, at the border itself:
//
//	[Visible]   a terminal: lay-out stays, nothing steers the terminal or the eye
//	[Line]      one line: an error, a note, a mark
//	[Page]      one line in a page that may render HTML or Markdown: WHMCS
//	[Markdown]  one line in Markdown of ours: Temporal's details
//	[JSON]      an answer that a page will show: the gateway's
//
// What is kept is cut by [Cut], in characters, or by [CutJSON], in bytes of its JSON.
package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible takes out of a text what a reader does not see and a terminal or an eye could be
// deceived by: control and ESC characters, bidirectional and zero-width ones, what is not UTF-8.
// White space and control characters become spaces, one each, so that columns stay.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case !shown(r):
			return -1
		}
		return r
	}, text)
}

// Line makes a text fit for one line: as Visible, with white space as single spaces and no
// control characters, cut at limit characters, the last of which is then "…". Line of a line
// changes nothing.
func Line(text string, limit int) string {
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
			return shortened(kept, limit)
		}
	}
	return string(kept)
}

func shortened(text []rune, limit int) string {
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

// Cut shortens a text to so many characters, at least 1; what was cut shows as an ellipsis.
func Cut(text string, limit int) string {
	if len(text) <= limit || utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}
