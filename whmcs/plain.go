package whmcs

import (
	"strings"

	"metalease/internal/clean"
)

// longestPlain is how many characters of a line people are shown.
const longestPlain = 2000

// Plain makes text that others wrote fit for places of WHMCS of which nobody knows whether they escape it: notes, tickets,
// notifications and the activity log. It goes line by line. Characters beyond the first 65536 become question marks: the tables of most
// WHMCS hold none (docs/whmcs-api.md 6), and a text that comes back different looks like one that was never written.
func Plain(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, clean.Page(line, longestPlain))
	}
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '?'
		}
		return r
	}, strings.Join(lines, "\n"))
}
