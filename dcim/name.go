package dcim

import "strings"

// SameName compares host names as the domain name system does: capitals and a dot at the end mean
// nothing. Panels lower-case what people type.
func SameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSuffix(a, "."), strings.TrimSuffix(b, "."))
}
