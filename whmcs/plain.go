package whmcs

import "strings"

// markup is what HTML and Markdown take for more than a text, and what looks like it. The PHP module has the same table.
var markup = strings.NewReplacer("<", "‹", ">", "›", "`", "'", "](", "] (")

// Plain makes text that others wrote fit for places of WHMCS of which nobody knows whether they escape it: notes, tickets,
// notifications and the activity log. Characters beyond the first 65536 become U+FFFD: the tables of most WHMCS hold none
// (docs/whmcs-api.md 6), and a text that comes back different looks like one that was never written.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, markup.Replace(text))
}
