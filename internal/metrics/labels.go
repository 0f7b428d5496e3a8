package metrics

import (
	"strings"
	"sync"
)

// Others stands for all values of a label that came after the limit.
const Others = "other"

// longestLabel is in bytes.
const longestLabel = 100

// values keeps a label whose values others make up from growing without bound: the first ones stay, all later ones are Others.
type values struct {
	limit int

	mu   sync.Mutex
	seen map[string]bool
}

func newValues(limit int) *values { return &values{limit: limit, seen: map[string]bool{}} }

func (v *values) keep(value string) string {
	value = strings.ToValidUTF8(value[:min(len(value), longestLabel)], "")
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.seen[value] {
		if len(v.seen) >= v.limit {
			return Others
		}
		v.seen[value] = true
	}
	return value
}
