package whmcs

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// phpArray writes an array by id as AddOrder wants options and custom fields: base64 of
// PHP's serialize (docs/whmcs-api.md 1.3). PHP counts bytes, not characters.
func phpArray[V int | string](values map[int]V) string {
	var b strings.Builder
	fmt.Fprintf(&b, "a:%d:{", len(values))
	for _, id := range slices.Sorted(maps.Keys(values)) {
		fmt.Fprintf(&b, "i:%d;", id)
		switch value := any(values[id]).(type) {
		case int:
			fmt.Fprintf(&b, "i:%d;", value)
		case string:
			fmt.Fprintf(&b, "s:%d:\"%s\";", len(value), value)
		}
	}
	b.WriteString("}")
	return base64.StdEncoding.EncodeToString([]byte(b.String()))
}
