// Package hostname knows and compares host names.
package hostname

import (
	"regexp"
	"strings"
)

// labels are at least two, and the last one begins with a letter: 1.2.3.4 is an address.
var labels = regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)

// Valid tells whether a server may be called that: a whole name in ASCII, without a dot at the end,
// of at most 253 characters (RFC 1123 2.1).
func Valid(name string) bool { return len(name) <= 253 && labels.MatchString(name) }

// Same compares host names as the domain name system does: capitals and a dot at the end mean
// nothing (RFC 4343, RFC 1034 3.1). Panels lower-case what people type.
func Same(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}
