// Package hostname compares host names.
package hostname

import "strings"

// Same compares host names as the domain name system does: capitals and a dot at the end mean
// nothing (RFC 4343, RFC 1034 3.1). Panels lower-case what people type.
func Same(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}
